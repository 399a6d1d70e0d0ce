import { parentPort, workerData } from 'node:worker_threads'
import pg from 'pg'
import { contactIndex } from '#src/accounts/contact-store.ts'
import { Secret } from '#src/kernel/secret.ts'
import { type Keyring, openKeyring } from '#src/store/keyring.ts'
import { openStore } from '#src/store/store.ts'
import { makeSubjects } from '#src/store/subject.ts'
import { copyInto } from './copy.ts'
import { type MadeUp, madeUp } from './people.ts'
import { rowsOf } from './rows.ts'

/** What a worker thread begins with. */
export interface WorkerStart {
  readonly databaseUrl: string
  readonly keks: readonly { readonly id: string; readonly key: string }[]
  readonly phc: string
}

/** People `first` up to and without `last`; written in one transaction. */
export interface Chunk {
  readonly first: number
  readonly last: number
}

/** How many of a chunk were written; the others were there already. `ms` of computing, and of waiting for the database. */
export interface ChunkDone {
  readonly written: number
  readonly computedMs: number
  readonly databaseMs: number
}

const { databaseUrl, keks, phc } = workerData as WorkerStart

async function readKeyring(): Promise<Keyring> {
  const url = new Secret(databaseUrl)
  const store = await openStore({ kind: 'postgres', url, poolSize: 1, connectTimeoutMs: 10_000 }, () => {})
  try {
    return await openKeyring(
      store.db,
      keks.map(({ id, key }) => ({ id, key: new Secret(key) })),
    )
  } finally {
    await store.close()
  }
}

/** Those of a chunk whom an interrupted run has not written. */
async function missing(client: pg.Client, keyring: Keyring, { first, last }: Chunk): Promise<MadeUp[]> {
  const byHash = new Map<string, MadeUp>()
  for (let n = first; n < last; n++) {
    const person = madeUp(n)
    byHash.set(contactIndex(keyring, 'phone', person.phone), person)
  }
  const hashes = [...byHash.keys()]
  const held = await client.query("select hash from identifiers where kind = 'phone' and hash = any($1)", [hashes])
  for (const { hash } of held.rows) byHash.delete(hash)
  return [...byHash.values()]
}

const keyring = await readKeyring()
const subjectOf = makeSubjects(keyring.key('subject'))
const client = new pg.Client({ connectionString: databaseUrl, application_name: 'propusk-seed' })
await client.connect()

async function write(chunk: Chunk): Promise<ChunkDone> {
  const begun = performance.now()
  const people = await missing(client, keyring, chunk)
  if (people.length === 0) return { written: 0, computedMs: 0, databaseMs: performance.now() - begun }
  const numbers = await client.query("select nextval('account_numbers')::int as n from generate_series(1, $1)", [
    people.length,
  ])
  const before = performance.now()
  const accounts = people.map((person, index) => ({ oid: subjectOf(numbers.rows[index].n), madeUp: person }))
  const tables = rowsOf(keyring, phc, accounts)
  const computed = performance.now()
  await client.query('begin')
  for (const rows of tables) await copyInto(client, rows)
  await client.query('commit')
  const ended = performance.now()
  return { written: people.length, computedMs: computed - before, databaseMs: ended - computed + before - begun }
}

const port = parentPort!
port.on('message', (chunk: Chunk | 'end') => {
  const work =
    chunk === 'end' ? client.end().then(() => port.close()) : write(chunk).then((done) => port.postMessage(done))
  // Ends the thread, which tells whoever started it; the transaction is rolled back with the connection.
  work.catch((fault: unknown) =>
    setImmediate(() => {
      throw fault
    }),
  )
})
port.postMessage('ready')
