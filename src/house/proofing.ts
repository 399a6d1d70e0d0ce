import { makeClashNotice } from '#src/accounts/clash-notice.ts'
import type { ClaimedKind } from '#src/accounts/identity/claims.ts'
import { makeChecking } from '#src/proofing/checking.ts'
import { makeDrafts } from '#src/proofing/drafts.ts'
import { identityClashed } from '#src/proofing/events.ts'
import { makeLetters } from '#src/proofing/letter/letters.ts'
import { makeRequestWorker } from '#src/proofing/request-worker.ts'
import { makeRequests } from '#src/proofing/requests.ts'
import { makeRegistries } from '#src/registries/make-registries.ts'
import type { Ground } from './ground.ts'
import type { People } from './people.ts'

export type Proofing = ReturnType<typeof makeProofing>

/** What citizens say of themselves, compared with the state registries. */
export function makeProofing(ground: Ground, people: People) {
  const {
    config,
    fetch,
    clock,
    log,
    store,
    keyring,
    dataKeys,
    journal,
    throttle,
    channels,
    outbox,
    brand,
    issuer,
    texts,
  } = ground
  const { accounts, ownerNotices, identityRecords: records } = people
  const registries = makeRegistries(config, { fetch, clock, log })
  const clashNotice = makeClashNotice<ClaimedKind>({
    accounts: records,
    ownerNotices,
    journal,
    throttle,
    event: identityClashed,
    message: 'identity_clashed',
  })
  const common = { store, records, keyring, dataKeys, journal, clock }
  const checking = makeChecking({ ...common, accounts, registries, ownerNotices, clashNotice, log })
  const letters = makeLetters({
    ...common,
    ownerNotices,
    log,
    translate: texts.translator,
    postOffice: outbox,
    wake: (letter) => requestWorker.wake(letter),
    sender: { name: brand.name, address: config.letters.sender, issuer },
    available: channels.post !== undefined,
  })
  const requestWorker = makeRequestWorker({ works: [checking, letters], log })
  const requests = makeRequests({ ...common, ownerNotices, checking, wake: requestWorker.wake })
  const drafts = makeDrafts({ store, dataKeys, clock })
  return { registries, requests, requestWorker, drafts, letters }
}
