import type { TestProject } from 'vitest/node'
import { type Chromium, unpackChromium } from './chromium.ts'
import { startPostgres } from './postgres.ts'
import { createTemplate } from './template.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's URL of the suite's PostgreSQL; tests take a database of their own from `createDatabase`. */
    postgresUrl: string
    chromium: Chromium
  }
}

/** Once per run, before any test: PostgreSQL with a migrated template database, and Chromium unpacked. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, chromium] = await Promise.all([startPostgres(), unpackChromium()])
  try {
    await createTemplate(postgres.url)
  } catch (error) {
    await postgres.stop()
    throw error
  }
  project.provide('postgresUrl', postgres.url)
  project.provide('chromium', chromium)
  return () => postgres.stop()
}
