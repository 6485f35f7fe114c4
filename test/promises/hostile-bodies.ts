/** A body that nobody means well with, and the statuses that may answer it. */
export interface HostileBody {
  name: string
  body: Buffer
  /** 400 where nothing else is said. `[200]`: it is strange, but means one thing. */
  statuses: readonly number[]
}

const messages = '"messages":[{"role":"user","content":"Hello."}]'
const plain = `{"model":"auto",${messages}}`
/** A good request with one more member. */
const withMember = (member: string): string => `{"model":"auto",${messages},${member}}`
const withContent = (content: string): string => `{"model":"auto","messages":[{"role":"user","content":${content}}]}`
const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth)
const bytes = (...parts: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))

const hostile = (name: string, body: string | Buffer, statuses: readonly number[] = [400]): HostileBody => ({
  name,
  body: typeof body === 'string' ? Buffer.from(body) : body,
  statuses,
})

const DEEP = 10_000
const WIDE = 100_000
/** Just under what a body may be long. */
const FULL = 999_000

const deep: readonly HostileBody[] = [
  hostile('lists, deep', withMember(`"x":${nested('[', ']', DEEP)}`)),
  hostile('objects, deep', withMember(`"x":${nested('{"a":', '}', DEEP).replace('}', '0}')}`)),
  hostile('lists that never end', '['.repeat(FULL)),
  hostile('objects that never end', '{"a":'.repeat(FULL / 5)),
  hostile('a deep content', withContent(nested('[', ']', DEEP))),
  hostile('a deep message list', `{"model":"auto","messages":${nested('[', ']', DEEP)}}`),
  hostile(
    'a deep tool schema',
    withMember(`"tools":[{"type":"function","function":{"name":"f","parameters":${nested('{"items":', '}', DEEP).replace('}', '{}}')}}}]`),
  ),
  hostile('a deep model', `{"model":${nested('[', ']', DEEP)},${messages}}`),
]

const wide: readonly HostileBody[] = [
  hostile('a long list of numbers', withMember(`"x":[${'0,'.repeat(FULL / 2 - 60)}0]`)),
  hostile('a long list of lists', withMember(`"x":[${'[],'.repeat(WIDE)}[]]`)),
  hostile('many keys', `{"model":"auto",${Array.from({ length: WIDE / 2 }, (_, at) => `"k${at}":0`).join(',')}}`),
  hostile('many messages', `{"model":"auto","messages":[${'{"role":"user","content":""},'.repeat(30_000)}{}]}`),
  hostile('many empty messages', `{"model":"auto","messages":[${'{},'.repeat(9_000)}{}]}`),
  hostile('lists of lists of lists', withMember(`"x":[${`[${'[0],'.repeat(99)}0],`.repeat(2_000)}0]`)),
  hostile('one long text', withContent(JSON.stringify('a'.repeat(FULL - 200))), [200, 400]),
  hostile('a text of quotes', withContent(JSON.stringify('"'.repeat(FULL / 2 - 200))), [200, 400]),
  hostile('a text of backslashes', withContent(JSON.stringify('\\'.repeat(FULL / 2 - 200))), [200, 400]),
  hostile('a text of spaces', withContent(JSON.stringify(' '.repeat(FULL - 200))), [200, 400]),
  hostile('a text of line ends', withContent(JSON.stringify('\n'.repeat(FULL / 2 - 200))), [200, 400]),
  hostile('a text of Chinese', withContent(JSON.stringify('包'.repeat(300_000))), [200, 400]),
  hostile('spaces before the end', `${plain.slice(0, -1)}${' '.repeat(FULL - 100)}}`, [200, 400]),
  hostile('a long key', withMember(`"${'k'.repeat(FULL - 200)}":0`), [200, 400]),
  hostile('a long model', `{"model":"${'m'.repeat(FULL - 200)}",${messages}}`, [400, 404]),
  hostile('a long role', `{"model":"auto","messages":[{"role":"${'r'.repeat(FULL - 200)}","content":""}]}`, [200, 400]),
]

const prototypes: readonly HostileBody[] = ['__proto__', '__pr\\u006fto__', 'constructor', 'prototype', 'toString'].flatMap(key => {
  const statuses = key.startsWith('__') ? [400] : [200]
  return [
    hostile(`${key} beside the model`, withMember(`"${key}":{"polluted":true}`), statuses),
    hostile(
      `${key} within a message`,
      `{"model":"auto","messages":[{"role":"user","content":"Hello.","${key}":{"polluted":true}}]}`,
      statuses,
    ),
    hostile(`${key} in place of all`, `{"${key}":{"model":"auto",${messages}}}`),
    hostile(`${key} as a model`, `{"model":"${key}",${messages}}`, [404]),
    hostile(`${key} as a task`, `{"model":"auto:${key}",${messages}}`, [200]),
    hostile(`${key} as a service tier`, withMember(`"service_tier":"${key}"`), [200]),
    hostile(`${key} as a role`, `{"model":"auto","messages":[{"role":"${key}","content":"Hello."}]}`, [200]),
  ]
})

