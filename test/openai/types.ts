import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parseAst } from 'vitest/node'

type Statement = ReturnType<typeof parseAst>['body'][number]
type Exported = NonNullable<Extract<Statement, { type: 'ExportNamedDeclaration' }>['declaration']>
type Named<Type> = Extract<Exported, { type: Type }>

export type Interface = Named<'TSInterfaceDeclaration'>
export type TypeNode = Named<'TSTypeAliasDeclaration'>['typeAnnotation']
export type Member = Interface['body']['body'][number]
/** What a name stands for. */
export type Meaning = Interface | Named<'TSTypeAliasDeclaration'>

/** A file or a namespace, and the names that can be seen from inside it. */
export interface Scope {
  /** Where it is, such as `responses/responses` and `Response.Conversation`. */
  file: string
  path: string
  types: Map<string, Meaning>
  spaces: Map<string, Scope>
  imports: Map<string, { file: string; name: string | undefined }>
  outer: Scope | undefined
}

/** A type that has a name. */
export interface Resolved {
  name: string
  meaning: Meaning
  scope: Scope
}

const resources = join(dirname(createRequire(import.meta.url).resolve('openai')), 'resources')
const files = new Map<string, Scope>()

/** The types that a file of the `openai` package exports: OpenAI's API as its owner writes it down. */
export function scopeOf(file: string): Scope {
  const known = files.get(file)
  if (known !== undefined) return known
  const scope = newScope(file, '', undefined)
  files.set(file, scope)
  fill(scope, parseAst(readFileSync(join(resources, `${file}.d.ts`), 'utf8'), { lang: 'ts' }).body)
  return scope
}

/** Finds what a dotted name means where it is written. */
export function resolve(scope: Scope, names: readonly string[]): Resolved {
  const [head, ...rest] = names
  if (head === undefined) throw new Error('A name is missing.')
  for (let here: Scope | undefined = scope; here !== undefined; here = here.outer) {
    const meaning = rest.length === 0 ? here.types.get(head) : undefined
    if (meaning !== undefined)
      return { name: here.path === '' ? `${here.file}.${head}` : `${here.file}.${here.path}.${head}`, meaning, scope: here }
    const space = rest.length === 0 ? undefined : here.spaces.get(head)
    if (space !== undefined) return resolve(space, rest)
    const imported = here.imports.get(head)
    if (imported !== undefined) return resolve(scopeOf(imported.file), imported.name === undefined ? rest : [imported.name, ...rest])
  }
  throw new Error(`${scope.file} ${scope.path}: ${names.join('.')} is not known.`)
}

const newScope = (file: string, path: string, outer: Scope | undefined): Scope => ({
  file,
  path,
  types: new Map(),
  spaces: new Map(),
  imports: new Map(),
  outer,
})

function fill(scope: Scope, statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (statement.type === 'ImportDeclaration') readImport(scope, statement)
    else add(scope, statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement)
  }
}

function readImport({ file, imports }: Scope, { source, specifiers }: Extract<Statement, { type: 'ImportDeclaration' }>): void {
  const from = join(dirname(file), source.value.replace(/\.js$/, ''))
  for (const specifier of specifiers) {
    const name = specifier.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier' ? specifier.imported.name : undefined
    imports.set(specifier.local.name, { file: from, name })
  }
}

function add(scope: Scope, statement: Statement | Exported | null): void {
  if (statement?.type === 'TSInterfaceDeclaration' || statement?.type === 'TSTypeAliasDeclaration') {
    scope.types.set(statement.id.name, statement)
  } else if (statement?.type === 'TSModuleDeclaration' && statement.id.type === 'Identifier' && statement.body?.type === 'TSModuleBlock') {
    const { name } = statement.id
    const space = scope.spaces.get(name) ?? newScope(scope.file, scope.path === '' ? name : `${scope.path}.${name}`, scope)
    scope.spaces.set(name, space)
    fill(space, statement.body.body)
  }
}
