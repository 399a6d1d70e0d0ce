import { inject } from 'vitest'
import { copyTemplate, type TestDatabase } from './template.ts'

/** A database with the current schema for one test file; `drop` it in `afterAll`. */
export function createDatabase(): Promise<TestDatabase> {
  return copyTemplate(inject('postgresUrl'))
}
