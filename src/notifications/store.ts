import { sql } from 'kysely'
import { type AccountId, NOBODY } from '#src/kernel/ids.ts'
import type { DataKeys, Keyring } from '#src/store/keyring.ts'
import { open, type Place, seal } from '#src/store/seal.ts'
import type { Db, Tx } from '#src/store/store.ts'
import type { Way } from './channels.ts'
import type { MessageText } from './text.ts'

/** What goes out; the PDF of a letter has no words beside it. */
export interface MessageBody extends MessageText {
  readonly pdf?: Buffer
}

export interface NewMessage {
  readonly oid: AccountId
  readonly id: string
  readonly channel: Way
  readonly kind: string
  readonly recipient: string
  readonly body: MessageBody
  readonly createdAt: Date
  readonly expiresAt: Date
}

export interface WaitingMessage {
  readonly channel: Way
  readonly kind: string
  readonly expiresAt: Date
  /** Opens what the row holds. @throws Error when the account's data key is gone */
  open(): Promise<{ recipient: string; body: MessageBody }>
}

export type Outcome = 'sent' | 'expired' | 'refused'

/** The table `messages`: recipient and body are sealed, and blanked as soon as the message's fate is settled. */
export interface MessageStore {
  insert(tx: Tx, message: NewMessage): Promise<void>
  findWaiting(db: Db, oid: AccountId, id: string): Promise<WaitingMessage | undefined>
  /** Settles a waiting message; one settled already keeps its outcome. */
  settle(db: Db, oid: AccountId, id: string, outcome: Outcome, at: Date): Promise<void>
  /** Blanks up to 500 waiting messages whose time is over, for those that no job came back to. @returns how many */
  expireOverdue(db: Db, at: Date): Promise<number>
}

export interface SealingDeps {
  readonly keyring: Pick<Keyring, 'key'>
  readonly dataKeys: Pick<DataKeys, 'of'>
}

export function makeMessageStore({ keyring, dataKeys }: SealingDeps): MessageStore {
  const keyOf = async (oid: AccountId, handle?: Db | Tx) =>
    oid === NOBODY ? keyring.key('messages') : dataKeys.of(oid, handle)

  return {
    async insert(tx, { oid, id, channel, kind, recipient, body, createdAt, expiresAt }) {
      const key = await keyOf(oid, tx)
      await tx
        .insertInto('messages')
        .values({
          oid,
          id,
          channel,
          kind,
          recipient: seal(key, place('recipient', id), recipient),
          body: seal(key, place('body', id), written(body)),
          created_at: createdAt,
          expires_at: expiresAt,
          state: 'waiting',
          settled_at: null,
        })
        .execute()
    },

    async findWaiting(db, oid, id) {
      const row = await db
        .selectFrom('messages')
        .select(['channel', 'kind', 'recipient', 'body', 'expires_at'])
        .where('oid', '=', oid)
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .executeTakeFirst()
      if (!row) return undefined
      return {
        channel: row.channel as Way,
        kind: row.kind,
        expiresAt: row.expires_at,
        async open() {
          const key = await keyOf(oid)
          return {
            recipient: open(key, place('recipient', id), row.recipient!).toString(),
            body: read(open(key, place('body', id), row.body!).toString()),
          }
        },
      }
    },

    async settle(db, oid, id, outcome, at) {
      await db
        .updateTable('messages')
        .set({ state: outcome, settled_at: at, recipient: null, body: null })
        .where('oid', '=', oid)
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .execute()
    },

    async expireOverdue(db, at) {
      const result = await sql`
        update messages set state = 'expired', settled_at = ${at}, recipient = null, body = null
        where ctid = any(array(
          select ctid from messages where state = 'waiting' and expires_at <= ${at}
          order by expires_at limit 500 for update skip locked))
          and state = 'waiting'`.execute(db)
      return Number(result.numAffectedRows ?? 0)
    },
  }
}

function written({ pdf, ...text }: MessageBody): string {
  return JSON.stringify({ ...text, ...(pdf && { pdf: pdf.toString('base64') }) })
}

function read(sealed: string): MessageBody {
  const { pdf, ...text } = JSON.parse(sealed) as MessageText & { readonly pdf?: string }
  return { ...text, ...(pdf !== undefined && { pdf: Buffer.from(pdf, 'base64') }) }
}

function place(column: 'recipient' | 'body', id: string): Place {
  return { table: 'messages', column, key: id }
}
