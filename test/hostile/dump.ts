import pg from 'pg'

const BYTEA = 17
/** Numbers and times hold no text; their digits would only be taken for codes by chance. */
const WITHOUT_TEXT = new Set([16, 20, 21, 23, 26, 700, 701, 1082, 1114, 1184, 1186, 1700])

const TABLES = `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`

const EMPTY_BYTES = `select table_name, column_name from information_schema.columns
  where table_schema = 'public' and data_type = 'bytea' and table_name !~ '^journal_(later|[0-9]{4}_[0-9]{2})$'`

/** Everything that a database holds in any table of any schema, unlogged ones included; bytes are raw bytes, the rest is text. */
export async function dump(databaseUrl: string): Promise<Buffer> {
  return connected(databaseUrl, async (client) => {
    const { rows: tables } = await client.query<{ schema: string; name: string }>(TABLES)
    const parts: Buffer[] = []
    for (const { schema, name } of tables) {
      const { rows, fields } = await client.query<(string | null)[]>({
        text: `select * from ${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`,
        rowMode: 'array',
        types: { getTypeParser: () => (value: string) => value },
      } as pg.QueryArrayConfig)
      for (const row of rows)
        for (const [column, value] of row.entries()) {
          const type = fields[column]!.dataTypeID
          if (value === null || WITHOUT_TEXT.has(type)) continue
          parts.push(type === BYTEA ? Buffer.from(value.slice(2), 'hex') : Buffer.from(value), Buffer.from('\n'))
        }
    }
    return Buffer.concat(parts)
  })
}

/** Columns of bytes, which are sealed or hashes without exception, that hold nothing yet. */
export async function emptySealedColumns(databaseUrl: string): Promise<string[]> {
  return connected(databaseUrl, async (client) => {
    const { rows: columns } = await client.query<{ table_name: string; column_name: string }>(EMPTY_BYTES)
    const empty: string[] = []
    for (const { table_name, column_name } of columns) {
      const { rowCount } = await client.query(`select from ${table_name} where ${column_name} is not null limit 1`)
      if (rowCount === 0) empty.push(`${table_name}.${column_name}`)
    }
    return empty
  })
}

async function connected<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
