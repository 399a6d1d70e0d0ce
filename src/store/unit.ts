import { AsyncLocalStorage } from 'node:async_hooks'
import type { Statement } from './statement.ts'
import type { Store } from './store.ts'

/** A column value on its way into an array parameter. */
type Value = string | number | boolean | Date | Uint8Array | null

/**
 * One kind of write that may travel in a unit of work. A flush gathers the rows of each part into one CTE over `unnest`, so a whole
 * unit, and later many units joined, is a single statement.
 */
export interface Part {
  readonly name: string
  /** Column name → PostgreSQL type of the rows, without the leading `unit`. */
  readonly columns: Readonly<Record<string, string>>
  /**
   * `true` for a part that spends a single-use secret: its SQL must return `unit, position` for every row that it could spend. A unit that
   * could not spend all of its rows has lost: nothing else of it is written, and what it could spend stays spent.
   */
  readonly spends?: boolean
  /** `true` where units of one statement may bring the same key: the SQL copes with it. */
  readonly shared?: boolean
  /** The data-modifying SQL; `rows` names the CTE that holds this part's rows. */
  sql(rows: string): string
}

/** Thrown by a flush whose unit tried to spend what was spent already: nothing that it wanted to write is stored. */
export class UnitLost extends Error {
  override readonly name = 'UnitLost'
}

/** The writes of one request, buffered until its response is about to leave. */
export class Unit {
  readonly #rows = new Map<Part, Map<string, readonly Value[]>>()
  /** What this request has read, so that no row is fetched twice. */
  readonly reads = new Map<string, Promise<unknown>>()

  /** Buffers one row; a second write of the same key replaces the first (never two writes of one key in one statement). */
  put(part: Part, key: string, row: readonly Value[]): void {
    const rows = this.#rows.get(part) ?? new Map()
    this.#rows.set(part, rows.set(key, row))
  }

  get(part: Part, key: string): readonly Value[] | undefined {
    return this.#rows.get(part)?.get(key)
  }

  entries(part: Part): Iterable<[string, readonly Value[]]> {
    return this.#rows.get(part) ?? []
  }

  remove(part: Part, key: string): boolean {
    return this.#rows.get(part)?.delete(key) ?? false
  }

  /** Drops everything buffered: the request failed unexpectedly and must leave no trace. */
  discard(): void {
    this.#rows.clear()
  }

