import { makeAccounts } from '#src/accounts/accounts.ts'
import { CONTACT_CHANGE, makeContactChanges } from '#src/accounts/contact-changes.ts'
import { makeContactStore } from '#src/accounts/contact-store.ts'
import { type ApplyChange, makeDelayedChanges } from '#src/accounts/delayed-changes.ts'
import { makeDetachments } from '#src/accounts/detachments.ts'
import { makeLevelEnds } from '#src/accounts/identity/level-ends.ts'
import { makeLevelNotices, type WaitingServices } from '#src/accounts/identity/level-notices.ts'
import { makeLevelTold } from '#src/accounts/identity/level-told.ts'
import { makeIdentityRecords } from '#src/accounts/identity/records.ts'
import { ACCOUNT_CLOSE } from '#src/accounts/leaving/closing.ts'
import { makeNotMe } from '#src/accounts/not-me.ts'
import { makeOwnerNotices } from '#src/accounts/owner-notices.ts'
import { makeSettings } from '#src/accounts/settings.ts'
import { INCIDENT_UNDO } from '#src/cabinet/incidents.ts'
import { makeConsents } from '#src/consents/consents.ts'
import { makeBudgets } from '#src/factors/code/budgets.ts'
import { makeCodes } from '#src/factors/code/codes.ts'
import type { PasswordChanging } from '#src/factors/password/changing.ts'
import { makeLeakedPasswords, noLeakedPasswords } from '#src/factors/password/leaked/leaked-passwords.ts'
import { makePasswords } from '#src/factors/password/passwords.ts'
import { passwordProfiles } from '#src/factors/password/profile.ts'
import { makePasswordRules } from '#src/factors/password/rules.ts'
import { makeFactors } from '#src/factors/registry.ts'
import { makeHardwareTokens } from '#src/factors/totp/hardware-tokens.ts'
import { makeAuthenticators } from '#src/login/authenticators.ts'
import { makePhoneProof } from '#src/login/phone-proof.ts'
import { boundHost } from '#src/notifications/text.ts'
import { PASSWORD_RESET } from '#src/recovery/delayed-reset.ts'
import type { Ground } from './ground.ts'

export type People = Awaited<ReturnType<typeof makePeople>>

/**
 * Accounts, what their owners chose and agreed to, and everything that opens them.
 * @param late what is built after this part, taken as functions: asked for at the first use, never while building
 */
export async function makePeople(
  ground: Ground,
  late: {
    readonly resetPassword: ApplyChange
    readonly restore: ApplyChange
    readonly close: ApplyChange
    readonly passwordChanging: () => PasswordChanging
    readonly awaitedLevels: () => WaitingServices
  },
) {
  const {
    config,
    log,
    texts,
    clock,
    hasher,
    issuer,
    keyring,
    dataKeys,
    outbox,
    channels,
    store,
    journal,
    throttle,
    brand,
  } = ground
  const accounts = makeAccounts({ store, keyring, dataKeys, clock, policy: config.identity })
  const settings = makeSettings({ store, clock })
  const notMe = makeNotMe({ store, clock, issuer })
  const ownerNotices = makeOwnerNotices({ accounts, settings, notMe, outbox })
  /** What carries out the changes that wait for 72 hours, by kind; each has a text `change.kind.<kind>`. */
  const appliers: Readonly<Record<string, ApplyChange>> = {
    'authenticator.remove': (...change) => authenticators.removeLost(...change),
    [CONTACT_CHANGE]: (...change) => contactChanges.apply(...change),
    [PASSWORD_RESET]: (...change) => late.resetPassword(...change),
    [INCIDENT_UNDO]: (...change) => late.restore(...change),
    [ACCOUNT_CLOSE]: (...change) => late.close(...change),
  }
  const delayedChanges = makeDelayedChanges({
    store,
    dataKeys,
    ownerNotices,
    journal,
    clock,
    log,
    issuer,
    translate: texts.translator,
    appliers,
    alsoClosed: [PASSWORD_RESET, INCIDENT_UNDO],
  })
  await delayedChanges.check()
  const contacts = makeContactStore({ keyring, dataKeys, clock })
  const contactChanges = makeContactChanges({ contacts, delayedChanges, ownerNotices, journal })
  const provedPhone = makePhoneProof({ journal })
  const detachments = makeDetachments({
    store,
    keyring,
    accounts,
    settings,
    outbox,
    journal,
    clock,
    log,
    issuer,
    provedPhone,
  })
  const levelNotices = makeLevelNotices({
    store,
    accounts,
    ownerNotices,
    services: {
      of: (owner) => late.awaitedLevels().of(owner),
      take: (...told) => late.awaitedLevels().take(...told),
    },
    translate: texts.translator,
    clock,
    log,
  })
  const levelTold = makeLevelTold({ journal, levelNotices })
  const identityRecords = makeIdentityRecords({ store, accounts, keyring, dataKeys, levelTold, journal, clock })
  const levelEnds = makeLevelEnds({ store, accounts, ownerNotices, levelTold, clock, log })
  const consents = makeConsents({ store, clock, termDays: config.consentDays })
  const passwords = await makePasswords({ store, dataKeys, hasher, clock })
  const profiles = passwordProfiles(config.passwords)
  const { leakedPasswordsFolder: leakedFolder } = config
  const passwordRules = makePasswordRules({
    profiles,
    leaked:
      leakedFolder === undefined
        ? noLeakedPasswords
        : makeLeakedPasswords(leakedFolder, (err) => log.error({ err }, 'leaked passwords are not looked up')),
  })
  const budgets = makeBudgets({ throttle, journal, log, budgets: config.codes })
  const codeParts = { store, keyring, budgets, clock, limits: config.codes, host: boundHost(issuer) }
  const codes = makeCodes({ ...codeParts, outbox })
  const factors = makeFactors({
    store,
    keyring,
    dataKeys,
    clock,
    throttle,
    accounts,
    passwords,
    passwordProfiles: profiles,
    passwordChanging: late.passwordChanging,
    settings,
    calls: channels.voice !== undefined,
    codes,
    journal,
    ownerNotices,
    issuer,
    relatedOrigins: config.webauthnRelatedOrigins,
    brandName: brand.name,
  })
  const authenticators = makeAuthenticators({
    store,
    factors,
    journal,
    ownerNotices,
    translate: texts.translator,
  })
  const hardwareTokens = makeHardwareTokens({ store, keyring, journal, clock })
  return {
    accounts,
    settings,
    ownerNotices,
    delayedChanges,
    notMe,
    contacts,
    contactChanges,
    detachments,
    identityRecords,
    levelEnds,
    levelNotices,
    consents,
    passwords,
    profiles,
    passwordRules,
    codeParts,
    codes,
    factors,
    authenticators,
    hardwareTokens,
  }
}
