import { isJson, jsonOf, objectsOf, type Json } from '@routewise/core'
import { scanJson, UNBOUNDED } from '../json/scan.ts'

/**
 * The text of a chat completion with the members that OpenAI's always have and other vendors leave out: `refusal` of a message and
 * `logprobs` of a choice, as `null`. All else stays as it was written; `undefined`: nothing lacks.
 */
export function withRequiredMembers(text: string, { choices }: Json): string | undefined {
  const choice = jsonOf(objectsOf(choices)[0])
  const { message } = choice
  const lacksRefusal = isJson(message) && message['refusal'] === undefined
  const lacksLogprobs = choice['logprobs'] === undefined
  if (!isJson(message) || (!lacksRefusal && !lacksLogprobs)) return undefined
  const list = scanJson(text, UNBOUNDED).find(({ key }) => key === 'choices')!
  const choiceStart = text.indexOf('{', list.valueStart)
  const member = scanJson(text.slice(choiceStart, list.end - 1), UNBOUNDED).find(({ key }) => key === 'message')!
  const messageStart = choiceStart + member.valueStart
  const missingOfMessage = lacksRefusal ? `"refusal":null${Object.keys(message).length === 0 ? '' : ','}` : ''
  return [
    text.slice(0, choiceStart + 1),
    lacksLogprobs ? '"logprobs":null,' : '',
    text.slice(choiceStart + 1, messageStart + 1),
    missingOfMessage,
    text.slice(messageStart + 1),
  ].join('')
}
