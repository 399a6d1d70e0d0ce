import { makeClosing } from '#src/accounts/leaving/closing.ts'
import { makeErasure } from '#src/accounts/leaving/erasure.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { endOpenRequests } from '#src/proofing/request-store.ts'
import { PASSWORD_RESET } from '#src/recovery/delayed-reset.ts'
import { CONSENT_VERSION } from '#src/registration/consent.ts'
import type { Tx } from '#src/store/store.ts'
import type { Ground } from './ground.ts'
import type { People } from './people.ts'
import type { ProviderParts } from './provider.ts'

export type Leaving = ReturnType<typeof makeLeaving>

/** How accounts end: closed, left in peace for 30 days, erased. */
export function makeLeaving(ground: Ground, people: People, provider: ProviderParts) {
  const { store, dataKeys, journal, clock, log } = ground
  const { ownerNotices, delayedChanges } = people
  const { sessions, services } = provider
  const common = { store, dataKeys, ownerNotices, journal, clock, log }

  async function endAccess(oid: AccountId): Promise<void> {
    await sessions.endAll(oid, { offline: 'revoked', reason: 'closed' })
    for (const service of await services.of(oid, 'ru'))
      await services.withdraw({ oid, session: '' }, service, { address: '', device: '' })
  }

  const ends = { endAccess, endRequests: (tx: Tx, oid: AccountId) => endOpenRequests(tx, oid, clock.now()) }
  const closing = makeClosing({
    ...common,
    ...ends,
    delayedChanges,
    overruled: [PASSWORD_RESET],
    consentVersion: CONSENT_VERSION,
  })
  const erasure = makeErasure({ ...common, ...ends })
  return { closing, erasure }
}
