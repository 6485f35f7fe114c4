export type { Recordings, Skill } from './answer/recordings.ts'
export { rightProbability } from './answer/skill.ts'
export type { LatencyLaw } from './latency.ts'
export type { Bill, LedgerRow, ModelTotal, RequestEnd } from './ledger.ts'
export type { SimulatorOptions } from './options.ts'
export type { SeenRequest } from './request-log.ts'
export { startSimulator } from './start.ts'
export type { Simulator } from './start.ts'
export type {
  Fault,
  FaultEffect,
  FaultMatch,
  FaultPoint,
  HttpRequest,
  JsonSchema,
  ProblemKind,
  PromptBlock,
  RecordedAnswer,
  RecordedToolCall,
  Recording,
  SimRequest,
} from './types.ts'
