// Checks what would be published: packs every package, then holds the tarball to publint, attw and our own rules.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

interface Manifest {
  name: string
  private?: boolean
  scripts?: Record<string, string>
  engines?: { node?: string }
}

const packages = resolve(import.meta.dirname, '../packages')
const target = mkdtempSync(join(tmpdir(), 'routewise-pack-'))
const problems: string[] = []

try {
  for (const folder of readdirSync(packages)) {
    const dir = join(packages, folder)
    const manifest = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Manifest
    if (manifest.private === true) continue
    const complain = (problem: string) => problems.push(`${manifest.name}: ${problem}`)

    const out = join(target, folder)
    execFileSync('npx', ['-y', 'pnpm@12', 'pack', '--pack-destination', out], { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] })
    const tarball = readFileSync(join(out, readdirSync(out)[0]!))
    const data = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength)

    const { messages, pkg } = await publint({ pack: { tarball: data }, strict: true })
    for (const message of messages) complain(`publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`)

    const packed = createPackageFromTarballData(new Uint8Array(data))
    const types = await checkPackage(packed)
    // ESM only, on purpose: Node >= 22 can `require` it; resolvers without `exports` are not supported.
    const accepted = new Set(['NoResolution', 'CJSResolvesToESM'])
    for (const problem of types.types === false ? [{ kind: 'no types' }] : types.problems) {
      if (!accepted.has(problem.kind) || ('resolutionKind' in problem && problem.resolutionKind === 'node16-esm'))
        complain(`attw: ${JSON.stringify(problem)}`)
    }

    const files = packed.listFiles().map(file => file.replace(`/node_modules/${manifest.name}/`, ''))
    for (const file of files) {
      if (!/^(?:dist\/|package\.json$|README\.md$|LICENSE$)/.test(file)) complain(`publishes ${file}`)
    }
    for (const required of ['README.md', 'LICENSE']) if (!files.includes(required)) complain(`lacks ${required}`)
    for (const script of Object.keys(manifest.scripts ?? {})) {
      if (/^(?:pre|post)?(?:install|prepare)/.test(script)) complain(`has an install script: ${script}`)
    }
    if (manifest.engines?.node !== '>=22') complain(`engines.node is ${manifest.engines?.node}, not >=22`)
    console.log(`${manifest.name}: ${files.length} files, ${(tarball.byteLength / 1024).toFixed(0)} KiB`)
  }
} finally {
  rmSync(target, { recursive: true })
}

if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exitCode = 1
}
