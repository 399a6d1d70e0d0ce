import type { DelayedChanges } from '#src/accounts/delayed-changes.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Chosen } from '#src/login/authenticators.ts'
import type { Store } from '#src/store/store.ts'
import type { SignedIn } from './entrance.ts'

export interface LaterRemovalDeps {
  readonly delayedChanges: Pick<DelayedChanges, 'scheduleOnce' | 'waitingFor'>
  readonly ownerNotices: OwnerNotices
  readonly store: Pick<Store, 'tx'>
}

const removalOf = ({ kind, id }: Chosen) => ({ kind: 'authenticator.remove', payload: { kind, id } })

/** When an authenticator goes whose removal waits already. */
export async function removalDue(
  { delayedChanges }: Pick<LaterRemovalDeps, 'delayedChanges'>,
  oid: AccountId,
  chosen: Chosen,
): Promise<Date | undefined> {
  return (await delayedChanges.waitingFor(oid, removalOf(chosen)))?.dueAt
}

/**
 * Asks for an authenticator of the account to be removed after 72 hours, in which whoever reads one of its contacts can object: less was
 * proven than removing it at once takes (R-B9).
 * @returns false when that waits already
 */
export async function removeLater(
  { delayedChanges, ownerNotices, store }: LaterRemovalDeps,
  { oid, session: origin }: Pick<SignedIn, 'oid' | 'session'>,
  chosen: Chosen,
): Promise<boolean> {
  const owner = await ownerNotices.ownerOf(oid)
  const change = { ...removalOf(chosen), origin }
  return (await store.tx((tx) => delayedChanges.scheduleOnce(tx, owner, change))) !== undefined
}
