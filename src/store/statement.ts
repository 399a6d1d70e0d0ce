/** A hot query that is prepared once per connection; `name` must be unique for its text. */
export interface Statement {
  readonly name: string
  readonly text: string
  /** PostgreSQL types of the parameters, e.g. `text[]`, where they are known: such values travel in binary form. */
  readonly types?: readonly string[]
  /** It changes nothing, so it may share a transaction with others that are asked for in the same turn. */
  readonly reads?: boolean
}

/** Whatever runs hot statements, each committing by itself. */
export interface Runner {
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>
}
