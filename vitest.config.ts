import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/setup/longest-first.ts'

export default defineConfig({
  test: {
    globalSetup: ['test/setup/global.ts'],
    reporters: ['dot'],
    environment: 'node',
    // A process for each file: some change what a process has but once, such as the authorities that it trusts. Two side by side; more would
    // share PostgreSQL and Chromium to no gain.
    pool: 'forks',
    maxWorkers: 2,
    // What one process has compiled, those after it need not.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('.cache/compiled', import.meta.url)) },
    sequence: { sequencer: LongestFirst },
    // For what hangs, not for what is slow: some tests send hundreds of requests, and the machine may be busy with others.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 10_000 } },
    include: ['test/**/*.test.ts'],
  },
})