  /** Empties the buffer. @returns what was in it, if anything */
  take(): UnitRows | undefined {
    const parts = new Map([...this.#rows].filter(([, rows]) => rows.size > 0))
    if (parts.size === 0) return undefined
    const keys = [...parts].flatMap(([part, rows]) => (part.shared ? [] : [...rows.keys()]))
    this.#rows.clear()
    return { parts, keys }
  }

  /**
   * Stores everything buffered with one statement, atomically, and empties the buffer.
   * @throws UnitLost when a spend came too late
   */
  async flush(store: Store): Promise<void> {
    const rows = this.take()
    if (rows && (await flushTogether(store, [rows])).size > 0) throw new UnitLost()
  }
}

/** What a unit wants to write, on its way into a statement. */
export interface UnitRows {
  readonly parts: ReadonlyMap<Part, ReadonlyMap<string, readonly Value[]>>
  /** Keys that no other unit of the same statement may write. */
  readonly keys: readonly string[]
}

/**
 * Stores several units with one statement. They must not write one key twice.
 * @returns the indexes of those that lost: nothing of them is stored
 */
export async function flushTogether(store: Store, units: readonly UnitRows[]): Promise<Set<number>> {
  const { parts, statement } = planFor(inOrder(new Set(units.flatMap((unit) => [...unit.parts.keys()]))))
  const values = parts.flatMap((part) => columnsOf(part, units))
  const lost = await store.run<{ unit: number }>(statement, values)
  return new Set(lost.map((row) => row.unit))
}

/** One array per column, led by the unit's number and, for spends, the row's position; in the order of the keys, against deadlocks. */
function columnsOf(part: Part, units: readonly UnitRows[]): unknown[][] {
  const rows = units
    .flatMap((unit, number) => [...(unit.parts.get(part) ?? [])].map(([key, row]) => ({ number, key, row })))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const numbers = rows.map(({ number }) => number)
  const lead = part.spends ? [numbers, rows.map((_, position) => position)] : [numbers]
  return [...lead, ...Object.keys(part.columns).map((_, column) => rows.map(({ row }) => row[column] ?? null))]
}

const inOrder = (parts: Iterable<Part>) => [...parts].sort((a, b) => (a.name < b.name ? -1 : 1))

/** A statement and the parts that it writes, some of which may have no rows. */
interface Plan {
  readonly parts: readonly Part[]
  readonly statement: Statement
}

/**
 * So many combinations of parts have a statement of their own. Units that are joined at random make thousands, and each prepared one takes
 * some 200 KB of every connection for as long as that lives.
 */
const MOST_OWN_STATEMENTS = 40

const plans = new Map<string, Plan>()
const prepared = new Set<Plan>()
const everyPart = new Set<Part>()

/** The statement for one combination of parts: its own, or one that writes more parts, prepared once per connection. */
function planFor(parts: readonly Part[]): Plan {
  const name = `unit:${parts.map((part) => part.name).join('+')}`
  const known = plans.get(name)
  if (known) return known
  for (const part of parts) everyPart.add(part)
  const holds = (plan: Plan) => parts.every((part) => plan.parts.includes(part))
  const plan =
    prepared.size < MOST_OWN_STATEMENTS
      ? { parts, statement: statementOf(name, parts) }
      : ([...prepared].filter(holds).sort((a, b) => a.parts.length - b.parts.length)[0] ?? planOfEveryPart())
  prepared.add(plan)
  plans.set(name, plan)
  return plan
}

/** Made anew only when a part is written for the first time. */
function planOfEveryPart(): Plan {
  const parts = inOrder(everyPart)
  return { parts, statement: statementOf(`unit:every:${parts.length}`, parts) }
}

function statementOf(name: string, parts: readonly Part[]): Statement {
  let parameter = 0
  const ctes: string[] = []
  const spends = parts.filter((part) => part.spends)
  const numbered = new Map(
    parts.map((part) => {
      const arrays = typesOf(part).map((type) => `$${++parameter}::${type}[]`)
      return [part, arrays.join(', ')]
    }),
  )
  for (const part of spends) {
    const names = ['unit', 'position', ...Object.keys(part.columns)].join(', ')
    ctes.push(`${part.name}_rows as (select * from unnest(${numbered.get(part)}) as r(${names}))`)
    ctes.push(`${part.name} as (${part.sql(`${part.name}_rows`)})`)
  }
  const losers = spends.map(
    (part) =>
      `select unit from ${part.name}_rows where (unit, position) not in (select unit, position from ${part.name})`,
  )
  if (spends.length > 0) ctes.push(`lost as (${losers.join(' union ')})`)
  for (const part of parts.filter((part) => !part.spends)) {
    const names = ['unit', ...Object.keys(part.columns)].join(', ')
    const winners = spends.length > 0 ? ' where unit not in (select unit from lost)' : ''
    ctes.push(`${part.name}_rows as (select * from unnest(${numbered.get(part)}) as r(${names})${winners})`)
    ctes.push(`${part.name} as (${part.sql(`${part.name}_rows`)})`)
  }
  const types = parts.flatMap(typesOf).map((type) => `${type}[]`)
  const text = `with ${ctes.join(',\n')}\nselect unit from ${spends.length > 0 ? 'lost' : '(select 1 as unit) as none where false'}`
  return { name: shortName(name), text, types }
}

/** Of the columns that `columnsOf` makes. */
function typesOf(part: Part): string[] {
  return ['int', ...(part.spends ? ['int'] : []), ...Object.values(part.columns)]
}

/** PostgreSQL cuts prepared names at 63 bytes. */
function shortName(name: string): string {
  if (name.length <= 63) return name
  return `unit#${prepared.size}:${name.slice(5, 55)}`
}

/** The unit of work of the request being served, if any. */
export const units = new AsyncLocalStorage<Unit>()

/** Reads once in each request what it may ask for in several places, or ahead of time beside something else. */
export function readOnce<T>(name: string, read: () => Promise<T>): Promise<T> {
  const reads = units.getStore()?.reads
  const known = reads?.get(name) as Promise<T> | undefined
  if (known) return known
  const reading = read()
  if (reads) {
    reads.set(name, reading)
    // Whoever waits for it hears of a fault; one read ahead of time may be wanted by nobody.
    reading.catch(() => {})
  }
  return reading
}

/**
 * Buffers a write into the request's unit; outside a request it is stored at once.
 * @throws UnitLost outside a request, when a spend came too late
 */
export async function write(store: Store, part: Part, key: string, row: readonly Value[]): Promise<void> {
  const unit = units.getStore()
  if (unit) return unit.put(part, key, row)
  const direct = new Unit()
  direct.put(part, key, row)
  await direct.flush(store)
}
