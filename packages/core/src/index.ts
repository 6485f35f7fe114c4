export { systemClock, systemId, systemRandom } from './clock.ts'
export type { Clock, NewId, Random } from './clock.ts'
export { currentContext, withContext } from './context.ts'
export type { RequestContext } from './context.ts'
export type { Decision } from './decide.ts'
export { createDescriber } from './describe/describe.ts'
export type { Block, DescribeInput, Describer, DescriberOptions } from './describe/describe.ts'
export { mediaTokens } from './describe/media.ts'
export type { Media } from './describe/media.ts'
export { NO_NEEDS } from './describe/needs.ts'
export { estimateTokens } from './describe/tokens.ts'
export { RouterError } from './errors.ts'
export type { RouterErrorCode, RouterErrorDetails, TargetFailure } from './errors.ts'
export type { RouterEvents } from './events.ts'
export { classifyFailure } from './failure/classify.ts'
export type { FailureSignal } from './failure/classify.ts'
export { failureRule } from './failure/rule.ts'
export type { FailureRule } from './failure/rule.ts'
export { compactHistory } from './history/compact-history.ts'
export type { Compacted, CompactOptions } from './history/compact-history.ts'
export { compactPays } from './history/compact-pays.ts'
export type { Compaction, CompactionOffer, Prices } from './history/compact-pays.ts'
export { roleOfMessage, tokensOfMessage } from './history/message.ts'
export type { HistoryRole, MessageReader } from './history/message.ts'
export { trimHistory } from './history/trim-history.ts'
export type { TrimOptions } from './history/trim-history.ts'
export { agreement } from './judge/agreement.ts'
export { all } from './judge/all.ts'
export { any } from './judge/any.ts'
export { askModel } from './judge/ask-model.ts'
export type { AskModelOptions } from './judge/ask-model.ts'
export { confident } from './judge/confident.ts'
export { finished, notRefused, notTruncated } from './judge/finish.ts'
export { jsonSchemaCheck } from './judge/json-schema-check.ts'
export { judgePrompt } from './judge/judge-prompt.ts'
export type { JudgePromptOptions, RequestLine } from './judge/judge-prompt.ts'
export { judgeWith } from './judge/judge-with.ts'
export type { Opinion } from './judge/judge-with.ts'
export { lengthBetween } from './judge/length-between.ts'
export { notEmpty } from './judge/not-empty.ts'
export { quoteAnswer } from './judge/quote.ts'
export { readScore } from './judge/read-score.ts'
export { sound } from './judge/sound.ts'
export { standardSchemaCheck } from './judge/standard-schema-check.ts'
export { matches, validJson, validOutput } from './judge/valid-json.ts'
export type { StandardSchema } from './judge/valid-json.ts'
export { validToolCalls } from './judge/valid-tool-calls.ts'
export { weighted } from './judge/weighted.ts'
export type { LintBlock, LintFinding, LintPlace, LintReason, LintReport, LintRequest, PrefixChange } from './lint/finding.ts'
export type { LintNotice } from './lint/live.ts'
export { createPrefixLint, lintPrefix } from './lint/prefix-lint.ts'
export type { LintOptions, PrefixLint } from './lint/prefix-lint.ts'
export { costOf, ratesAt } from './money/cost.ts'
export { toNanoUsd, toUsd } from './money/units.ts'
export { parseOptions, routingShape } from './options.ts'
export type { RoutingOptions } from './options.ts'
export { balanced } from './policy/balanced.ts'
export { best } from './policy/best.ts'
export { byTask } from './policy/by-task.ts'
export { cheapest } from './policy/cheapest.ts'
export { fastest } from './policy/fastest.ts'
export { pipe } from './policy/pipe.ts'
export { createToolOrder, sortsTools } from './prompt-cache/canonical.ts'
export type { ToolNotation } from './prompt-cache/canonical.ts'
export type { CacheCollapse, CollapseCause } from './conversations/collapse.ts'
export type { PromptCacheFacts } from './prompt-cache/prompt-cache.ts'
export { plainReceipt } from './receipt.ts'
export { createRouter } from './router.ts'
export type { Answered, CallOptions, Router, RouterOptions } from './router.ts'
export { createMemoryStore } from './store.ts'
export type { Store } from './store.ts'
export { checkPrices } from './targets.ts'
export type {
  Alternative,
  Answer,
  AttemptEnd,
  AttemptReason,
  AttemptReceipt,
  CacheBreakpoint,
  CachePlan,
  CacheRule,
  CacheTtl,
  CallContext,
  Candidate,
  Capabilities,
  Check,
  Consideration,
  Dialect,
  Expected,
  Failure,
  FailureKind,
  Features,
  FinishReason,
  Judge,
  JudgeContext,
  LaterReading,
  ModelCard,
  NanoUsd,
  Needs,
  Policy,
  PrefixBlock,
  PriceMultipliers,
  PricePeriod,
  PriceTier,
  PriceWindow,
  Question,
  Rates,
  Reading,
  Receipt,
  ResponseHeaders,
  Target,
  TargetFacts,
  TargetIo,
  Task,
  TokenLogprob,
  ToolCall,
  ToolCallPart,
  Usage,
  Verdict,
  Wire,
  Wishes,
} from './types.ts'
export { anthropicFinish, chatFinish, geminiFinish, responsesFinish } from './wires/finish.ts'
export { fitsPattern, fittingId } from './wires/fitting-id.ts'
export { stableHash } from './wires/stable-hash.ts'
export { isJson, jsonOf, objectsOf } from './wires/json.ts'
export type { Json } from './wires/json.ts'
export { askForLogprobs, readGeminiLogprobs, readLogprobs } from './wires/logprobs.ts'
export { readAnthropicUsage, readChatUsage, readGeminiUsage, readResponsesUsage, readUsage } from './wires/usage.ts'
export type { AboutUsage } from './wires/usage.ts'
