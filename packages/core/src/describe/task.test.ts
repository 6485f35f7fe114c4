import { expect, test } from 'vitest'
import { chooseTask, hintTask } from './task.ts'

const taskOf = (user: string, { system = '', schema = false } = {}) =>
  chooseTask({ user: hintTask(user), system: () => hintTask(system), schema })

test.each<[task: string, prompt: string]>([
  ['code', 'Write a Python function that removes duplicates from a list.'],
  ['code', 'Why does this fail?\n```\nfor (const x of y) { z[x] = 1; }\n```'],
  ['code', 'Schreibe eine Funktion in TypeScript, die zwei Listen vereint.'],
  ['translation', 'Translate the following sentence into Polish: the shop opens at nine.'],
  ['translation', '请把下面的句子翻译成英文：商店九点开门。'],
  ['translation', 'Переведи на английский: магазин открывается в девять.'],
  ['translation', '次の文を英語に翻訳してください。'],
  ['summarization', 'Summarize this article in three bullets.'],
  ['summarization', 'Fasse den folgenden Text zusammen.'],
  ['summarization', '다음 글을 요약해 주세요.'],
  ['classification', 'Classify the sentiment of this review as positive, negative or neutral.'],
  ['classification', 'Clasifica este correo: spam o no.'],
  ['extraction', 'Extract all names and dates from the invoice below.'],
  ['extraction', '从下面的文本中提取所有日期。'],
  ['reasoning', 'A train leaves at 9 and travels 60 km per hour. How many km has it covered after 3 hours?'],
  ['reasoning', 'Prove that the square root of 2 is irrational.'],
  ['reasoning', 'Calcule la probabilité que deux dés donnent 7.'],
  ['writing', 'Write a short story about a lighthouse keeper.'],
  ['writing', '写一首关于秋天的诗歌。'],
  ['writing', 'Please rewrite this email so that it sounds friendlier.'],
  ['chat', 'Hi there, how are you today?'],
  ['chat', 'What is the capital of Peru?'],
  ['chat', ''],
])('hints at %s: %s', (task, prompt) => {
  expect(taskOf(prompt)).toBe(task)
})

test('the system prompt decides when the user only sends material', () => {
  const system = 'You classify support tickets. Answer with one category label: billing, shipping or other.'
  expect(taskOf('My parcel never came.', { system })).toBe('classification')
})

test('a schema for the answer leaves extraction, or classification when that is what is asked', () => {
  expect(taskOf('My name is Ida and I live in Kiel.', { schema: true })).toBe('extraction')
  expect(taskOf('Classify the sentiment: I love it.', { schema: true })).toBe('classification')
})

test('the question is found behind a long document', () => {
  const document = 'The parcel arrived on a rainy morning and nobody was at home. '.repeat(2_000)
  expect(taskOf(`${document}\n\nSummarize the text above in one sentence.`)).toBe('summarization')
})

test('hostile texts end', () => {
  for (const part of ['`', 'a', '翻', '翻译', 'write ', '\ud800', '\0', '1 ', '{']) {
    const hint = hintTask(part.repeat(200_000))
    expect(hint.every(Number.isFinite)).toBe(true)
  }
})
