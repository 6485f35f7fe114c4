import { createDescriber, objectsOf, type CallContext, type Features, type Json } from '@routewise/core'
import type { WireCall } from '../call.ts'

/** Describes calls for the core. */
export function createCallDescriber(): (call: WireCall, context: CallContext) => Features {
  const describer = createDescriber<Json>({
    read: item => ({ role: item['role'] === 'system' ? 'system' : 'user', texts: [JSON.stringify(item)] }),
    alwaysNew: true,
  })
  return ({ body, stream }, { task, tenant }) =>
    describer.describe({ messages: objectsOf(body['messages']), needs: { streaming: stream }, task, tenant })
}
