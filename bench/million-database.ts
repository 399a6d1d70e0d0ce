import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import { PLANNING } from '#src/store/store.ts'
import { percentile } from './arithmetic.ts'

/** A smaller table is rightly read as a whole. */
const LARGE_ROWS = 10_000
/** Statements that ran less often do not belong to the path. */
const LEAST_CALLS = 10
const MOST_MS = 2
const TICK_MS = 10
const SYNTAX_ERROR = '42601'

/** What a database says about itself while a server works on it. */
export interface Observed {
  /** CPU of the whole PostgreSQL server since its start, in ms. */
  cpuMs(): Promise<number>
  /**
   * Plans of all statements that ran since `forget`.
   * @throws Error naming each plan that reads a large table as a whole, and look-ups slower than 2 ms on average
   */
  checkPlans(): Promise<string[]>
  /** Look-ups by value with their buffers, as EXPLAIN (ANALYZE, BUFFERS) tells them. @throws Error when there are none, or half of a kind take longer than 2 ms */
  checkLookups(values: readonly Lookup[]): Promise<string[]>
  /** Bytes per account, by table and index. */
  sizes(accounts: number): Promise<string[]>
  forget(): Promise<void>
  close(): Promise<void>
}

export interface Lookup {
  readonly kind: string
  readonly hash: string
}

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly Plans?: readonly Plan[]
}

