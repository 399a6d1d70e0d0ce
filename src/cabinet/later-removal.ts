import type { DelayedChanges } from '#src/accounts/delayed-changes.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { inSentence, type Locale, type Translate } from '#src/kernel/locale.ts'
import type { Chosen, ListedAuthenticator } from '#src/login/authenticators.ts'
import type { Store } from '#src/store/store.ts'
import type { SignedIn } from './entrance.ts'

export interface LaterRemovalDeps {
  readonly delayedChanges: Pick<DelayedChanges, 'scheduleOnce' | 'waitingFor'>
  readonly ownerNotices: OwnerNotices
  readonly store: Pick<Store, 'tx'>
  readonly translate: (locale: Locale) => Translate
}

/** Of names that owners have given: nothing that a telephone makes a link of may stand in a notice. */
const PLAIN_NAME = /^[\p{L}\p{N} -]{1,40}$/u

/** Which one it is: its kind, and its name or what else tells it from others. */
function inWords({ kind, name, detail }: Removed, t: Translate): string {
  const which = name !== undefined && PLAIN_NAME.test(name) ? name : detail
  const what = inSentence(t(`factor.${kind}`))
  return which === undefined ? what : `${what}, ${which}`
}

type Removed = Pick<ListedAuthenticator, 'kind' | 'id' | 'name' | 'detail'>

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
  { delayedChanges, ownerNotices, store, translate }: LaterRemovalDeps,
  { oid, session: origin }: Pick<SignedIn, 'oid' | 'session'>,
  removed: Removed,
): Promise<boolean> {
  const owner = await ownerNotices.ownerOf(oid)
  const what = inWords(removed, translate(owner.settings.locale))
  const change = { ...removalOf(removed), origin, about: { key: 'change.authenticator_removed', values: { what } } }
  return (await store.tx((tx) => delayedChanges.scheduleOnce(tx, owner, change))) !== undefined
}
