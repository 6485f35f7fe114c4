// For Routewise's own packages: language models of the AI SDK as targets, before a router of the AI SDK is made of them.
export { readFailure } from './failure.ts'
export type { Family } from './family.ts'
export type { LanguageCall, LanguagePiece } from './language/call.ts'
export { createDialect } from './language/dialect.ts'
export { createTarget } from './language/target.ts'
export type { LanguageCandidate, LanguageTarget } from './language/target.ts'
export { parseCandidate } from './options.ts'
export type { LanguageModel, LanguageModelEntry } from './options.ts'
