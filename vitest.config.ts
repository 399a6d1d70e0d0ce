import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { LongestFirst } from './test/setup/longest-first.ts'

/** Tests that leave their mark on the process they run in: statements over tables that only their own database has. */
const apart = ['test/store/**/*.test.ts']

const common: TestProjectInlineConfiguration['test'] = {
  environment: 'node',
  pool: 'forks',
  maxWorkers: 2,
  // For what hangs, not for what is slow: some tests send hundreds of requests, and the machine may be busy with others.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 10_000 } },
}

export default defineConfig({
  test: {
    globalSetup: ['test/setup/global.ts'],
    reporters: ['dot'],
    // Two processes side by side; more would share PostgreSQL and Chromium to no gain.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        // Files one after the other in the same process: loading the whole house anew for each took longer than most of their tests. So a
        // file ends what it starts.
        test: {
          ...common,
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: apart,
          isolate: false,
          setupFiles: ['test/setup/between-files.ts'],
        },
      },
      { test: { ...common, name: 'apart', include: apart } },
    ],
  },
})
