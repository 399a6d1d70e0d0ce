import { sql } from 'kysely'
import type { Keyring } from './keyring.ts'
import type { Store } from './store.ts'

const BATCH = 500

/** How far it has come: keys that the active key-encryption key wraps now, and those that it found wrapped by another. */
export interface Rewrapped {
  readonly done: number
  readonly found: number
}

/** Wraps every key anew with the active key-encryption key, so that those before it can be taken out of the configuration. */
export interface Rewrapping {
  /**
   * In batches that commit one by one: what was interrupted goes on where it stopped, and keys that others make, use or destroy meanwhile
   * are left to them.
   * @throws Error naming the key-encryption key that is not configured
   */
  run(progress: (soFar: Rewrapped) => void): Promise<Rewrapped>
}

/** Tables of wrapped keys, each with its key column and the name that its keys are wrapped under. */
const tables = [
  { table: 'keyring', column: 'name', nameOf: (key: string) => key },
  { table: 'data_keys', column: 'oid', nameOf: (key: string) => `data:${key}` },
  { table: 'drafts', column: 'id', nameOf: (key: string) => `draft:${key}` },
] as const

interface Row {
  readonly key: string
  readonly kek_id: string
  readonly wrapped: Uint8Array
}

export function makeRewrapping(deps: {
  store: Pick<Store, 'db'>
  keyring: Pick<Keyring, 'wrap' | 'unwrap' | 'activeKek'>
}): Rewrapping {
  const { store, keyring } = deps

  /** @returns how many of the batch are wrapped anew; the others changed or went meanwhile */
  async function rewrap({ table, column, nameOf }: (typeof tables)[number], rows: readonly Row[]): Promise<number> {
    const anew = rows.map(({ key, kek_id, wrapped }) => {
      const name = nameOf(key)
      return { key, before: kek_id, ...keyring.wrap(name, keyring.unwrap(name, kek_id, wrapped)) }
    })
    const of = <T>(pick: (row: (typeof anew)[number]) => T) => anew.map(pick)
    const { numAffectedRows = 0n } = await sql`update ${sql.table(table)} as t
      set kek_id = n.kek_id, wrapped = n.wrapped
      from unnest(${of(({ key }) => key)}::text[], ${of(({ before }) => before)}::text[],
        ${of(({ kekId }) => kekId)}::text[], ${of(({ wrapped }) => wrapped)}::bytea[]) as n (key, before, kek_id, wrapped)
      where t.${sql.ref(column)} = n.key::${sql.raw(column === 'oid' ? 'int' : 'text')} and t.kek_id = n.before`.execute(
      store.db,
    )
    return Number(numAffectedRows)
  }

  return {
    async run(progress) {
      const soFar = { done: 0, found: 0 }
      for (const place of tables) {
        const { table, column } = place
        let after: string | undefined
        for (;;) {
          const key = sql.ref(column)
          const { rows } = await sql<Row>`select ${key}::text as key, kek_id, wrapped from ${sql.table(table)}
            where kek_id <> ${keyring.activeKek} ${after === undefined ? sql`` : sql`and ${key} > ${after}`}
            order by ${key} limit ${sql.lit(BATCH)}`.execute(store.db)
          if (rows.length === 0) break
          soFar.done += await rewrap(place, rows)
          soFar.found += rows.length
          after = rows.at(-1)!.key
          progress({ ...soFar })
        }
      }
      return soFar
    },
  }
}
