import type { Statement } from '#src/store/statement.ts'
import { type Attempt, keyOf, type Limit } from './limit.ts'

/** What one attempt at one limit came to. */
export interface Counted {
  /** Which of those who asked together, from 1. */
  readonly slot: number
  /** Which of its attempts, from 0. */
  readonly position: number
  readonly admitted: boolean
  readonly blocked_until: Date | null
  readonly locked: boolean
}

const NEVER = 2_147_483_647
const SETTINGS = 6

/** Of one limit, in the order of the statement's parameters. */
function settings({ windowSeconds, free, delaySeconds, maxDelaySeconds, lockAt, lockSeconds }: Limit): number[] {
  return [windowSeconds, free, delaySeconds, maxDelaySeconds, lockAt ?? NEVER, lockSeconds ?? 0]
}

/**
 * The values of the statement.
 * @param asked attempts of the same limits in the same order; at each position no key twice
 * @param mark a text that no other statement has
 */
export function valuesOf(asked: readonly (readonly Attempt[])[], now: Date, mark: string): unknown[] {
  const limits = asked[0]!.map(({ limit }) => limit)
  const keys = limits.map((_, position) => asked.map((attempts) => keyOf(attempts[position]!)))
  return [now, mark, ...keys, ...limits.flatMap(settings)]
}

/**
 * Counts `attempts` keys for each of those who ask. Attempt n waits for attempt n − 1 by a chain of CTEs. Whether an attempt is admitted is
 * decided inside `on conflict do update`, against the newest version of the row, and told by the statement's mark: of parallel attempts
 * only as many pass as the limit allows. Keys are taken in their order, against deadlocks.
 */
function statementFor(attempts: number): Statement {
  const positions = Array.from({ length: attempts }, (_, position) => position)
  const steps = positions.map((position) => {
    const first = 3 + attempts + position * SETTINGS
    const [window, free, delay, maxDelay, lockAt, lockSeconds] = Array.from(
      { length: SETTINGS },
      (_, n) => `$${first + n}`,
    )
    const expired = `t.window_started_at < $1::timestamptz - ${window}::float8 * interval '1 second'`
    const count = `case when ${expired} then 1 else t.count + 1 end`
    const wait = (c: string) => `case
      when ${c} >= ${lockAt}::int then $1::timestamptz + ${lockSeconds}::float8 * interval '1 second'
      when ${c} >= ${free}::int then $1::timestamptz
        + least(${maxDelay}::float8, ${delay}::float8 * power(2, least(${c} - ${free}::int, 30))) * interval '1 second'
      else null end`
    const waiting = 't.blocked_until > $1::timestamptz'
    const before = position - 1
    const previous =
      position === 0 ? '' : `and exists (select 1 from a${before} where key = q.key${before} and admitted)`
    return `a${position} as (
      insert into throttles as t (key, count, window_started_at, blocked_until, admitted)
      select key${position}, 1, $1::timestamptz, ${wait('1')}, $2::text from asked q
      where not exists (select 1 from locks where key = q.key${position} and until > $1::timestamptz) ${previous}
      order by key${position}
      on conflict (key) do update set
        count = case when ${waiting} then t.count else ${count} end,
        window_started_at = case when ${waiting} or not ${expired} then t.window_started_at else $1::timestamptz end,
        blocked_until = case when ${waiting} then t.blocked_until else ${wait(`(${count})`)} end,
        admitted = case when ${waiting} then '' else $2::text end
      returning key, admitted = $2::text as admitted, blocked_until, count >= ${lockAt}::int as locked),
    l${position} as (
      insert into locks (key, until) select key, blocked_until from a${position} where locked and admitted order by key
      on conflict (key) do update set until = excluded.until)`
  })
  const results = positions.map(
    (position) => `select q.slot::int as slot, ${position} as position, a.admitted, a.blocked_until, a.locked
      from asked q join a${position} a on a.key = q.key${position}
      union all select q.slot::int, ${position}, false, l.until, true
      from asked q join locks l on l.key = q.key${position} and l.until > $1::timestamptz`,
  )
  const keys = positions.map((position) => `key${position}`).join(', ')
  const arrays = positions.map((position) => `$${3 + position}::text[]`).join(', ')
  return {
    name: `throttle:${attempts}`,
    text: `with asked as (select * from unnest(${arrays}) with ordinality as q(${keys}, slot)),
    ${steps.join(',\n')}\n${results.join('\nunion all ')}\norder by slot, position`,
    types: ['timestamptz', 'text', ...positions.map(() => 'text[]')],
  }
}

/** By the number of attempts that each who asks brings, from 1. */
export const statements = [1, 2, 3].map(statementFor)
