import type { Statement } from '#src/store/statement.ts'
import { type Attempt, keyOf, type Limit } from './limit.ts'

/** What one attempt at one limit came to. */
export interface Counted {
  /** Which of those who asked together, from 1. */
  readonly slot: number
  /** Which of its attempts, from 0. */
  readonly position: number
  readonly admitted: boolean
  /** Counted so far, with this attempt where it was admitted. */
  readonly count: number
  readonly blocked_until: Date | null
  /** Not admitted because it came too early or during a lock; an attempt that is neither this nor admitted lacks its proof. */
  readonly waiting: boolean
  readonly locked: boolean
}

const NEVER = 2_147_483_647
/** Ends the mark of whoever brought a proof: what decides on a conflict sees no more of who asks than the row that was to be inserted. */
const PROVEN = '+'
const SETTINGS = 7

/** Of one limit, in the order of the statement's parameters. */
function settings(limit: Limit): number[] {
  const { windowSeconds, free, delaySeconds, maxDelaySeconds, proofAt, lockAt, lockSeconds } = limit
  return [windowSeconds, free, delaySeconds, maxDelaySeconds, proofAt ?? NEVER, lockAt ?? NEVER, lockSeconds ?? 0]
}

/** One who asks. */
export interface Asked {
  /** Of the same limits in the same order as those of the others; at each position no key twice. */
  readonly attempts: readonly Attempt[]
  /** A proof of work came along. */
  readonly proven: boolean
}

/**
 * The values of the statement.
 * @param mark a text that no other statement has
 */
export function valuesOf(asked: readonly Asked[], now: Date, mark: string): unknown[] {
  const limits = asked[0]!.attempts.map(({ limit }) => limit)
  const keys = limits.map((_, position) => asked.map(({ attempts }) => keyOf(attempts[position]!)))
  const marks = asked.map(({ proven }) => (proven ? `${mark}${PROVEN}` : mark))
  return [now, mark, marks, ...keys, ...limits.flatMap(settings)]
}

/**
 * Counts `attempts` keys for each of those who ask. Attempt n waits for attempt n − 1 by a chain of CTEs. Whether an attempt is admitted is
 * decided inside `on conflict do update`, against the newest version of the row, and told by the statement's mark: of parallel attempts
 * only as many pass as the limit allows. What lacks its proof is not counted. Keys are taken in their order, against deadlocks.
 */
function statementFor(attempts: number): Statement {
  const positions = Array.from({ length: attempts }, (_, position) => position)
  const steps = positions.map((position) => {
    const first = 4 + attempts + position * SETTINGS
    const [window, free, delay, maxDelay, proofAt, lockAt, lockSeconds] = Array.from(
      { length: SETTINGS },
      (_, n) => `$${first + n}`,
    )
    const expired = `t.window_started_at < $1::timestamptz - ${window}::float8 * interval '1 second'`
    const count = `case when ${expired} then 1 else t.count + 1 end`
    // The attempt before the first that needs a proof leads to no wait: the proof takes its place.
    const wait = (c: string) => `case
      when ${c} >= ${lockAt}::int then $1::timestamptz + ${lockSeconds}::float8 * interval '1 second'
      when ${c} >= ${free}::int and ${c} < ${proofAt}::int - 1 then $1::timestamptz
        + least(${maxDelay}::float8, ${delay}::float8 * power(2, least(${c} - ${free}::int, 30))) * interval '1 second'
      else null end`
    const waiting = 't.blocked_until > $1::timestamptz'
    const refused = `coalesce(${waiting}, false) or (${count} >= ${proofAt}::int and excluded.admitted = $2::text)`
    const before = position - 1
    const previous =
      position === 0 ? '' : `and exists (select 1 from a${before} where key = q.key${before} and admitted)`
    return `a${position} as (
      insert into throttles as t (key, count, window_started_at, blocked_until, admitted)
      select key${position}, 1, $1::timestamptz, ${wait('1')}, mark from asked q
      where not exists (select 1 from locks where key = q.key${position} and until > $1::timestamptz) ${previous}
      order by key${position}
      on conflict (key) do update set
        count = case when ${refused} then t.count else ${count} end,
        window_started_at = case when ${refused} or not ${expired} then t.window_started_at else $1::timestamptz end,
        blocked_until = case when ${refused} then t.blocked_until else ${wait(`(${count})`)} end,
        admitted = case when ${refused} then '' else excluded.admitted end
      returning key, count, starts_with(admitted, $2::text) as admitted, blocked_until,
        coalesce(blocked_until > $1::timestamptz, false) as waiting, count >= ${lockAt}::int as locked),
    l${position} as (
      insert into locks (key, until) select key, blocked_until from a${position} where locked and admitted order by key
      on conflict (key) do update set until = excluded.until)`
  })
  const results = positions.map(
    (
      position,
    ) => `select q.slot::int as slot, ${position} as position, a.count, a.admitted, a.blocked_until, a.waiting, a.locked
      from asked q join a${position} a on a.key = q.key${position}
      union all select q.slot::int, ${position}, 0, false, l.until, true, true
      from asked q join locks l on l.key = q.key${position} and l.until > $1::timestamptz`,
  )
  const keys = positions.map((position) => `key${position}`).join(', ')
  const arrays = positions.map((position) => `$${4 + position}::text[]`).join(', ')
  return {
    name: `throttle:${attempts}`,
    text: `with asked as (select * from unnest($3::text[], ${arrays}) with ordinality as q(mark, ${keys}, slot)),
    ${steps.join(',\n')}\n${results.join('\nunion all ')}\norder by slot, position`,
    types: ['timestamptz', 'text', 'text[]', ...positions.map(() => 'text[]')],
  }
}

/** By the number of attempts that each who asks brings, from 1. */
export const statements = [1, 2, 3, 4].map(statementFor)
