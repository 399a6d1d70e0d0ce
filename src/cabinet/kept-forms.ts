import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { type AccountId, randomTicket, ticketHash } from '#src/kernel/ids.ts'
import type { DataKeys } from '#src/store/keyring.ts'
import { defineRead } from '#src/store/reads.ts'
import { open, seal } from '#src/store/seal.ts'
import type { Store } from '#src/store/store.ts'
import { type Part, write } from '#src/store/unit.ts'

/** A form that could not be taken yet. */
export interface KeptForm {
  /** The path of the page that shows it. */
  readonly page: string
  readonly fields: Readonly<Record<string, string>>
}

/** What was typed by somebody whose sign-in had run out, until that same person is signed in again in the same browser. */
export interface KeptForms {
  /** @returns a ticket for the browser, or undefined when it is too much to keep */
  keep(oid: AccountId, form: KeptForm): Promise<string | undefined>
  find(oid: AccountId, ticket: string): Promise<KeptForm | undefined>
  drop(oid: AccountId, ticket: string): Promise<void>
}

export const KEPT_SECONDS = 3600
const MOST_BYTES = 16 * 1024
/** Of one account in an hour; a browser that answers no sign-in can send forms as fast as it likes. */
const MOST_KEPT = 20

const find = defineRead<{ form: Uint8Array }>({
  name: 'kept_forms',
  parameters: { oid: 'int', id: 'text', at: 'timestamptz' },
  sql: 'select form from kept_forms where oid = key.oid and id = key.id and expires_at > key.at',
})

const keepForm: Part = {
  name: 'keep_form',
  columns: { oid: 'int', id: 'text', form: 'bytea', expires_at: 'timestamptz' },
  sql: (rows) => `insert into kept_forms (oid, id, form, expires_at) select oid, id, form, expires_at from ${rows} r
    where (select count(*) from kept_forms k where k.oid = r.oid) < ${MOST_KEPT}`,
}

const dropForm: Part = {
  name: 'drop_kept_form',
  columns: { oid: 'int', id: 'text' },
  sql: (rows) => `delete from kept_forms k using ${rows} r where k.oid = r.oid and k.id = r.id`,
}

export function makeKeptForms(deps: { store: Store; dataKeys: DataKeys; clock: Clock }): KeptForms {
  const { store, dataKeys, clock } = deps
  const place = (oid: AccountId, id: string) => ({ table: 'kept_forms', column: 'form', key: `${oid}:${id}` })
  return {
    async keep(oid, form) {
      const text = JSON.stringify(form)
      if (Buffer.byteLength(text) > MOST_BYTES) return undefined
      const ticket = randomTicket()
      const id = ticketHash(ticket)
      const sealed = seal(await dataKeys.of(oid), place(oid, id), text)
      await write(store, keepForm, id, [oid, id, sealed, addSeconds(clock.now(), KEPT_SECONDS)])
      return ticket
    },
    async find(oid, ticket) {
      const id = ticketHash(ticket)
      const [row] = await store.read(find, [oid, id, clock.now()])
      return row && JSON.parse(open(await dataKeys.of(oid), place(oid, id), row.form).toString('utf8'))
    },
    async drop(oid, ticket) {
      const id = ticketHash(ticket)
      await write(store, dropForm, id, [oid, id])
    },
  }
}
