import { CompiledQuery } from 'kysely'
import type { Clock } from '#src/kernel/clock.ts'
import { randomTicket } from '#src/kernel/ids.ts'
import type { Statement } from '#src/store/statement.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { type Part, write } from '#src/store/unit.ts'
import { makeGatherer } from './gatherer.ts'
import { type Attempt, keyOf, type Limit } from './limit.ts'
import { type Counted, statements, valuesOf } from './statement.ts'

export type { Attempt, Limit }

export type Gate =
  | { readonly open: true; readonly lockedNow: boolean }
  | { readonly open: false; readonly retryAt: Date; readonly limit: string; readonly locked: boolean }

export interface Throttle {
  /**
   * Counts the attempt and commits before anything is checked, so that neither a crash nor a parallel guess is free. Attempts are
   * tried in order; the first that must wait stops the rest uncounted, so put the attacker's own key (the network) first. Limits of one name
   * are the same everywhere.
   */
  enter(attempts: readonly Attempt[], tx?: Tx): Promise<Gate>
  /** Forgets a key and its lock after success: in the transaction if there is one, else in the request's unit of work. */
  forget(attempt: Attempt, tx?: Tx): Promise<void>
  /** Gives one attempt back to a shared key (a network) after success. */
  refund(attempt: Attempt): Promise<void>
}

const forgotten: Part = {
  name: 'throttle_forget',
  columns: { key: 'text' },
  shared: true,
  sql: (rows) => `delete from throttles t using ${rows} r where t.key = r.key`,
}

/** The attempt that succeeds may be the one that locked its key. */
const unlocked: Part = {
  name: 'throttle_unlock',
  columns: { key: 'text' },
  shared: true,
  sql: (rows) => `delete from locks l using ${rows} r where l.key = r.key`,
}

const refunded: Part = {
  name: 'throttle_refund',
  columns: { key: 'text' },
  shared: true,
  sql: (rows) =>
    `update throttles t set count = greatest(t.count - r.n, 0), blocked_until = null
      from (select key, count(*)::int as n from ${rows} group by key) r where t.key = r.key`,
}

export function makeThrottle({ store, clock }: { store: Store; clock: Clock }): Throttle {
  const gathered = makeGatherer((asked) =>
    store.run<Counted>(statementOf(asked), valuesOf(asked, clock.now(), randomTicket())),
  )

  async function countIn(tx: Tx, asked: readonly (readonly Attempt[])[]): Promise<Counted[]> {
    const values = valuesOf(asked, clock.now(), randomTicket())
    return (await tx.executeQuery<Counted>(CompiledQuery.raw(statementOf(asked).text, values))).rows
  }

  return {
    async enter(attempts, tx) {
      const counted = tx ? await countIn(tx, [attempts]) : await gathered(attempts)
      const refused = counted.find((row) => !row.admitted)
      if (refused) {
        const limit = attempts[refused.position]!.limit.name
        return { open: false, retryAt: refused.blocked_until ?? clock.now(), limit, locked: refused.locked }
      }
      return { open: true, lockedNow: counted.some((row) => row.locked) }
    },
    async forget(attempt, tx) {
      if (tx) {
        await tx.deleteFrom('throttles').where('key', '=', keyOf(attempt)).execute()
        await tx.deleteFrom('locks').where('key', '=', keyOf(attempt)).execute()
        return
      }
      for (const part of [forgotten, unlocked]) await write(store, part, keyOf(attempt), [keyOf(attempt)])
    },
    refund: (attempt) => write(store, refunded, keyOf(attempt), [keyOf(attempt)]),
  }
}

function statementOf(asked: readonly (readonly Attempt[])[]): Statement {
  const statement = statements[asked[0]!.length - 1]
  if (!statement) throw new RangeError('between one and three attempts are counted at a time')
  return statement
}
