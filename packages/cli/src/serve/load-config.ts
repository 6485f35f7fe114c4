import { existsSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { defineConfig, type RoutewiseConfig } from '@routewise/http'
import { InputError } from '../input/input-error.ts'

/** A configuration, and the file it is from. */
export interface LoadedConfig {
  path: string
  config: RoutewiseConfig
}

interface LoadOptions {
  /** File that the user names; absent: the first of the usual names in the working directory. */
  path?: string | undefined
  directory?: string
  /** Whether this Node runs TypeScript as it is. Source: nodejs.org/api/process.html, `process.features.typescript`. */
  runsTypeScript?: boolean
}

const TYPESCRIPT = ['.ts', '.mts']
const EXTENSIONS = [...TYPESCRIPT, '.js', '.mjs']

/**
 * Loads the default export of a configuration; `undefined` where none is named and none is there.
 * @throws InputError naming the file, and the field that is wrong.
 */
export async function loadConfig({
  path: named,
  directory = process.cwd(),
  runsTypeScript = Boolean(process.features.typescript),
}: LoadOptions): Promise<LoadedConfig | undefined> {
  const path = named === undefined ? find(directory) : resolve(directory, named)
  if (path === undefined) return undefined
  if (!existsSync(path)) throw new InputError(`${path}: no such file.`)
  const extension = extname(path)
  if (!EXTENSIONS.includes(extension))
    throw new InputError(`${path}: a configuration is code, as its targets and policies are. Name it routewise.config.ts or .mjs.`)
  if (TYPESCRIPT.includes(extension) && !runsTypeScript) {
    throw new InputError(
      `${path}: Node ${process.version} does not run TypeScript. Take Node 22.18 or newer, or write the file as routewise.config.mjs.`,
    )
  }
  return { path, config: await namingFile(path, async () => defineConfig(await defaultExport(path))) }
}

/** What goes wrong inside says which file is to be mended. */
export async function namingFile<Result>(path: string, read: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    throw new InputError(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

const find = (directory: string): string | undefined =>
  EXTENSIONS.map(extension => resolve(directory, `routewise.config${extension}`)).find(path => existsSync(path))

async function defaultExport(path: string): Promise<RoutewiseConfig> {
  const module = (await import(pathToFileURL(path).href)) as { default?: RoutewiseConfig | Promise<RoutewiseConfig> }
  if (module.default === undefined) throw new InputError('it has no default export. Write `export default defineConfig({ targets: […] })`.')
  return module.default
}
