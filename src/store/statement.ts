/** A hot query that is prepared once per connection; `name` must be unique for its text. */
export interface Statement {
  readonly name: string
  readonly text: string
}

/** Whatever runs hot statements, each committing by itself. */
export interface Runner {
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>
}
