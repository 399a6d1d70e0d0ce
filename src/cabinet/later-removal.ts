import type { DelayedChanges } from '#src/accounts/delayed-changes.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Chosen } from '#src/login/authenticators.ts'
import type { Store } from '#src/store/store.ts'
import type { SignedIn } from './entrance.ts'

export interface LaterRemovalDeps {
  readonly delayedChanges: Pick<DelayedChanges, 'schedule'>
  readonly ownerNotices: OwnerNotices
  readonly store: Pick<Store, 'tx'>
}

/**
 * Asks for an authenticator of the account to be removed after 72 hours, in which whoever reads one of its contacts can object: less was
 * proven than removing it at once takes (R-B9).
 */
export async function removeLater(
  { delayedChanges, ownerNotices, store }: LaterRemovalDeps,
  { oid, session: origin }: Pick<SignedIn, 'oid' | 'session'>,
  { kind, id }: Chosen,
): Promise<void> {
  const owner = await ownerNotices.ownerOf(oid)
  const change = { kind: 'authenticator.remove', payload: { kind, id }, origin }
  await store.tx((tx) => delayedChanges.schedule(tx, owner, change))
}