const encodings: readonly HostileBody[] = [
  hostile('no UTF-8', bytes(withContent('"').slice(0, -1), [0xff, 0xfe], '"}]}')),
  hostile('a letter that is cut off', bytes('{"model":"auto","messages":[{"role":"user","content":"', [0xe5, 0x8c], '"}]}')),
  hostile('a letter written too long', bytes('{"model":"auto","messages":[{"role":"user","content":"', [0xc0, 0xaf], '"}]}')),
  hostile('half a pair in UTF-8', bytes('{"model":"auto","messages":[{"role":"user","content":"', [0xed, 0xa0, 0x80], '"}]}')),
  hostile('beyond Unicode', bytes('{"model":"auto","messages":[{"role":"user","content":"', [0xf4, 0x90, 0x80, 0x80], '"}]}')),
  hostile('a lone second byte', bytes('{"model":"auto","messages":[{"role":"user","content":"', [0x80], '"}]}')),
  hostile('UTF-16', Buffer.from(`\ufeff${plain}`, 'utf16le')),
  hostile('a zero', bytes(plain, [0])),
  hostile('zeros', Buffer.alloc(100_000)),
  hostile('half a pair, escaped', withContent('"\\ud800"'), [200, 400]),
  hostile('a pair the wrong way round', withContent('"\\udc00\\ud800"'), [200, 400]),
  hostile('half a pair as a key', withMember('"\\ud800":0'), [200, 400]),
  hostile('control characters, escaped', withContent('"\\u0000\\u0007\\u001b[2J"'), [200, 400]),
  hostile('control characters', withContent('"\u0000\u0007\u001b[2J"')),
]

const numbers: readonly HostileBody[] = [
  ...['1e999', '-1e999', '1e-999', '123456789012345678901234567890', `1${'0'.repeat(10_000)}`, `0.${'0'.repeat(10_000)}1`].flatMap(
    number => [
      hostile(`max_tokens of ${number.slice(0, 12)}`, withMember(`"max_tokens":${number}`), [200, 400]),
      hostile(`max_completion_tokens of ${number.slice(0, 12)}`, withMember(`"max_completion_tokens":${number}`), [200, 400]),
      hostile(`temperature of ${number.slice(0, 12)}`, withMember(`"temperature":${number}`), [200, 400]),
      hostile(`n of ${number.slice(0, 12)}`, withMember(`"n":${number}`)),
    ],
  ),
  ...['NaN', 'Infinity', '0x10', '01', '+1', '1.', '.5', '1e', '--1'].map(number =>
    hostile(`a number ${number}`, withMember(`"seed":${number}`)),
  ),
  ...['-1', '0', '1.5', '"5"', '[]', '{}', 'true', 'null'].map(value =>
    hostile(`max_tokens of ${value}`, withMember(`"max_tokens":${value}`), [200, 400]),
  ),
]

const shapes: readonly HostileBody[] = [
  hostile('nothing', ''),
  hostile('spaces', '   '),
  ...['null', 'true', '0', '"text"', '[]', '{}', '[{}]', 'undefined', '<html>', "{'model':'auto'}", '{model:1}'].map(text =>
    hostile(text, text),
  ),
  hostile('two bodies', plain + plain),
  hostile('a comma too many', `${plain.slice(0, -1)},}`),
  hostile('a body cut short', plain.slice(0, -5)),
  hostile('a comment', `/* */${plain}`),
  ...['null', '0', '"text"', '{}', '[]', '[null]', '[0]', '["text"]', '[[]]', '[{}]', '[{"role":0}]', '[{"role":null,"content":null}]'].map(
    value => hostile(`messages ${value}`, `{"model":"auto","messages":${value}}`),
  ),
  ...['null', '0', '{}', '[]', '""', 'true'].map(value => hostile(`a model ${value}`, `{"model":${value},${messages}}`)),
  ...['0', '"true"', '{}', '[]'].map(value => hostile(`stream ${value}`, withMember(`"stream":${value}`))),
  ...[
    '0',
    '"text"',
    '{}',
    '[null]',
    '[0]',
    '[{}]',
    '[[]]',
    '[{"type":"text"}]',
    '[{"type":"image_url"}]',
    '[{"type":"image_url","image_url":null}]',
    '[{"type":0}]',
  ].map(value => hostile(`content ${value}`, withContent(value), [200, 400])),
  ...[
    '0',
    '"text"',
    '{}',
    '[null]',
    '[0]',
    '[{}]',
    '[{"type":"function"}]',
    '[{"type":"function","function":null}]',
    '[{"type":"function","function":{"name":0}}]',
  ].map(value => hostile(`tools ${value}`, withMember(`"tools":${value}`), [200, 400])),
  ...['0', '"text"', '{}', '[]', '{"type":0}', '{"type":"json_schema"}', '{"type":"json_schema","json_schema":{"schema":0}}'].map(value =>
    hostile(`response_format ${value}`, withMember(`"response_format":${value}`), [200, 400]),
  ),
  ...['0', '"text"', '[]', '{"include_usage":0}', '{"include_usage":{}}'].map(value =>
    hostile(`stream_options ${value}`, withMember(`"stream":true,"stream_options":${value}`), [200, 400]),
  ),
]

const twice: readonly HostileBody[] = [
  hostile('two models', `{"model":"auto","model":"nobody",${messages}}`),
  hostile('two models, one escaped', `{"mod\\u0065l":"nobody","model":"auto",${messages}}`),
  hostile('two numbers of answers', withMember('"n":1,"n":100')),
  hostile('two limits', withMember('"max_tokens":100000,"max_tokens":1')),
  hostile('two lists of messages', `{"model":"auto","messages":[],${messages}}`),
]

/** Everything that a stranger might send to trip what reads it. */
export const hostileBodies: readonly HostileBody[] = [...deep, ...wide, ...prototypes, ...encodings, ...numbers, ...shapes, ...twice]
