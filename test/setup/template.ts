import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { migrateToLatest } from '#src/store/migrate.ts'

export const TEMPLATE = 'template_propusk'

/** Makes the database that all others are copies of: migrated once, then closed to connections so that it can be copied at any time. */
export async function createTemplate(postgresUrl: string): Promise<void> {
  await administer(postgresUrl, `create database ${TEMPLATE}`)
  await migrateToLatest(databaseUrl(postgresUrl, TEMPLATE))
  await closeTemplate(postgresUrl, TEMPLATE)
}

/** @param fill what a further template has beside the schema, told to its URL */
export async function createFilledTemplate(
  postgresUrl: string,
  { name, fill }: { name: string; fill: (url: string) => Promise<void> },
): Promise<void> {
  await administer(postgresUrl, `create database ${name} template ${TEMPLATE}`)
  await fill(databaseUrl(postgresUrl, name))
  await closeTemplate(postgresUrl, name)
}

const closeTemplate = (postgresUrl: string, name: string) =>
  administer(postgresUrl, `alter database ${name} is_template true allow_connections false`)

export interface TestDatabase {
  readonly url: string
  /** Ends what is still connected, too. */
  drop(): Promise<void>
}

/** A database of its own with the current schema; tens of milliseconds, as the files are copied instead of the log written. */
export async function copyTemplate(postgresUrl: string, template = TEMPLATE): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await administer(postgresUrl, `create database ${name} template ${template} strategy file_copy`)
  return {
    url: databaseUrl(postgresUrl, name),
    drop: () => administer(postgresUrl, `drop database ${name} with (force)`),
  }
}

function databaseUrl(postgresUrl: string, name: string): string {
  const url = new URL(postgresUrl)
  url.pathname = `/${name}`
  return url.href
}

async function administer(postgresUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
