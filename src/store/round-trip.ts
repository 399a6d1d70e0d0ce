import pg from 'pg'
import { Messages } from './messages.ts'
import type { Statement } from './statement.ts'

/** A statement that somebody waits for. */
export interface Call {
  readonly statement: Statement
  readonly values: readonly unknown[]
  readonly answer: (rows: Record<string, unknown>[]) => void
  readonly fail: (fault: unknown) => void
}

type Parse = (text: string) => unknown
/** Names of a statement's result columns, and what makes values of their text. */
type Shape = readonly { readonly name: string; readonly parse: Parse | undefined }[]

/** What `pg` lets a query do with its connection. */
interface Connection {
  readonly stream: { write(bytes: Uint8Array): boolean }
}

/** The statements prepared on each connection. */
const prepared = new WeakMap<Connection, Map<string, Shape>>()

const TEXT_OID = 25

/**
 * Several statements sent in one write and run in one transaction, which `pg` runs like a query of its own making (a Submittable, as its cursors
 * are). Its own `Query` is one statement, three or four messages and one write to the socket each.
 */
export class RoundTrip implements pg.Submittable {
  /** Names of the statements, for whoever watches what is sent. */
  readonly text: string
  readonly #calls: readonly Call[]
  readonly #ended: (fault?: unknown) => void
  readonly #rows: Record<string, unknown>[][] = []
  /** Those that are prepared on the way; known to be so when everything has gone well. */
  readonly #fresh = new Map<string, Shape>()
  #known: Map<string, Shape> = new Map()
  #current: Record<string, unknown>[] = []
  #shape: Shape | undefined

  /** @param ended called once; with a fault, if there was one, that has not been told to the calls */
  constructor(calls: readonly Call[], ended: (fault?: unknown) => void) {
    this.text = calls.map(({ statement }) => statement.name).join(' ')
    this.#calls = calls
    this.#ended = ended
  }

  /** @returns an error for `pg` to hand to `handleError` when nothing could be sent */
  submit(connection: unknown): Error | null {
    const { stream } = connection as Connection
    this.#known = knownOn(connection as Connection)
    const messages = new Messages()
    try {
      for (const { statement, values } of this.#calls) {
        const { name, text, types } = statement
        if (!this.#known.has(name) && !this.#fresh.has(name)) {
          this.#fresh.set(name, [])
          messages.prepare(name, text)
        }
        messages.execute(name, types, values)
      }
    } catch (fault) {
      return fault as Error
    }
    messages.sync()
    stream.write(messages.bytes())
    return null
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    const shape = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: dataTypeID === TEXT_OID ? undefined : (pg.types.getTypeParser(dataTypeID, 'text') as Parse),
    }))
    this.#fresh.set(this.#calls[this.#rows.length]!.statement.name, shape)
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    this.#shape ??= this.#shapeOf(this.#calls[this.#rows.length]!.statement.name)
    const row: Record<string, unknown> = {}
    for (const [index, { name, parse }] of this.#shape.entries()) {
      const text = fields[index]!
      row[name] = parse === undefined || text === null ? text : parse(text)
    }
    this.#current.push(row)
  }

  handleCommandComplete(): void {
    this.#rows.push(this.#current)
    this.#current = []
    this.#shape = undefined
  }

  handleReadyForQuery(): void {
    for (const [name, shape] of this.#fresh) this.#known.set(name, shape)
    this.#ended()
    for (const [index, { answer }] of this.#calls.entries()) answer(this.#rows[index]!)
  }

  handleError(fault: unknown): void {
    this.#ended(fault)
  }

  #shapeOf(name: string): Shape {
    return this.#known.get(name) ?? this.#fresh.get(name)!
  }
}

function knownOn(connection: Connection): Map<string, Shape> {
  const known = prepared.get(connection) ?? new Map<string, Shape>()
  prepared.set(connection, known)
  return known
}
