import { makeAccountAdministration } from '#src/accounts/administration.ts'
import { makeClashNotice } from '#src/accounts/clash-notice.ts'
import { contactClashed } from '#src/accounts/events.ts'
import { makeContactProposals } from '#src/cabinet/contact-proposals.ts'
import { makeIncidents } from '#src/cabinet/incidents.ts'
import { makePasswordChanging, type PasswordChanging } from '#src/factors/password/changing.ts'
import { makePasswordHistory } from '#src/factors/password/history.ts'
import { makeAnswering } from '#src/login/answering.ts'
import { makeArrivalNotices } from '#src/login/arrival-notices.ts'
import { makeArrivals } from '#src/login/arrivals.ts'
import { makeAttempts } from '#src/login/attempts.ts'
import { makeChallenges } from '#src/login/challenge/challenges.ts'
import { makeDeviceStore } from '#src/login/device-store.ts'
import { makeDevices } from '#src/login/devices.ts'
import { makeEvidenceStore } from '#src/login/evidence.ts'
import { makeLastFactor } from '#src/login/last-factor.ts'
import { loginLimits } from '#src/login/limits.ts'
import { makeLogin } from '#src/login/login.ts'
import { makeLoginPages } from '#src/login/pages.ts'
import { makeSignals } from '#src/login/signals.ts'
import { makeWayBack } from '#src/login/way-back.ts'
import { makeInteractions } from '#src/oidc/interactions.ts'
import { FIRST_PARTY } from '#src/oidc/requirement.ts'
import { makeRecoveryParts } from '#src/recovery/parts.ts'
import { registrationClashed } from '#src/registration/events.ts'
import { makeRegistration } from '#src/registration/routes.ts'
import { makeDrafts } from '#src/registration/store.ts'
import { makeWizard } from '#src/registration/wizard.ts'
import { keyedHash } from '#src/store/seal.ts'
import type { Ground } from './ground.ts'
import type { Leaving } from './leaving.ts'
import type { People } from './people.ts'
import type { Proofing } from './proofing.ts'
import type { ProviderParts } from './provider.ts'

export type SignIn = ReturnType<typeof makeSignIn>

/** Whatever happens around a sign-in: registration, the steps, devices, recovery, changes of what opens an account, and what was not its owner. */
export function makeSignIn(
  ground: Ground,
  people: People,
  provider: ProviderParts,
  { closing }: Leaving,
  { requests }: Proofing,
) {
  const {
    config,
    log,
    texts,
    clock,
    hasher,
    issuer,
    secure,
    keyring,
    dataKeys,
    outbox,
    store,
    journal,
    throttle,
    countryOf,
  } = ground
  const {
    accounts,
    settings,
    ownerNotices,
    delayedChanges,
    identityRecords,
    notMe,
    contacts,
    contactChanges,
    detachments,
    consents,
    passwords,
    profiles,
    passwordRules,
    codeParts,
    codes,
    factors,
    authenticators,
  } = people
  const { resourceServers, providers, sessions, awaitedLevels } = provider
  const deviceStore = makeDeviceStore({ store, dataKeys, clock })
  const arrivalNotices = makeArrivalNotices({
    store,
    deviceStore,
    ownerNotices,
    throttle,
    journal,
    countryOf,
    translate: texts.translator,
    clock,
    log,
  })
  const devices = makeDevices({ deviceStore, keyring, clock, countryOf, secure, appeared: arrivalNotices.wake })

  const administration = makeAccountAdministration({
    store,
    records: identityRecords,
    dataKeys,
    sessions,
    journal,
    ownerNotices,
    clock,
  })
  const passwordChanging: PasswordChanging = makePasswordChanging({
    store,
    history: makePasswordHistory({ store, dataKeys, hasher, clock }),
    hasher,
    rules: passwordRules,
    profiles,
    sessions,
    forgetDevices: devices.forgetAll,
    endLocks: async (oid) => attempts.endLocks(await accounts.read(oid), 'all'),
    journal,
    ownerNotices,
    throttle,
    clock,
    log,
  })

  const incidents = makeIncidents({
    store,
    settings,
    sessions,
    authenticators,
    contacts,
    contactChanges,
    delayedChanges,
    requests,
    devices,
    passwords,
    notMe,
    ownerNotices,
    journal,
    clock,
    log,
  })
  const drafts = makeDrafts({ store, keyring, clock })
  const clashes = { accounts, ownerNotices, journal, throttle }
  const clashNotice = makeClashNotice({ ...clashes, event: registrationClashed, message: 'registration_clash' })
  const contactProposals = makeContactProposals({
    store,
    dataKeys,
    accounts,
    codes,
    changes: contactChanges,
    clashNotice: makeClashNotice({ ...clashes, event: contactClashed, message: 'contact_clash' }),
    ownerNotices,
    clock,
  })
  const registration = makeRegistration({
    accounts,
    wizard: makeWizard({ store, drafts, accounts, settings, passwords, codes, journal, clashNotice }),
    drafts,
    detachments,
    throttle,
    clock,
    hasher,
    secure,
    emailRequired: config.emailRequired,
    passwordRules,
  })

  const evidence = makeEvidenceStore({ store, clock })
  const interactions = makeInteractions({ providers, consents, resourceServers, awaitedLevels, clock })
  const login = makeLogin({
    accounts,
    settings,
    consents,
    factors,
    authenticators,
    evidence,
    clock,
    secondFactor: config.secondFactor,
    enrolAtSignIn: config.enrolAtSignIn,
  })
  const blind = (identifier: string) => keyedHash(keyring.key('blind_index'), 'attempt', identifier)
  const { proofCost, ...lockout } = config.lockout
  const limits = loginLimits(lockout)
  const attempts = makeAttempts({
    store,
    accounts,
    throttle,
    limits,
    factors,
    challenges: makeChallenges({ key: keyring.key('proofs'), cost: proofCost, clock }),
    devices,
    blind,
    journal,
    ownerNotices,
    clock,
    log,
  })
  const signals = makeSignals({
    networkLimit: limits.network,
    reactions: config.signals,
    devices,
    countryOf,
    throttle,
    journal,
    ownerNotices,
    translate: texts.translator,
    store,
    keyring,
    clock,
    secure,
  })
  const lastFactor = makeLastFactor({ secure })
  const wayBack = makeWayBack({ clock, secure })
  const answering = makeAnswering({
    signals,
    wayBack,
    accounts,
    identityRecords,
    consents,
    factors,
    attempts,
    arrivals: makeArrivals({ journal, devices, signals, lastFactor }),
    devices,
    authenticators,
    journal,
    clock,
    login,
    evidence,
    interactions,
  })
  const recovery = makeRecoveryParts({
    store,
    keyring,
    accounts,
    settings,
    ownerNotices,
    factors,
    attempts,
    throttle,
    journal,
    outbox,
    codes: codeParts,
    delayedChanges,
    closing,
    identityRecords,
    changing: passwordChanging,
    authenticators,
    profiles,
    clock,
    log,
    issuer,
    client: FIRST_PARTY,
  })
  const pages = makeLoginPages({ requests, accounts, settings, factors, lastFactor, consentDays: config.consentDays })
  return {
    arrivalNotices,
    devices,
    administration,
    passwordChanging,
    incidents,
    contactProposals,
    registration,
    evidence,
    interactions,
    login,
    attempts,
    answering,
    recovery,
    pages,
    wayBack,
  }
}
