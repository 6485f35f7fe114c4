import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const folder = import.meta.dirname
const examples = readdirSync(folder).filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))

// What a reader should see, so that an example that runs but shows nothing is a failure.
const shows: Readonly<Record<string, RegExp>> = {
  'langchain-swap.ts': /before +3 answers for \$0\.0\d+\nafter +3 answers for \$0\.0\d+\nanswered by gpt-6-luna/,
  'langgraph-agent.ts': /gpt-6-luna failed, gemini-3\.8-flash answered[^]*Order \S+ left the warehouse/,
  'structured-output.ts': /luna +\{"category"[^]*flash +\{"category"[^]*haiku +\{"category"/,
  'cascade.ts':
    /Paris\. +gpt-6-luna \(first, accepted\)[^]*1789\. +gpt-6-luna \(first, decided: said no\) → claude-opus-5-5 \(escalation, accepted\)/,
  'ai-sdk-chat.ts':
    /arrives on Thursday\.\n\nstep 1: small \(first\) answered: \$0\.0\d+\nstep 2: small \(first\) failed, strong \(fallback\) answered/,
  'ai-sdk-structured-output.ts': /'48213'[^]*repair +accepted[^]*'50771'[^]*repair +validOutput[^]*escalation +accepted/,
  'ai-sdk-route-handler.ts': /Hold the wheel[^]*seen growing in \d+ steps; answered by gpt-6-luna for \$0\.0\d+/,
  'ai-sdk-registry.ts':
    /router:auto +gpt-6-luna +small[^]*router:auto:code +claude-opus-5-5 +strong, task code[^]*\nauto:code +claude-opus-5-5/,
  'express-app.ts':
    /ada \(paid\): 200, 2 summaries, \$0\.00\d+ by the headers\n[^]*model: 'gpt-6-luna', tenant: 'ada'[^]*bob \(free\): 429, 0 summaries, \$0 by the headers\n[^]*error: 'insufficient_quota'[^]*over maxUsd 0\.00001/,
  'koa-app.ts':
    /stays: answered by gpt-6-luna[^]*stays: read \d+ words\nleaves: aborted by nobody[^]*leaves: 0 requests are open[^]*another-client: answered by claude-opus-5-5/,
  'openai-endpoint.ts':
    /auto, auto:cheapest[^]*streamed in \d{2,} pieces, \d+ tokens\nauto:cheapest +gpt-6-luna +\$0\.000\d+, 1 attempt\nauto:best +claude-opus-5-5 [^]*gemini-3\.8-flash +gemini-3\.8-flash /,
  'routed-fetch.ts':
    /before: gpt-6-luna: \{"category"[^]*OpenAI is down\.\nbefore: 503 [^]*receipt: gpt-6-luna failed, claude-opus-5-5 answered[^]*after: {2}claude-opus-5-5: \{"category"/,
  'express-langchain.ts':
    /3 translations for \$(0\.000\d+), of which the response's headers tell: \$\1\n[^]*tenant: 'acme',\n +session: 'manual-7',\n +task: 'translation',/,
  'prompt-cache.ts':
    /live: +timestamp in system: 7\d{3} tokens[^]*report: 0 % cacheable, \$1\d\d\.\d+ a day lost[^]*large steps:\nreport: 6\d % cacheable, \$0\.00 a day/,
  'own-policy.ts': /claude-haiku-4-5 +#1[^]*answered by claude-haiku-4-5/,
}

test.each(examples)(
  '%s runs offline and shows what it says',
  async example => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@routewise/source', join(folder, example)], {
      timeout: 60_000,
    })
    expect(stdout).toMatch(shows[example] ?? /./)
  },
  60_000,
)
