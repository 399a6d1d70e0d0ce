import { setImmediate } from 'node:timers/promises'
import { isDataFault } from './faults.ts'
import type { Runner } from './statement.ts'

type Key = readonly (string | number | Date)[]

/**
 * A hot look-up by key that requests may share: those that ask while a query of the kind is under way are answered together by the
 * next one, so that load makes queries larger and not more.
 */
export interface Read<Row> {
  readonly name: string
  /** Parameter → PostgreSQL type. */
  readonly parameters: Readonly<Record<string, string>>
  /** The query of one key; `key.<parameter>` stands for the parameters. Answers any number of rows, all of whose names are its own. */
  readonly sql: string
  readonly _row?: Row
}

/** Declares a read. */
export function defineRead<Row>(read: Omit<Read<Row>, '_row'>): Read<Row> {
  return Object.freeze(read)
}

interface Asked {
  readonly key: Key
  readonly answer: (rows: unknown[]) => void
  readonly fail: (fault: unknown) => void
}

const MOST_TOGETHER = 64

export interface Reader {
  /** @param key the parameters in the order of their declaration */
  read<Row>(read: Read<Row>, key: Key): Promise<Row[]>
}

/** Joins the reads of one process; see `Read`. */
export function makeReader(store: Runner): Reader {
  const waiting = new Map<string, Asked[]>()
  const busy = new Set<string>()

  async function query(read: Read<unknown>, asked: readonly Asked[]): Promise<void> {
    const columns = Object.keys(read.parameters).map((_, column) => asked.map(({ key }) => key[column]))
    const rows = await store.run<{ slot: number }>({ name: `read:${read.name}`, text: textOf(read) }, columns)
    const bySlot = asked.map((): unknown[] => [])
    for (const { slot, ...row } of rows) bySlot[slot - 1]!.push(row)
    asked.forEach(({ answer }, index) => {
      answer(bySlot[index]!)
    })
  }

  async function serve(read: Read<unknown>, asked: readonly Asked[]): Promise<void> {
    try {
      await query(read, asked)
    } catch (fault) {
      // One request's malformed value must not fail its neighbours.
      if (asked.length > 1 && isDataFault(fault)) await Promise.all(asked.map((one) => serve(read, [one])))
      else for (const { fail } of asked) fail(fault)
    }
  }

  async function drain(read: Read<unknown>): Promise<void> {
    busy.add(read.name)
    // Whoever asks in the same turn of the event loop comes along.
    await setImmediate()
    for (let queue = waiting.get(read.name); queue && queue.length > 0; )
      await serve(read, queue.splice(0, MOST_TOGETHER))
    busy.delete(read.name)
  }

  return {
    read: <Row>(read: Read<Row>, key: Key) =>
      new Promise<Row[]>((answer, fail) => {
        const queue = waiting.get(read.name) ?? []
        waiting.set(read.name, queue)
        queue.push({ key, answer: answer as (rows: unknown[]) => void, fail })
        if (!busy.has(read.name)) void drain(read)
      }),
  }
}

const texts = new Map<string, string>()

function textOf({ name, parameters, sql }: Read<unknown>): string {
  const known = texts.get(name)
  if (known) return known
  const arrays = Object.values(parameters).map((type, index) => `$${index + 1}::${type}[]`)
  const text = `select key.slot::int as slot, found.*
    from unnest(${arrays.join(', ')}) with ordinality as key(${[...Object.keys(parameters), 'slot'].join(', ')}),
    lateral (${sql}) as found`
  texts.set(name, text)
  return text
}
