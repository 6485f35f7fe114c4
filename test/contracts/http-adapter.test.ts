import { testHttpAdapter } from './http-adapter.ts'
import { adapters } from './http-adapter-mounts.ts'

for (const [name, adapter] of Object.entries(adapters)) testHttpAdapter(name, adapter)
