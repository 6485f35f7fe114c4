/** Ways to write an address of this machine. */
const HOSTS = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.0.0.1.',
  '127.000.000.001',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0x7F.0x0.0x0.0x1',
  '0177.0.0.1',
  '017700000001',
  '0',
  '0.0.0.0',
  'localhost',
  'LOCALHOST',
  'localhost.',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '１２７.0.0.1',
  '127。0。0。1',
  'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
  '%31%32%37.0.0.1',
] as const

/** Ways to make a URL of it; `allowed` is the host that is meant to be asked. */
const FORMS: readonly ((host: string, port: number, allowed: string) => string)[] = [
  (host, port) => `http://${host}:${port}/v1`,
  (host, port) => `https://${host}:${port}/v1`,
  (host, port) => `//${host}:${port}/v1`,
  (host, port) => `http:/\\${host}:${port}/v1`,
  (host, port) => `http:\\\\${host}:${port}\\v1`,
  (host, port, allowed) => `http://${allowed}@${host}:${port}/v1`,
  (host, port, allowed) => `http://${host}:${port}#@${allowed}/v1`,
  (host, port, allowed) => `http://${host}:${port}?@${allowed}/v1`,
  (host, port) => `${host}:${port}#`,
  (host, port) => `@${host}:${port}/`,
  (host, port) => `../../@${host}:${port}/..%2f..`,
  (host, port) => `ws://${host}:${port}/v1`,
]

/** What else is asked for where a server can be made to ask. */
const OTHERS = [
  'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
  'http://metadata.google.internal/computeMetadata/v1/',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://100.100.100.200/latest/meta-data/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_INFO',
  'unix:/var/run/docker.sock',
  'data:application/json,{}',
  'jar:http://127.0.0.1!/',
  'evil#',
  'evil.example/?',
  'evil.example%23',
  '\\\\127.0.0.1\\share',
]

/** More than 300 ways to name a server that nobody may be sent to. */
export const strangeUrls = (port: number, allowed: string): readonly string[] => [
  ...HOSTS.flatMap(host => FORMS.map(form => form(host, port, allowed))),
  ...OTHERS,
]
