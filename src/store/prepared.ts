import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'

/** As many as a process prepares: each costs every connection 12 KB or more. */
const MOST = 500
/** Longer texts hold lists, whose lengths change from call to call. */
const LONGEST = 4_000
/** Shorter ones without parameters are BEGIN, COMMIT and the like: one message each in place of four. */
const SHORTEST = 40
/** A text that came so often will come again; one whose list has another length each time does not. */
const USES_BEFORE = 2

/** What `pg` makes a prepared statement of: planned once per connection, where it would be at each call. */
export type Prepared = (text: string, values: readonly unknown[]) => pg.QueryConfig

/** Names the statements of one process that come again and again. */
export function makePrepared(): Prepared {
  const names = new Map<string, string>()
  let uses = new Map<string, number>()

  function nameOf(text: string): string | undefined {
    const name = names.get(text)
    if (name !== undefined || names.size >= MOST || text.length > LONGEST) return name
    const before = uses.get(text) ?? 0
    if (before < USES_BEFORE) {
      if (uses.size >= MOST) uses = new Map()
      uses.set(text, before + 1)
      return undefined
    }
    uses.delete(text)
    names.set(text, `query:${names.size}`)
    return names.get(text)
  }

  return (text, values) => {
    const isOne = values.length > 0 || (text.length >= SHORTEST && !text.includes(';'))
    const name = isOne ? nameOf(text) : undefined
    return { ...(name !== undefined && { name }), text, values: [...values] }
  }
}

/** A pool as Kysely wants it, whose queries are prepared. */
export function preparingPool(pool: pg.Pool, prepared: Prepared): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()

  function preparing(client: pg.PoolClient): PostgresPoolClient {
    // Cursors, the other thing that Kysely may bring, are not configured.
    const query: unknown = (text: string, values: readonly unknown[]) => client.query(prepared(text, values))
    return { query: query as PostgresPoolClient['query'], release: (destroy) => client.release(destroy) }
  }

  return {
    options: pool.options,
    async connect() {
      const client = await pool.connect()
      const wrapped = known.get(client) ?? preparing(client)
      known.set(client, wrapped)
      return wrapped
    },
    end: () => pool.end(),
  }
}
