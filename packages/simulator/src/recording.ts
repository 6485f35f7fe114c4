/** A tool call in a recorded answer. */
export interface RecordedToolCall {
  name: string
  input: unknown
}

/** What a model said, as recorded. */
export interface RecordedAnswer {
  text?: string
  reasoning?: string
  toolCalls?: readonly RecordedToolCall[]
  /** Reported verbatim in place of our count. */
  inputTokens?: number
  /** Reported verbatim in place of our count. */
  outputTokens?: number
  /** Of the whole answer; in place of the latency law. */
  latencyMs?: number
  firstTokenMs?: number
}

/** Answers to one prompt. The first that applies is used: `models`, then `right` or `wrong` by skill, then `answer`. */
export interface Recording {
  /** By model id. */
  models?: Readonly<Record<string, RecordedAnswer>>
  right?: RecordedAnswer
  wrong?: RecordedAnswer
  /** 0 is easy, 1 is hard: a model is right with probability 1 / (1 + exp(−8 × (skill − difficulty))). Default 0.5. */
  difficulty?: number
  /** Chooses the model's skill. Default: its `default` skill. */
  task?: string
  answer?: RecordedAnswer
}
