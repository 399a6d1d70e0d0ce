import { randomBytes } from 'node:crypto'
import type { Journal } from '#src/journal/journal.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { randomTicket, ticketHash } from '#src/kernel/ids.ts'
import type { Store } from '#src/store/store.ts'
import { type Part, write } from '#src/store/unit.ts'
import type { Allowance } from '../clients/allowance.ts'
import { invitationMade, invitationRevoked } from './events.ts'

/** An initial access token (RFC 7591, section 1.2) as it is kept: the token itself is known to its holder alone. */
export interface Invitation {
  /** Short name for lists and the journal; tells nothing about the token. */
  readonly id: string
  readonly allowance: Allowance
  readonly usesLeft: number
  readonly createdAt: Date
  readonly expiresAt: Date
}

export interface Invitations {
  /** @returns the token, which nobody can be shown again */
  make(invitation: { uses: number; days: number; allowance: Allowance }): Promise<{ id: string; token: string }>
  /** Those that can still be used, newest first. */
  list(): Promise<Invitation[]>
  /** @throws Error when there is none that can still be used */
  revoke(id: string): Promise<void>
  /** @returns the invitation behind a token, while it can be used */
  find(token: string): Promise<Invitation | undefined>
  /** Takes one use away, in the unit of work; if it was the last one and somebody else was quicker, the unit is lost. */
  spend(id: string): Promise<void>
}

const DAY = 86_400

const spend: Part = {
  name: 'spend_invitation',
  columns: { id: 'text', at: 'timestamptz' },
  spends: true,
  sql: (rows) => `update invitations i set uses_left = i.uses_left - 1 from ${rows} r
    where i.id = r.id and i.uses_left > 0 and i.revoked_at is null and i.expires_at > r.at returning r.unit, r.position`,
}

/** @param deps `actor`: who makes and revokes them, for the journal */
export function makeInvitations(deps: { store: Store; journal: Journal; clock: Clock; actor: string }): Invitations {
  const { store, journal, clock, actor } = deps
  const usable = () =>
    store.db
      .selectFrom('invitations')
      .select(['id', 'allowance', 'uses_left', 'created_at', 'expires_at'])
      .where('uses_left', '>', 0)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', clock.now())

  return {
    async make({ uses, days, allowance }) {
      const id = randomBytes(6).toString('hex')
      const token = randomTicket()
      const createdAt = clock.now()
      await store.tx(async (tx) => {
        await tx
          .insertInto('invitations')
          .values({
            id,
            token_hash: ticketHash(token),
            allowance: JSON.stringify(allowance),
            uses_left: uses,
            created_at: createdAt,
            expires_at: addSeconds(createdAt, days * DAY),
          })
          .execute()
        await journal.record(tx, invitationMade({ invitation: id, actor, fields: Object.keys(allowance).join(' ') }))
      })
      return { id, token }
    },
    async list() {
      return (await usable().orderBy('created_at', 'desc').execute()).map(invitationOf)
    },
    async revoke(id) {
      await store.tx(async (tx) => {
        const revoked = await tx
          .updateTable('invitations')
          .set({ revoked_at: clock.now() })
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .where('uses_left', '>', 0)
          .where('expires_at', '>', clock.now())
          .returning('id')
          .executeTakeFirst()
        if (!revoked) throw new Error(`there is no invitation "${id}" that could still be used`)
        await journal.record(tx, invitationRevoked({ invitation: id, actor }))
      })
    },
    async find(token) {
      const row = await usable().where('token_hash', '=', ticketHash(token)).executeTakeFirst()
      return row && invitationOf(row)
    },
    spend: (id) => write(store, spend, id, [id, clock.now()]),
  }
}

function invitationOf(row: {
  id: string
  allowance: string
  uses_left: number
  created_at: Date
  expires_at: Date
}): Invitation {
  return {
    id: row.id,
    allowance: JSON.parse(row.allowance),
    usesLeft: row.uses_left,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}
