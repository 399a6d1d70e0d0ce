import { CompiledQuery } from 'kysely'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { randomTicket } from '#src/kernel/ids.ts'
import { defineRead } from '#src/store/reads.ts'
import type { Statement } from '#src/store/statement.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { type Part, write } from '#src/store/unit.ts'
import { makeGatherer } from './gatherer.ts'
import { type Attempt, keyOf, type Limit } from './limit.ts'
import { type Asked, type Counted, statements, valuesOf } from './statement.ts'

export type { Attempt, Limit }

/** `proof` is how hard a proof of work the next attempt needs, if it needs one; on a closed gate it is all that was lacking. */
export type Gate =
  /** `locked` names the limit that this attempt has locked; of several the last. */
  | { readonly open: true; readonly locked?: string; readonly proof?: number }
  | {
      readonly open: false
      readonly retryAt: Date
      readonly limit: string
      readonly locked: boolean
      readonly proof?: number
    }

export interface Throttle {
  /**
   * Counts the attempt and commits before anything is checked, so that neither a crash nor a parallel guess is free. Attempts are
   * tried in order; the first that must wait stops the rest uncounted, so put the attacker's own key (the network) first. Limits of one name
   * are the same everywhere.
   * @param proven a proof of work came along and has been checked
   */
  enter(attempts: readonly Attempt[], tx?: Tx, proven?: boolean): Promise<Gate>
  /** Forgets a key and its lock after success: in the transaction if there is one, else in the request's unit of work. */
  forget(attempt: Attempt, tx?: Tx): Promise<void>
  /** After success: takes off a shared key what was counted under a key of one's own; other people's attempts stay. In the request's unit of work. */
  forgive(shared: Attempt, own: Attempt): Promise<void>
  /** Ends a lock or a wait early; what was counted stays, so that the next wrong attempt locks again. In the request's unit of work. */
  unlock(attempt: Attempt): Promise<void>
  /** Gives one attempt back to a shared key (a network) after success. */
  refund(attempt: Attempt): Promise<void>
  /** What has been counted so far in the window that runs; counts nothing. */
  counted(attempt: Attempt): Promise<number>
}

const counted = defineRead<{ count: number; window_started_at: Date }>({
  name: 'throttle',
  parameters: { key: 'text' },
  sql: 'select t.count, t.window_started_at from throttles t where t.key = key.key',
})

const forgotten: Part = {
  name: 'throttle_forget',
  columns: { key: 'text' },
  shared: true,
  sql: (rows) => `delete from throttles t using ${rows} r where t.key = r.key`,
}

/** How often the proof becomes twice as hard. */
const STEPS = 5

/** The attempt that succeeds may be the one that locked its key. */
const unlocked: Part = {
  name: 'throttle_unlock',
  columns: { key: 'text' },
  shared: true,
  sql: (rows) => `delete from locks l using ${rows} r where l.key = r.key`,
}

const released: Part = {
  name: 'throttle_release',
  columns: { key: 'text' },
  shared: true,
  sql: (rows) =>
    `update throttles t set blocked_until = null from (select distinct key from ${rows}) r where t.key = r.key`,
}

const forgiven: Part = {
  name: 'throttle_forgive',
  columns: { key: 'text', own: 'text' },
  shared: true,
  sql: (rows) => `update throttles t set count = greatest(t.count - r.n, 0), blocked_until = null
      from (select a.key, sum(o.count)::int as n from ${rows} a join throttles o on o.key = a.own group by a.key) r
      where t.key = r.key`,
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

  async function countIn(tx: Tx, asked: readonly Asked[]): Promise<Counted[]> {
    const values = valuesOf(asked, clock.now(), randomTicket())
    return (await tx.executeQuery<Counted>(CompiledQuery.raw(statementOf(asked).text, values))).rows
  }

  return {
    async enter(attempts, tx, proven = false) {
      const asked = { attempts, proven }
      const counted = tx ? await countIn(tx, [asked]) : await gathered(asked)
      const refused = counted.find((row) => !row.admitted)
      if (refused) {
        const { limit } = attempts[refused.position]!
        if (!refused.waiting) {
          const proof = hardnessOf(limit, refused.count + 1)
          return { open: false, retryAt: clock.now(), limit: limit.name, locked: false, proof }
        }
        return {
          open: false,
          retryAt: refused.blocked_until ?? clock.now(),
          limit: limit.name,
          locked: refused.locked,
        }
      }
      const hardest = Math.max(
        ...counted.map(({ position, count }) => hardnessOf(attempts[position]!.limit, count + 1)),
      )
      const locked = counted.findLast((row) => row.locked)
      return {
        open: true,
        ...(locked && { locked: attempts[locked.position]!.limit.name }),
        ...(hardest > 0 && { proof: hardest }),
      }
    },
    async forget(attempt, tx) {
      if (tx) {
        await tx.deleteFrom('throttles').where('key', '=', keyOf(attempt)).execute()
        await tx.deleteFrom('locks').where('key', '=', keyOf(attempt)).execute()
        return
      }
      for (const part of [forgotten, unlocked]) await write(store, part, keyOf(attempt), [keyOf(attempt)])
    },
    async forgive(shared, own) {
      const key = keyOf(shared)
      await write(store, forgiven, key, [key, keyOf(own)])
      // The attempt that succeeds may be the one that locked it.
      await write(store, unlocked, key, [key])
    },
    async unlock(attempt) {
      for (const part of [released, unlocked]) await write(store, part, keyOf(attempt), [keyOf(attempt)])
    },
    refund: (attempt) => write(store, refunded, keyOf(attempt), [keyOf(attempt)]),
    async counted(attempt) {
      const [row] = await store.read(counted, [keyOf(attempt)])
      const since = addSeconds(clock.now(), -attempt.limit.windowSeconds)
      return row === undefined || row.window_started_at < since ? 0 : Number(row.count)
    },
  }
}

function statementOf(asked: readonly Asked[]): Statement {
  const statement = statements[asked[0]!.attempts.length - 1]
  if (!statement) throw new RangeError('between one and four attempts are counted at a time')
  return statement
}

/** Doubles in five steps between the first attempt that needs a proof and the lock. @returns 0 where attempt `n` needs none */
function hardnessOf({ proofAt, lockAt }: Limit, n: number): number {
  if (proofAt === undefined || n < proofAt) return 0
  const step = Math.max(1, ((lockAt ?? proofAt) - proofAt) / STEPS)
  return 2 ** Math.min(STEPS - 1, Math.floor((n - proofAt) / step))
}
