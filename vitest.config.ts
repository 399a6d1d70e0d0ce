import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    globalSetup: ['test/setup/global.ts'],
    // Files run side by side in separate processes; more than two would share PostgreSQL and Chromium to no gain.
    pool: 'forks',
    maxWorkers: 2,
    // For what hangs, not for what is slow: some tests send hundreds of requests, and the machine may be busy with others.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['dot'],
  },
})
