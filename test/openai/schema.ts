import { type Interface, type Member, resolve, type Resolved, type Scope, scopeOf, type TypeNode } from './types.ts'

/** The part of JSON Schema that the types of the API need. */
export interface Schema {
  $ref?: string
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  /** Which schema an object must fulfil, by what its `type` says. */
  allOf?: { if: Schema; then: Schema }[] | Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema
}

export interface Definitions {
  /** Adds a type of a file, and all that it is made of. Gives its name among the definitions. */
  add(file: string, name: string): string
  readonly $defs: Record<string, Schema>
}

// The package adds this one to what the API sends.
const NOT_ON_THE_WIRE = new Set(['responses/responses.Response.output_text'])
// Whole numbers, which TypeScript has no word for.
const WHOLE = /[._](tokens|index|number|created)$/

/**
 * Reads the types of the installed `openai` package as JSON Schema: what is required, what may be null and which words are known, as they say.
 * OpenAI makes them from its own description of the API, so nothing has to be copied here, and a newer package is a newer schema.
 */
export function createDefinitions(): Definitions {
  const $defs: Record<string, Schema> = {}

  function define(resolved: Resolved): string {
    const key = resolved.name.replaceAll('/', '.')
    if ($defs[key] !== undefined) return key
    $defs[key] = {}
    const { meaning, scope, name } = resolved
    $defs[key] = meaning.type === 'TSInterfaceDeclaration' ? objectOf(meaning, scope, name) : schemaOf(meaning.typeAnnotation, scope, name)
    return key
  }

  function objectOf(declaration: Interface, scope: Scope, name: string): Schema {
    const own = membersOf(declaration.body.body, scope, name)
    const bases = declaration.extends.map(({ expression }) => ({ $ref: refTo(resolve(scope, namesOf(expression))) }))
    return bases.length === 0 ? own : { allOf: [...bases, own] }
  }

  function membersOf(members: readonly Member[], scope: Scope, name: string): Schema {
    const schema: Schema & { properties: Record<string, Schema>; required: string[] } = { type: 'object', properties: {}, required: [] }
    for (const member of members) {
      if (member.type === 'TSIndexSignature') schema.additionalProperties = schemaOf(member.typeAnnotation.typeAnnotation, scope, name)
      if (member.type !== 'TSPropertySignature' || member.typeAnnotation === null) continue
      const key = keyOf(member)
      if (NOT_ON_THE_WIRE.has(`${name}.${key}`)) continue
      schema.properties[key] = schemaOf(member.typeAnnotation.typeAnnotation, scope, `${name}.${key}`)
      if (!member.optional) schema.required.push(key)
    }
    return schema
  }

  function schemaOf(node: TypeNode, scope: Scope, name: string): Schema {
    switch (node.type) {
      case 'TSStringKeyword':
        return { type: 'string' }
      case 'TSNumberKeyword':
        return { type: WHOLE.test(name) ? 'integer' : 'number' }
      case 'TSBooleanKeyword':
        return { type: 'boolean' }
      case 'TSNullKeyword':
        return { type: 'null' }
      case 'TSUnknownKeyword':
        return {}
      case 'TSLiteralType':
        return { const: literalOf(node) }
      case 'TSArrayType':
        return { type: 'array', items: schemaOf(node.elementType, scope, name) }
      case 'TSTypeLiteral':
        return membersOf(node.members, scope, name)
      case 'TSUnionType':
        return unionOf(node.types, scope, name)
      case 'TSIntersectionType': {
        // `string & {}` is any string, written so that editors go on suggesting the known ones.
        const parts = node.types.filter(part => part.type !== 'TSTypeLiteral' || part.members.length > 0)
        const schemas = parts.map(part => schemaOf(part, scope, name))
        return schemas.length === 1 ? schemas[0]! : { allOf: schemas }
      }
      case 'TSTypeReference': {
        const names = namesOf(node.typeName)
        if (names.join('.') !== 'Array') return { $ref: refTo(resolve(scope, names)) }
        return { type: 'array', items: schemaOf(node.typeArguments!.params[0]!, scope, name) }
      }
      default:
        throw new Error(`${name}: cannot read a ${node.type}.`)
    }
  }

  function unionOf(nodes: readonly TypeNode[], scope: Scope, name: string): Schema {
    const words = nodes.filter(node => node.type === 'TSLiteralType').map(literalOf)
    const others = nodes.filter(node => node.type !== 'TSLiteralType')
    const kinds = others.map(node => kindOf(node, scope))
    const objects = kinds.every(kind => kind !== undefined) && words.length === 0 ? byKind(others, kinds, scope, name) : undefined
    if (objects !== undefined) return objects
    const schemas = others.map(node => schemaOf(node, scope, name))
    if (words.length > 0) schemas.unshift({ enum: words })
    return schemas.length === 1 ? schemas[0]! : { anyOf: schemas }
  }

  // Says the same as `anyOf`, but what is wrong with an object is told by the one schema that its `type` names.
  function byKind(nodes: readonly TypeNode[], kinds: readonly string[], scope: Scope, name: string): Schema {
    const known = [...new Set(kinds)]
    const cases = known.map(kind => {
      const schemas = nodes.filter((_, at) => kinds[at] === kind).map(node => schemaOf(node, scope, name))
      return { if: { properties: { type: { const: kind } } }, then: schemas.length === 1 ? schemas[0]! : { anyOf: schemas } }
    })
    return { type: 'object', required: ['type'], properties: { type: { enum: known } }, allOf: cases }
  }

  const refTo = (resolved: Resolved): string => `#/$defs/${define(resolved)}`

  return { $defs, add: (file, name) => define(resolve(scopeOf(file), name.split('.'))) }
}

/** What the required member `type` of an object says, where it says one thing. */
function kindOf(node: TypeNode, scope: Scope): string | undefined {
  if (node.type !== 'TSTypeReference') return undefined
  const names = namesOf(node.typeName)
  if (names.join('.') === 'Array') return undefined
  const { meaning } = resolve(scope, names)
  if (meaning.type !== 'TSInterfaceDeclaration') return undefined
  const member = meaning.body.body.find(each => each.type === 'TSPropertySignature' && keyOf(each) === 'type')
  if (member?.type !== 'TSPropertySignature' || member.optional || member.typeAnnotation?.typeAnnotation.type !== 'TSLiteralType')
    return undefined
  return String(literalOf(member.typeAnnotation.typeAnnotation))
}

function literalOf(node: Extract<TypeNode, { type: 'TSLiteralType' }>): unknown {
  if (node.literal.type === 'Literal') return node.literal.value
  throw new Error(`Cannot read a literal of type ${node.literal.type}.`)
}

function keyOf({ key }: Extract<Member, { type: 'TSPropertySignature' }>): string {
  if (key.type === 'Identifier') return key.name
  if (key.type === 'Literal') return String(key.value)
  throw new Error(`Cannot read a key of type ${key.type}.`)
}

type Name = Extract<TypeNode, { type: 'TSTypeReference' }>['typeName'] | Interface['extends'][number]['expression']

function namesOf(node: Name): string[] {
  if (node.type === 'Identifier') return [node.name]
  if (node.type === 'TSQualifiedName') return [...namesOf(node.left), node.right.name]
  if (node.type === 'MemberExpression' && node.property.type === 'Identifier') return [...namesOf(node.object), node.property.name]
  throw new Error(`Cannot read a name of type ${node.type}.`)
}
