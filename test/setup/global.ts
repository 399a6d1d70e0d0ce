import { randomBytes } from 'node:crypto'
import type { TestProject } from 'vitest/node'
import { type Chromium, unpackChromium } from './chromium.ts'
import { startPostgres } from './postgres.ts'
import { SETTLED, settle } from './settled.ts'
import { createFilledTemplate, createTemplate } from './template.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's URL of the suite's PostgreSQL; tests take a database of their own from `createDatabase`. */
    postgresUrl: string
    /** Key-encryption keys of all worlds that are not told to have others. */
    keks: string
    chromium: Chromium
  }
}

/** Once per run, before any test: PostgreSQL with migrated template databases, and Chromium unpacked. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const keks = `test:${randomBytes(32).toString('base64')}`
  const [postgres, chromium] = await Promise.all([startPostgres({ inMemory: true }), unpackChromium()])
  try {
    await createTemplate(postgres.url)
    await createFilledTemplate(postgres.url, { name: SETTLED, fill: (url) => settle(url, keks) })
  } catch (error) {
    await postgres.stop()
    throw error
  }
  project.provide('postgresUrl', postgres.url)
  project.provide('keks', keks)
  project.provide('chromium', chromium)
  return () => postgres.stop()
}
