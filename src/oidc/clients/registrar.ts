import type { Journal, JournalEvent } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { addSeconds } from '#src/kernel/clock.ts'
import { randomTicket } from '#src/kernel/ids.ts'
import type { Store } from '#src/store/store.ts'
import { Unit, UnitLost, units } from '#src/store/unit.ts'
import type { RelyingParty } from '../clients.ts'
import { needsSecret } from './check.ts'
import { type Clients, takenMessage } from './clients.ts'
import {
  clientChanged,
  clientDeleted,
  clientOverlapEnded,
  clientRegistered,
  clientResumed,
  clientSecretRenewed,
  clientSuspended,
} from './events.ts'
import type { Registered } from './store.ts'

/** What became of a client, and its secret where one was just made: nobody can be shown it again. */
export interface Registration {
  readonly client: RelyingParty
  readonly secret: string | undefined
}

export interface Change extends Registration {
  readonly before: RelyingParty
}

/** What an operator does with relying parties; each change and its journal event are stored together. */
export interface Registrar {
  /** @throws MetadataRefused, Error when the client_id is taken */
  register(metadata: unknown): Promise<Registration>
  /**
   * Changes only what is named.
   * @param changes registered name → new value, `null` removes it
   * @throws MetadataRefused, Error when there is no such client
   */
  change(clientId: string, changes: Readonly<Record<string, unknown>>): Promise<Change>
  /** Nothing of it is served until it is resumed: no sign-ins, no tokens, none that it holds. */
  suspend(clientId: string, reason: string): Promise<void>
  resume(clientId: string): Promise<void>
  /**
   * @param overlapSeconds how long the former secret is accepted beside the new one; 0 ends it at once
   * @throws Error while an earlier overlap runs: there is room for two secrets, and the one that was promised to work would go
   */
  renewSecret(clientId: string, overlapSeconds: number): Promise<{ secret: string; overlapUntil: Date | undefined }>
  endOverlap(clientId: string): Promise<void>
  /** For good: its tokens and consents are worth nothing, and its id is never given to another. */
  remove(clientId: string): Promise<void>
}

const UNIQUE_VIOLATION = '23505'

export function makeRegistrar(deps: {
  store: Store
  clients: Clients
  journal: Journal
  clock: Clock
  /** See `checkMetadata`. */
  check: (metadata: unknown, before?: RelyingParty) => Promise<RelyingParty>
  /** Who acts, for the journal. */
  actor: string
}): Registrar {
  const { store, clients, journal, clock, check, actor } = deps

  /** Stores a change and its event in one statement. */
  async function stored(clientId: string, change: () => Promise<void>, event: JournalEvent): Promise<void> {
    const unit = new Unit()
    await units.run(unit, async () => {
      await change()
      await journal.note(event)
    })
    try {
      await unit.flush(store)
    } catch (fault) {
      if (fault instanceof UnitLost)
        throw new Error(`somebody else changed "${clientId}" at the same time; look at it and repeat`)
      if ((fault as { code?: unknown }).code === UNIQUE_VIOLATION) throw new Error(takenMessage(clientId))
      throw fault
    } finally {
      clients.forget(clientId)
    }
  }

  async function existing(clientId: string): Promise<Registered> {
    const found = await clients.read(clientId)
    if (!found) throw new Error(`there is no client "${clientId}"`)
    if (found.state === 'deleted') throw new Error(`the client "${clientId}" is deleted`)
    return found
  }

  return {
    async register(metadata) {
      const client = await check(metadata)
      const { client_id } = client
      if (await clients.read(client_id)) throw new Error(takenMessage(client_id))
      const secret = needsSecret(client) ? randomTicket() : undefined
      const registered = { client: { ...client, ...(secret !== undefined && { client_secret: secret }) } }
      await stored(
        client_id,
        () => clients.add({ ...registered, state: 'active' }),
        clientRegistered({ client: client_id, actor, invitation: '' }),
      )
      return { client, secret }
    },
    async change(clientId, changes) {
      const found = await existing(clientId)
      const { client_secret: held, ...before } = found.client
      const merged = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null)
      const client = await check(Object.fromEntries(merged), before)
      if (client.client_id !== clientId) throw new Error('a client_id cannot be changed; register another client')
      const fields = changedFields(before, client)
      if (fields.length === 0) return { before, client, secret: undefined }
      const secret = needsSecret(client) && held === undefined ? randomTicket() : undefined
      const kept = needsSecret(client) ? (held ?? secret) : undefined
      const { previous, ...rest } = found
      await stored(
        clientId,
        () =>
          clients.change({
            ...rest,
            client: { ...client, ...(kept !== undefined && { client_secret: kept }) },
            ...(kept !== undefined && previous && { previous }),
          }),
        clientChanged({ client: clientId, actor, fields: fields.join(' ') }),
      )
      return { before, client, secret }
    },
    async suspend(clientId, reason) {
      const found = await existing(clientId)
      if (found.state === 'suspended') throw new Error(`the client "${clientId}" is suspended already: ${found.reason}`)
      await stored(
        clientId,
        () => clients.change({ ...found, state: 'suspended', reason }),
        clientSuspended({ client: clientId, actor, reason }),
      )
    },
    async resume(clientId) {
      const { reason: _settled, ...found } = await existing(clientId)
      if (found.state !== 'suspended') throw new Error(`the client "${clientId}" is not suspended`)
      await stored(
        clientId,
        () => clients.change({ ...found, state: 'active' }),
        clientResumed({ client: clientId, actor }),
      )
    },
    async renewSecret(clientId, overlapSeconds) {
      const { previous, ...found } = await existing(clientId)
      const former = found.client.client_secret
      if (former === undefined)
        throw new Error(`the client "${clientId}" has no secret; it proves itself in another way`)
      const now = clock.now()
      // Of two at once the later one is lost: it writes over the version that it has read, or nothing.
      if (overlapSeconds > 0 && previous && now < previous.until)
        throw new Error(
          `"${clientId}" has two secrets until ${previous.until.toISOString()}, and a third would end the first at once; ` +
            'end it yourself with --end-overlap and repeat, or replace both with --overlap 0',
        )
      const secret = randomTicket()
      const overlapUntil = overlapSeconds > 0 ? addSeconds(now, overlapSeconds) : undefined
      await stored(
        clientId,
        () =>
          clients.change({
            ...found,
            client: { ...found.client, client_secret: secret },
            ...(overlapUntil && { previous: { secret: former, until: overlapUntil } }),
          }),
        clientSecretRenewed({ client: clientId, actor, overlap_until: overlapUntil?.toISOString() ?? '' }),
      )
      return { secret, overlapUntil }
    },
    async endOverlap(clientId) {
      const { previous, ...found } = await existing(clientId)
      if (!previous) throw new Error(`the client "${clientId}" has only one secret`)
      await stored(clientId, () => clients.change(found), clientOverlapEnded({ client: clientId, actor }))
    },
    async remove(clientId) {
      await stored(
        clientId,
        async () => clients.change(deleted(await existing(clientId))),
        clientDeleted({ client: clientId, actor }),
      )
    },
  }
}

/** What stays of a client: enough to tell whose tokens and consents those were. */
export function deleted({ client, createdAt, changedAt, version }: Registered): Registered {
  const { client_id, client_name } = client
  const left = { client_id, client_name, redirect_uris: [] }
  return { client: left, state: 'deleted', createdAt, changedAt, version }
}

/** Names of the fields that differ, sorted. */
export function changedFields(before: RelyingParty, after: RelyingParty): (keyof RelyingParty)[] {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)] as (keyof RelyingParty)[])
  return [...fields].filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field])).sort()
}
