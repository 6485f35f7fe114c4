import { registerHooks } from 'node:module'

// Tests run with the `source` condition, so that our packages need no build. Some dependencies of the SDKs have that condition too, and Node
// strips no types in node_modules: what a package in node_modules imports is resolved as for everyone else. To be imported before any SDK.
registerHooks({
  resolve(specifier, context, next) {
    if (context.parentURL?.includes('/node_modules/') !== true) return next(specifier, context)
    return next(specifier, { ...context, conditions: context.conditions.filter(condition => condition !== 'source') })
  },
})
