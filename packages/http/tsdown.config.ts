import { defineConfig } from 'tsdown'

export default defineConfig({ entry: ['src/index.ts', 'src/ai-sdk.ts'], format: 'esm', dts: true, platform: 'node', target: 'node22' })
