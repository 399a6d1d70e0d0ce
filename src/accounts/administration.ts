import type { Journal, JournalEvent } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Realm } from '#src/kernel/realms.ts'
import type { DataKeys } from '#src/store/keyring.ts'
import { seal } from '#src/store/seal.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { type Account, type AccountState, stateReasonPlace } from './account.ts'
import {
  accountBlocked,
  accountRevealed,
  accountSuspected,
  accountTrusted,
  accountUnblocked,
  realmChanged,
  sessionsEnded,
} from './events.ts'
import type { RecordChange } from './identity/record-change.ts'
import type { IdentityRecords } from './identity/records.ts'
import type { OwnerNotices } from './owner-notices.ts'
import type { Sessions } from './sessions.ts'

/** Who acts on somebody else's account, and why, in words. */
export interface Acting {
  readonly actor: string
  readonly reason: string
}

/**
 * What an operator does to an account. All of it is journalled with who did it and why; what changes the account is told to its owner. A
 * blocked account is served nowhere from the next request on, as every endpoint reads its state.
 */
export interface AccountAdministration {
  /** Ends all sessions with their offline access. @returns false when it was not active */
  block(oid: AccountId, acting: Acting): Promise<boolean>
  /** @returns false when it was not blocked */
  unblock(oid: AccountId, acting: Acting): Promise<boolean>
  /** @returns how many sessions ended, with their offline access */
  endSessions(oid: AccountId, acting: Acting): Promise<number>
  /** From the next sign-in on its owner is asked for what the realm demands. @returns false when it had that realm already */
  moveTo(realm: Realm, oid: AccountId, acting: Acting): Promise<boolean>
  /**
   * *Verified* is suspended (R-A8): proofs of identity up to now do not count.
   * @returns why not: `unproven` where there is no proof that counts
   */
  suspect(oid: AccountId, acting: Acting): Promise<'closed' | 'suspected' | 'unproven' | undefined>
  /** They count again, as far as nothing else has suspended them. @returns why not */
  trust(oid: AccountId, acting: Acting): Promise<'closed' | 'trusted' | undefined>
  /** Before personal data are shown to an operator. */
  reveal(oid: AccountId, acting: Acting): Promise<void>
}

/** Whether an operator's suspicion stands: no identity was proven since. */
export const isSuspected = ({ suspectedAt, identity }: Pick<Account, 'suspectedAt' | 'identity'>) =>
  suspectedAt !== undefined && identity.lacks.includes('proof_again')

export function makeAccountAdministration(deps: {
  store: Store
  records: Pick<IdentityRecords, 'change'>
  dataKeys: DataKeys
  sessions: Pick<Sessions, 'endAll'>
  journal: Pick<Journal, 'record' | 'note'>
  ownerNotices: OwnerNotices
  clock: Clock
}): AccountAdministration {
  const { store, records, dataKeys, sessions, journal, ownerNotices, clock } = deps

  /** @returns false when the account is not in the state that it is to leave */
  async function put(
    oid: AccountId,
    change: { from: AccountState; to: AccountState; reason: string; event: JournalEvent; notice: string },
  ): Promise<boolean> {
    const owner = await ownerNotices.ownerOf(oid)
    const state_reason = seal(await dataKeys.of(oid), stateReasonPlace(oid), change.reason)
    return store.tx(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('accounts')
        .set({ state: change.to, state_reason, state_at: clock.now() })
        .where('oid', '=', oid)
        .where('state', '=', change.from)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return false
      await journal.record(tx, change.event)
      await ownerNotices.tell(tx, owner, { kind: change.notice, values: {} })
      return true
    })
  }

  /** @param why not, by the record as it is @returns why not; undefined when it is done */
  async function doubt<Why>(
    oid: AccountId,
    {
      suspected,
      event,
      actor,
      why,
    }: {
      suspected: boolean
      event: JournalEvent
      actor: string
      why: (account: Account) => Why | undefined
    },
  ): Promise<'closed' | Why | undefined> {
    const owner = await ownerNotices.ownerOf(oid)
    const change = async (tx: Tx, record: RecordChange) => {
      if (record.account.state === 'closed') return 'closed'
      const obstacle = why(record.account)
      if (obstacle !== undefined) return obstacle
      await record.setSuspicion(suspected)
      await journal.record(tx, event)
      return undefined
    }
    const reason = { cause: 'operator', actor, origin: '' }
    return store.tx((tx) => records.change(tx, owner, reason, (record) => change(tx, record)))
  }

  const endAll = (oid: AccountId, reason: string) => sessions.endAll(oid, { offline: 'revoked', reason })

  return {
    async block(oid, { actor, reason }) {
      const event = accountBlocked({ account: oid, actor, reason })
      const blocked = await put(oid, { from: 'active', to: 'blocked', reason, event, notice: 'account_blocked' })
      if (blocked) await endAll(oid, 'blocked')
      return blocked
    },
    async unblock(oid, { actor, reason }) {
      // Whatever was left of the sessions when it was blocked must not come back to life.
      await endAll(oid, 'blocked')
      const event = accountUnblocked({ account: oid, actor, reason })
      return put(oid, { from: 'blocked', to: 'active', reason, event, notice: 'account_unblocked' })
    },
    async endSessions(oid, { actor, reason }) {
      await journal.note(sessionsEnded({ account: oid, actor, reason }))
      return endAll(oid, 'operator')
    },
    async moveTo(realm, oid, { actor, reason }) {
      const owner = await ownerNotices.ownerOf(oid)
      const { realm: before } = owner.account
      if (before === realm) return false
      await store.tx(async (tx) => {
        await tx.updateTable('accounts').set({ realm }).where('oid', '=', oid).execute()
        await journal.record(tx, realmChanged({ account: oid, actor, reason, before, realm }))
        await ownerNotices.tell(tx, owner, { kind: 'account_realm', values: {} })
      })
      await endAll(oid, 'operator')
      return true
    },
    suspect: (oid, { actor, reason }) =>
      doubt(oid, {
        suspected: true,
        event: accountSuspected({ account: oid, actor, reason }),
        actor,
        why(account) {
          if (isSuspected(account)) return 'suspected'
          const { lacks } = account.identity
          return lacks.includes('proof') || lacks.includes('proof_again') ? 'unproven' : undefined
        },
      }),
    trust: (oid, { actor, reason }) =>
      doubt(oid, {
        suspected: false,
        event: accountTrusted({ account: oid, actor, reason }),
        actor,
        why: (account) => (isSuspected(account) ? undefined : 'trusted'),
      }),
    reveal: (oid, { actor, reason }) => journal.note(accountRevealed({ account: oid, actor, reason })),
  }
}
