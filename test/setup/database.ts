import { inject } from 'vitest'
import { SETTLED } from './settled.ts'
import { copyTemplate, type TestDatabase } from './template.ts'

/** A database with the current schema for one test file; `drop` it in `afterAll`. */
export function createDatabase(): Promise<TestDatabase> {
  return copyTemplate(inject('postgresUrl'))
}

/** The same, in which a house finds what its first start would have to make; for whoever has the key-encryption key of the run. */
export function createSettledDatabase(): Promise<TestDatabase> {
  return copyTemplate(inject('postgresUrl'), SETTLED)
}
