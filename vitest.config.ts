import { defineConfig } from 'vitest/config'

// Workspace packages resolve to their sources, so tests need no build.
export default defineConfig({
  resolve: { conditions: ['@routewise/source'] },
  ssr: { resolve: { conditions: ['@routewise/source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'],
    testTimeout: 20_000,
    // Most tests wait for sockets: one worker for each core, where the default leaves one of them idle.
    maxWorkers: '100%',
  },
})
