import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import type { DatabaseConfig } from '#src/config/config.ts'
import { makePipeline } from './pipeline.ts'
import { makePrepared, preparingPool } from './prepared.ts'
import { makeReader, type Read } from './reads.ts'
import type { Database } from './schema.ts'
import { ownFolder } from './sole-owner.ts'
import type { Statement } from './statement.ts'

export type Db = Kysely<Database>
export type Tx = Transaction<Database>

/** The database: PostgreSQL in production, PGlite embedded, the same SQL on both. */
export interface Store {
  readonly db: Db
  /**
   * Runs `work` in one transaction: everything or nothing. Inside it use only `tx`: PGlite has a single connection, so the outer
   * handle would wait for itself for ever. No network call inside.
   */
  tx<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Runs a hot statement outside any transaction; it commits by itself. */
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>
  /**
   * Answers a hot look-up outside any transaction, together with others of its kind that are asked for meanwhile.
   * @param key the read's parameters, in the order of their declaration
   */
  read<Row>(read: Read<Row>, key: readonly (string | number | Date)[]): Promise<Row[]>
  /** Runs SQL that may hold several statements, and answers the rows of all; for migrations and the job queue. */
  script(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>
  ping(): Promise<void>
  close(): Promise<void>
}

/** What happens to the process's connections, for the log: lost connections are replaced, the request that had one fails. */
export type ConnectionFault = (error: Error) => void

/** Opens the configured database. A lost PostgreSQL connection fails its request only; the pool replaces it. */
export async function openStore(config: DatabaseConfig, onFault: ConnectionFault): Promise<Store> {
  return config.kind === 'pglite' ? openEmbedded(config.folder) : openPostgres(config, onFault)
}

/**
 * A plan for all parameters, made once per connection and statement. Left to itself PostgreSQL plans every look-up by arrays anew, because it
 * takes an array of unknown length for longer than ours are, and planning one costs more than running it. Such a plan is kept while a
 * table grows, so it must not depend on how small the table was: rows are found by their keys, one after the other, or where there is
 * no other way by reading all.
 */
export const PLANNING = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'enable_bitmapscan=off',
  'jit=off',
]
  .map((setting) => `-c ${setting}`)
  .join(' ')

/** A connection that is opened anew has every hot statement to plan again; opening one for each burst would cost more than the burst. */
const IDLE_MS = 600_000

function openPostgres(config: Extract<DatabaseConfig, { kind: 'postgres' }>, onFault: ConnectionFault): Store {
  const pool = new pg.Pool({
    connectionString: config.url.reveal(),
    max: config.poolSize,
    connectionTimeoutMillis: config.connectTimeoutMs,
    idleTimeoutMillis: IDLE_MS,
    application_name: 'propusk',
    options: PLANNING,
  })
  pool.on('error', onFault)
  pool.on('connect', (client) => client.on('error', onFault))
  const prepared = makePrepared()
  const db: Db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: preparingPool(pool, prepared) }) })
  const { run } = makePipeline(pool)
  return {
    db,
    tx: (work) => db.transaction().execute(work),
    run,
    ...makeReader({ run }),
    script: async (text, values = []) => {
      const client = await pool.connect()
      try {
        const result: pg.QueryResult | pg.QueryResult[] = await client.query(prepared(text, values))
        client.release()
        return { rows: [result].flat().flatMap(({ rows }) => rows) }
      } catch (error) {
        // It may have failed inside a transaction that it began itself: such a connection must not serve anyone again.
        client.release(error as Error)
        throw error
      }
    },
    ping: async () => void (await pool.query('select 1')),
    close: () => db.destroy(),
  }
}

async function openEmbedded(folder: string | undefined): Promise<Store> {
  const disown = folder === undefined ? undefined : ownFolder(folder)
  const lite = await PGlite.create(folder === undefined ? {} : { dataDir: folder })
  const db: Db = new Kysely<Database>({ dialect: new PGliteDialect({ pglite: lite }) })
  const run = async <Row>(statement: Statement, values: readonly unknown[]) =>
    (await lite.query<Row>(statement.text, values as unknown[])).rows
  return {
    db,
    tx: (work) => db.transaction().execute(work),
    run,
    ...makeReader({ run }),
    script: async (text, values) => {
      if (values && values.length > 0) return lite.query<Record<string, unknown>>(text, values as unknown[])
      try {
        return { rows: (await lite.exec(text)).flatMap(({ rows }) => rows) }
      } catch (error) {
        await lite.exec('rollback')
        throw error
      }
    },
    ping: async () => void (await lite.query('select 1')),
    close: async () => {
      await db.destroy()
      disown?.()
    },
  }
}
