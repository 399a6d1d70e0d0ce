import { setImmediate } from 'node:timers/promises'
import { isDataFault } from './faults.ts'
import type { Runner, Statement } from './statement.ts'

type Key = readonly (string | number | Date)[]

/**
 * A hot look-up by key that requests may share: those that ask while look-ups are under way are answered together by the next ones, so
 * that load makes queries larger and not more.
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
  let waiting = new Map<Read<unknown>, Asked[]>()
  let busy = false

  async function query(read: Read<unknown>, asked: readonly Asked[]): Promise<void> {
    const columns = Object.keys(read.parameters).map((_, column) => asked.map(({ key }) => key[column]))
    const rows = await store.run<{ slot: number }>(statementOf(read), columns)
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

  /** As many as fit into one statement of each kind. */
  function next(): [Read<unknown>, Asked[]][] {
    const taken = [...waiting].map(([read, asked]): [Read<unknown>, Asked[]] => [read, asked.splice(0, MOST_TOGETHER)])
    waiting = new Map([...waiting].filter(([, asked]) => asked.length > 0))
    return taken
  }

  async function drain(): Promise<void> {
    busy = true
    while (waiting.size > 0) {
      // Whoever asks in the same turn of the event loop comes along: new requests, and those that the last answers have brought further.
      await setImmediate()
      // Asked for in one turn, so that the statements of all kinds share a round trip and a transaction.
      await Promise.all(next().map(([read, asked]) => serve(read, asked)))
    }
    busy = false
  }

  return {
    read: <Row>(read: Read<Row>, key: Key) =>
      new Promise<Row[]>((answer, fail) => {
        const asked = { key, answer: answer as (rows: unknown[]) => void, fail }
        const queue = waiting.get(read)
        if (queue) queue.push(asked)
        else waiting.set(read, [asked])
        if (!busy) void drain()
      }),
  }
}

const statements = new Map<string, Statement>()

function statementOf({ name, parameters, sql }: Read<unknown>): Statement {
  const known = statements.get(name)
  if (known) return known
  const types = Object.values(parameters).map((type) => `${type}[]`)
  const arrays = types.map((type, index) => `$${index + 1}::${type}`)
  const text = `select key.slot::int as slot, found.*
    from unnest(${arrays.join(', ')}) with ordinality as key(${[...Object.keys(parameters), 'slot'].join(', ')}),
    lateral (${sql}) as found`
  const statement = { name: `read:${name}`, text, types, reads: true }
  statements.set(name, statement)
  return statement
}
