import { registerHooks } from 'node:module'

// Tests run with the `source` condition, so that our packages need no build. `eventsource-parser`, below the AI SDK, has that condition too,
// and Node strips no types in node_modules: it is resolved as for everyone else. To be imported before `ai` and `@ai-sdk/*`.
registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith('eventsource-parser')) return next(specifier, context)
    return next(specifier, { ...context, conditions: context.conditions.filter(condition => condition !== 'source') })
  },
})