export async function observe(databaseUrl: string): Promise<Observed> {
  const client = new pg.Client({ connectionString: databaseUrl, options: PLANNING })
  await client.connect()
  await client.query('create extension if not exists pg_stat_statements')
  const rows = async <R extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
    (await client.query<R>(text, values)).rows
  const [backend] = await rows<{ pid: number }>('select pg_backend_pid() as pid')
  let scansBefore = new Map<string, number>()
  const postmaster = (await statOf(backend!.pid))!.parent

  /** undefined: what `pg_stat_statements` made of it is no SQL any more, such as `interval $1`. */
  async function planOf(text: string): Promise<Plan | undefined> {
    const explained = rows<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (generic_plan, format json) ${text}`)
    const [row] = await explained.catch((fault: { code?: string }) => {
      if (fault.code === SYNTAX_ERROR) return []
      throw fault
    })
    return row?.['QUERY PLAN'][0].Plan
  }

  /** How often each table was read as a whole; told when a connection ends. */
  async function wholeReads(): Promise<Map<string, number>> {
    const found = await rows<{ relname: string; scans: string }>(
      'select relname, seq_scan as scans from pg_stat_user_tables',
    )
    return new Map(found.map(({ relname, scans }) => [relname, Number(scans)]))
  }

  async function largeTables(): Promise<Set<string>> {
    const found = await rows<{ relname: string }>(
      "select relname from pg_class where relkind = 'r' and reltuples >= $1",
      [LARGE_ROWS],
    )
    return new Set(found.map(({ relname }) => relname))
  }

  return {
    async cpuMs() {
      const stats = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(statOf))
      const own = stats.find((stat) => stat?.pid === postmaster)
      const children = stats.filter((stat) => stat?.parent === postmaster)
      const ticks = children.reduce((sum, stat) => sum + stat!.ticks, (own?.ticks ?? 0) + (own?.endedTicks ?? 0))
      return ticks * TICK_MS
    },
    async checkPlans() {
      const large = await largeTables()
      const statements = await rows<{ query: string; calls: string; mean: number }>(
        `select query, calls, mean_exec_time as mean from pg_stat_statements s join pg_database d on d.oid = s.dbid
          where d.datname = current_database() and calls >= $1 and query ~* '^\\s*(select|with|insert|update|delete)'
            and query !~* 'pg_stat_statements|pgboss'`,
        [LEAST_CALLS],
      )
      const faults: string[] = []
      let planned = 0
      for (const { query, mean } of statements) {
        const plan = await planOf(query)
        if (plan) planned++
        for (const table of plan ? readWhole(plan) : [])
          if (large.has(table)) faults.push(`${table} is read as a whole by: ${oneLine(query)}`)
        if (/\bfrom identifiers\b/.test(query) && mean >= MOST_MS)
          faults.push(`${mean.toFixed(2)} ms on average: ${oneLine(query)}`)
      }
      for (const [table, scans] of await wholeReads())
        if (large.has(table) && scans > (scansBefore.get(table) ?? 0)) faults.push(`${table} was read as a whole`)
      if (faults.length > 0) throw new Error(faults.join('\n'))
      const lookups = statements.filter(({ query }) => /\bfrom identifiers\b/.test(query))
      return [
        `${statements.length} statements, ${planned} of them with their plans: none read one of the ${large.size} large tables as a whole`,
        ...lookups.map(({ query, calls, mean }) => `${mean.toFixed(3)} ms on average of ${calls}: ${oneLine(query)}`),
      ]
    },
    async checkLookups(values) {
      if (values.length === 0) throw new Error('nothing to look up')
      const times = new Map<string, number[]>()
      const blocks = { hit: 0, read: 0 }
      for (const { kind, hash } of values) {
        const [row] = await rows<{ 'QUERY PLAN': [Analysed] }>(
          `explain (analyze, buffers, format json) select oid from identifiers where kind = ${pg.escapeLiteral(kind)} and hash = ${pg.escapeLiteral(hash)}`,
        )
        const [{ Plan: plan, 'Execution Time': ms }] = row!['QUERY PLAN']
        if (readWhole(plan).length > 0) throw new Error(`identifiers are read as a whole for a ${kind}`)
        times.set(kind, [...(times.get(kind) ?? []), ms])
        blocks.hit += plan['Shared Hit Blocks']
        blocks.read += plan['Shared Read Blocks']
      }
      const slow = [...times].find(([, taken]) => percentile(taken, 50) >= MOST_MS)
      if (slow) throw new Error(`half of the look-ups by ${slow[0]} take longer than ${MOST_MS} ms`)
      const per = (count: number) => (count / values.length).toFixed(1)
      return [
        ...[...times].map(
          ([kind, taken]) =>
            `by ${kind}: ${percentile(taken, 50).toFixed(3)} ms, 99th percentile ${percentile(taken, 99).toFixed(3)} ms`,
        ),
        `each look-up: ${per(blocks.hit)} blocks from the buffers, ${per(blocks.read)} read`,
      ]
    },
    async sizes(accounts) {
      const tables = await rows<{ name: string; data: string; indexes: string }>(
        `select relname as name, pg_table_size(c.oid) as data, pg_indexes_size(c.oid) as indexes from pg_class c
          where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples >= $1 order by pg_total_relation_size(c.oid) desc`,
        [LARGE_ROWS],
      )
      const per = (bytes: number) => `${Math.round(bytes / accounts)}`
      const sum = (member: 'data' | 'indexes') => tables.reduce((total, table) => total + Number(table[member]), 0)
      return [
        `bytes per account: ${per(sum('data') + sum('indexes'))}, of these ${per(sum('indexes'))} of indexes`,
        ...tables.map(
          ({ name, data, indexes }) => `${name}: ${per(Number(data))} and ${per(Number(indexes))} of indexes`,
        ),
      ]
    },
    async forget() {
      await rows('select pg_stat_statements_reset()')
      scansBefore = await wholeReads()
    },
    close: () => client.end(),
  }
}

interface Analysed {
  readonly Plan: Plan & { readonly 'Shared Hit Blocks': number; readonly 'Shared Read Blocks': number }
  readonly 'Execution Time': number
}

/** Tables that a plan reads from their first page to their last. */
function readWhole(plan: Plan): string[] {
  const below = (plan.Plans ?? []).flatMap(readWhole)
  return plan['Node Type'].endsWith('Seq Scan') ? [...below, plan['Relation Name'] ?? ''] : below
}

const oneLine = (query: string) => query.replace(/\s+/g, ' ').slice(0, 160)

/** What Linux tells of a process: see proc_pid_stat(5). */
async function statOf(pid: number | string) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  // The name, in brackets, may hold spaces.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  return {
    pid: Number(pid),
    parent: fields[1]!,
    ticks: fields[11]! + fields[12]!,
    endedTicks: fields[13]! + fields[14]!,
  }
}
