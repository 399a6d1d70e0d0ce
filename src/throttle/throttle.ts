import { CompiledQuery } from 'kysely'
import type { Clock } from '#src/kernel/clock.ts'
import { randomTicket } from '#src/kernel/ids.ts'
import type { Statement } from '#src/store/statement.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { type Part, write } from '#src/store/unit.ts'

/** How many attempts are free, how the next ones are slowed, and when there is a lock. */
export interface Limit {
  readonly name: string
  /** A counter older than this starts anew. */
  readonly windowSeconds: number
  /** So many attempts go through without a wait. */
  readonly free: number
  /** The wait after the first attempt beyond those, doubled by each further one up to `maxDelaySeconds`. */
  readonly delaySeconds: number
  readonly maxDelaySeconds: number
  /** This attempt in a row is admitted and locks the key for `lockSeconds`; without it there are only delays. */
  readonly lockAt?: number
  readonly lockSeconds?: number
}

export interface Attempt {
  readonly limit: Limit
  /** Whom it counts against: an account number, a network, a keyed hash of a contact; never the plain contact. */
  readonly key: string
}

export type Gate =
  | { readonly open: true; readonly lockedNow: boolean }
  | { readonly open: false; readonly retryAt: Date; readonly limit: string; readonly locked: boolean }

export interface Throttle {
  /**
   * Counts the attempt and commits before anything is checked, so that neither a crash nor a parallel guess is free. Attempts are
   * tried in order; the first that must wait stops the rest uncounted, so put the attacker's own key (the network) first.
   */
  enter(attempts: readonly Attempt[], tx?: Tx): Promise<Gate>
  /** Forgets a key and its lock after success: in the transaction if there is one, else in the request's unit of work. */
  forget(attempt: Attempt, tx?: Tx): Promise<void>
  /** Gives one attempt back to a shared key (a network) after success. */
  refund(attempt: Attempt): Promise<void>
}

const keyOf = (attempt: Attempt) => `${attempt.limit.name}:${attempt.key}`

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

const PARAMETERS = 8

interface Row {
  position: number
  admitted: boolean
  blocked_until: Date | null
  locked: boolean
}

/**
 * Attempt n waits for attempt n − 1 by a chain of CTEs. Whether an attempt is admitted is decided inside `on conflict do update`,
 * against the newest version of the row, and told by its own mark: of parallel attempts only as many pass as the limit allows.
 */
function statementFor(attempts: number): Statement {
  const steps = Array.from({ length: attempts }, (_, index) => {
    const p = (n: number) => `$${index * PARAMETERS + n + 2}`
    const [key, window, free, delay, maxDelay, lockAt, lockSeconds, position] = [1, 2, 3, 4, 5, 6, 7, 8].map(p)
    const expired = `t.window_started_at < $1::timestamptz - ${window}::float8 * interval '1 second'`
    const count = `case when ${expired} then 1 else t.count + 1 end`
    const wait = (c: string) => `case
      when ${c} >= ${lockAt}::int then $1::timestamptz + ${lockSeconds}::float8 * interval '1 second'
      when ${c} >= ${free}::int then $1::timestamptz
        + least(${maxDelay}::float8, ${delay}::float8 * power(2, least(${c} - ${free}::int, 30))) * interval '1 second'
      else null end`
    const waiting = 't.blocked_until > $1::timestamptz'
    const previous =
      index === 0
        ? ''
        : `and not exists (select 1 from a${index - 1} where admitted <> $2) and exists (select 1 from a${index - 1})`
    return `a${index} as (
      insert into throttles as t (key, count, window_started_at, blocked_until, admitted)
      select ${key}::text, 1, $1::timestamptz, ${wait('1')}, $2::text
      where not exists (select 1 from locks where key = ${key}::text and until > $1::timestamptz) ${previous}
      on conflict (key) do update set
        count = case when ${waiting} then t.count else ${count} end,
        window_started_at = case when ${waiting} or not ${expired} then t.window_started_at else $1::timestamptz end,
        blocked_until = case when ${waiting} then t.blocked_until else ${wait(`(${count})`)} end,
        admitted = case when ${waiting} then '' else $2::text end
      returning ${position}::int as position, admitted, blocked_until, count >= ${lockAt}::int as locked),
    l${index} as (
      insert into locks (key, until) select ${key}::text, blocked_until from a${index} where locked and admitted = $2
      on conflict (key) do update set until = excluded.until),
    k${index} as (select ${position}::int as position, until from locks where key = ${key}::text and until > $1::timestamptz)`
  })
  const results = Array.from(
    { length: attempts },
    (_, i) => `select position, admitted = $2 as admitted, blocked_until, locked from a${i}
      union all select position, false, until, true from k${i}`,
  )
  return {
    name: `throttle:${attempts}`,
    text: `with ${steps.join(',\n')}\n${results.join('\nunion all ')}\norder by position`,
  }
}

const NEVER = 2_147_483_647
const statements = [1, 2, 3].map(statementFor)

export function makeThrottle({ store, clock }: { store: Store; clock: Clock }): Throttle {
  return {
    async enter(attempts, tx) {
      const statement = statements[attempts.length - 1]
      if (!statement) throw new RangeError('between one and three attempts are counted at a time')
      const values = [
        clock.now(),
        randomTicket(),
        ...attempts.flatMap((attempt, position) => {
          const { limit } = attempt
          return [
            keyOf(attempt),
            limit.windowSeconds,
            limit.free,
            limit.delaySeconds,
            limit.maxDelaySeconds,
            limit.lockAt ?? NEVER,
            limit.lockSeconds ?? 0,
            position,
          ]
        }),
      ]
      const rows = tx
        ? (await tx.executeQuery<Row>(CompiledQuery.raw(statement.text, values))).rows
        : await store.run<Row>(statement, values)
      const refused = rows.find((row) => !row.admitted)
      if (refused) {
        const limit = attempts[refused.position]!.limit.name
        return { open: false, retryAt: refused.blocked_until ?? clock.now(), limit, locked: refused.locked }
      }
      return { open: true, lockedNow: rows.some((row) => row.locked) }
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
