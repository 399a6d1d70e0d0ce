import type pg from 'pg'

/** A value of a column: bytes, a moment, text, a number, or nothing. */
export type Value = Buffer | Date | string | number | null

export interface Rows {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Value[])[]
}

/** What `pg` has for COPY and its types leave out. */
interface CopyConnection extends pg.Connection {
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** Writes rows by COPY, ten times as fast as INSERT. */
export function copyInto(client: pg.Client, { table, columns, rows }: Rows): Promise<void> {
  if (rows.length === 0) return Promise.resolve()
  const data = Buffer.from(rows.map((row) => `${row.map(written).join('\t')}\n`).join(''))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  // The calls that `pg` makes to what is submitted to it, as to its own Query.
  const copy = {
    submit: (connection: pg.Connection) => connection.query(`copy ${table} (${columns.join(', ')}) from stdin`),
    handleCopyInResponse(connection: CopyConnection) {
      connection.sendCopyFromChunk(data)
      connection.endCopyFrom()
    },
    handleCommandComplete() {},
    handleReadyForQuery: () => resolve(),
    handleError: (error: Error) => reject(error),
  }
  client.query(copy)
  return promise
}

/** As the text format of COPY has it. */
function written(value: Value): string {
  if (value === null) return '\\N'
  if (Buffer.isBuffer(value)) return `\\\\x${value.toString('hex')}`
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'number') return String(value)
  return value.replace(/[\\\t\n\r]/g, (special) => ESCAPES[special]!)
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
