import { startSimulator, type Simulator, type SimulatorOptions } from '@routewise/simulator'
import { ChatAnthropic } from '@langchain/anthropic'
import { ChatDeepSeek } from '@langchain/deepseek'
import { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import { ChatGroq } from '@langchain/groq'
import { ChatMistralAI } from '@langchain/mistralai'
import { ChatOpenAI } from '@langchain/openai'
import { ChatXAI } from '@langchain/xai'

const apiKey = 'test'

/** A simulator in fast time, and the models of seven vendors that call it as their users set them up. */
export async function simulated(options: SimulatorOptions = {}) {
  const sim: Simulator = await startSimulator({ timeScale: 200, ...options })
  return {
    sim,
    openai: (model = 'gpt-6-luna') => new ChatOpenAI({ model, apiKey, configuration: { baseURL: sim.url('openai') } }),
    openaiWith: (fields: ConstructorParameters<typeof ChatOpenAI>[0] & object) =>
      new ChatOpenAI({ model: 'gpt-6-luna', apiKey, configuration: { baseURL: sim.url('openai') }, ...(fields as object) }),
    /** Of gpt-5.6, `ChatOpenAI` prefers OpenAI's other API. */
    responses: (model = 'gpt-5.6-luna') => new ChatOpenAI({ model, apiKey, configuration: { baseURL: sim.url('openai') } }),
    /** The same with another key: another account. */
    responsesOf: (key: string, model = 'gpt-5.6-luna') =>
      new ChatOpenAI({ model, apiKey: key, configuration: { baseURL: sim.url('openai') } }),
    anthropic: (model = 'claude-opus-5-5') => new ChatAnthropic({ model, apiKey, anthropicApiUrl: sim.url('anthropic') }),
    google: (model = 'gemini-3.8-flash') => new ChatGoogleGenerativeAI({ model, apiKey, baseUrl: sim.url('google') }),
    mistral: (model = 'mistral-small-2603') => new ChatMistralAI({ model, apiKey, serverURL: sim.url('mistral') }),
    deepseek: (model = 'deepseek-v4-flash') => new ChatDeepSeek({ model, apiKey, configuration: { baseURL: sim.url('deepseek') } }),
    xai: (model = 'grok-4.6') => new ChatXAI({ model, apiKey, baseURL: sim.url('xai') }),
    groq: (model = 'openai/gpt-oss-20b') => new ChatGroq({ model, apiKey, baseUrl: sim.url('groq') }),
  }
}

export type Simulated = Awaited<ReturnType<typeof simulated>>
