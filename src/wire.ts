import compose from 'koa-compose'
import type { Logger } from 'pino'
import { type Accounts, makeAccounts } from '#src/accounts/accounts.ts'
import { type AccountAdministration, makeAccountAdministration } from '#src/accounts/administration.ts'
import { changeRoutes } from '#src/accounts/change-routes.ts'
import { makeClashNotice } from '#src/accounts/clash-notice.ts'
import { CONTACT_CHANGE, type ContactChanges, makeContactChanges } from '#src/accounts/contact-changes.ts'
import { makeContactStore } from '#src/accounts/contact-store.ts'
import { type ApplyChange, type DelayedChanges, makeDelayedChanges } from '#src/accounts/delayed-changes.ts'
import { type Detachments, makeDetachments } from '#src/accounts/detachments.ts'
import { contactClashed } from '#src/accounts/events.ts'
import { makeNotMe } from '#src/accounts/not-me.ts'
import { makeOwnerNotices } from '#src/accounts/owner-notices.ts'
import { contactRoutes } from '#src/accounts/routes.ts'
import type { Sessions } from '#src/accounts/sessions.ts'
import { makeSettings } from '#src/accounts/settings.ts'
import { codeRoutes } from '#src/cabinet/code-routes.ts'
import { contactLevels } from '#src/cabinet/contact-levels.ts'
import { makeContactProposals } from '#src/cabinet/contact-proposals.ts'
import { contactChangeRoutes } from '#src/cabinet/contact-routes.ts'
import { knownDeviceRoutes } from '#src/cabinet/device-routes.ts'
import { type Incidents, makeIncidents } from '#src/cabinet/incidents.ts'
import { journalRoutes } from '#src/cabinet/journal-routes.ts'
import { makeKeptForms } from '#src/cabinet/kept-forms.ts'
import { notMeRoutes } from '#src/cabinet/not-me-routes.ts'
import { passwordRoutes } from '#src/cabinet/password-routes.ts'
import { cabinetRoutes } from '#src/cabinet/routes.ts'
import { securityRoutes } from '#src/cabinet/security-routes.ts'
import { sessionRoutes } from '#src/cabinet/session-routes.ts'
import { makeRememberLanguage } from '#src/cabinet/settings-routes.ts'
import type { Config } from '#src/config/config.ts'
import { type Consents, makeConsents } from '#src/consents/consents.ts'
import { makeBudgets } from '#src/factors/code/budgets.ts'
import { makeCodes } from '#src/factors/code/codes.ts'
import { makePasswordChanging, type PasswordChanging } from '#src/factors/password/changing.ts'
import { argon2Hasher, type PasswordHasher } from '#src/factors/password/hash.ts'
import { makePasswordHistory } from '#src/factors/password/history.ts'
import { makeLeakedPasswords, noLeakedPasswords } from '#src/factors/password/leaked/leaked-passwords.ts'
import { makePasswords, type Passwords } from '#src/factors/password/passwords.ts'
import { passwordProfiles } from '#src/factors/password/profile.ts'
import { makePasswordRules } from '#src/factors/password/rules.ts'
import { makeFactors } from '#src/factors/registry.ts'
import { type HardwareTokens, makeHardwareTokens } from '#src/factors/totp/hardware-tokens.ts'
import { relatedOriginRoutes } from '#src/factors/webauthn/routes.ts'
import { makeApp } from '#src/http/app.ts'
import { type Assets, makeAssets } from '#src/http/assets.ts'
import { brandOf } from '#src/http/brand.ts'
import type { Ctx } from '#src/http/context.ts'
import { makeCookieSigner } from '#src/http/cookie-signer.ts'
import type { Texts } from '#src/http/texts.ts'
import { makeViews, type Views, type ViewsDeps } from '#src/http/views.ts'
import { type Journal, makeJournal } from '#src/journal/journal.ts'
import { type Clock, systemClock } from '#src/kernel/clock.ts'
import { makeCountryOf } from '#src/kernel/country.ts'
import type { AuthLevel } from '#src/kernel/levels.ts'
import { makeOutboundFetch } from '#src/kernel/outbound.ts'
import { Secret } from '#src/kernel/secret.ts'
import { makeAnswering } from '#src/login/answering.ts'
import { makeArrivalNotices } from '#src/login/arrival-notices.ts'
import { makeArrivals } from '#src/login/arrivals.ts'
import { highestLevel, reached } from '#src/login/assurance.ts'
import { makeAttempts } from '#src/login/attempts.ts'
import { type Authenticators, makeAuthenticators } from '#src/login/authenticators.ts'
import { makeChallenges } from '#src/login/challenge/challenges.ts'
import { makeDeviceStore } from '#src/login/device-store.ts'
import { type Devices, makeDevices } from '#src/login/devices.ts'
import { makeEvidenceStore } from '#src/login/evidence.ts'
import { loginLimits } from '#src/login/limits.ts'
import { makeLogin } from '#src/login/login.ts'
import { makeLoginPages } from '#src/login/pages.ts'
import { makePhoneProof } from '#src/login/phone-proof.ts'
import { loginRoutes } from '#src/login/routes.ts'
import type { Channels } from '#src/notifications/channels.ts'
import { makeGatewayHttp } from '#src/notifications/gateway-http.ts'
import { makeMailSmtp } from '#src/notifications/mail-smtp.ts'
import { makeOutbox, type Outbox, wakeAfterCommit } from '#src/notifications/outbox.ts'
import { makeQueue, startQueue, stopQueue } from '#src/notifications/queue.ts'
import { makeSandboxChannels, type SandboxChannels } from '#src/notifications/sandbox-channel.ts'
import { makeMessageStore } from '#src/notifications/store.ts'
import { makeWorker } from '#src/notifications/worker.ts'
import { makeCibaParts } from '#src/oidc/ciba/parts.ts'
import { cibaQueues } from '#src/oidc/ciba/worker.ts'
import { checkMetadata } from '#src/oidc/clients/check.ts'
import { type Clients, makeClients } from '#src/oidc/clients/clients.ts'
import { makeRegistrar, type Registrar } from '#src/oidc/clients/registrar.ts'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { makeConnectedServices } from '#src/oidc/connected-services.ts'
import { continuePage } from '#src/oidc/continue-page.ts'
import { deviceRoutes } from '#src/oidc/device/routes.ts'
import { makeDocuments } from '#src/oidc/documents.ts'
import { onlyEndpoints } from '#src/oidc/endpoints.ts'
import { entranceRoutes, FIRST_PARTY, firstPartyClient, makeEntrance } from '#src/oidc/first-party.ts'
import { makeInteractions } from '#src/oidc/interactions.ts'
import { makeSigningKeys, type SigningKeys } from '#src/oidc/keys/signing-keys.ts'
import { makeDeliverLogout } from '#src/oidc/logout/client-logout.ts'
import { type EndSession, makeEndSession } from '#src/oidc/logout/ending.ts'
import { makeLogoutNotices } from '#src/oidc/logout/notices.ts'
import { logoutQueues, makeLogoutSender } from '#src/oidc/logout/sender.ts'
import { makeMutualTls } from '#src/oidc/mtls/mtls.ts'
import { renderOauth } from '#src/oidc/oauth-error.ts'
import { makePageCookies } from '#src/oidc/page-cookies.ts'
import { postToGet } from '#src/oidc/post-to-get.ts'
import { makeProviders, type Providers } from '#src/oidc/providers.ts'
import { type Invitations, makeInvitations } from '#src/oidc/registration/invitations.ts'
import { makeDynamicRegistration } from '#src/oidc/registration/registration.ts'
import { killReplayedGrant } from '#src/oidc/replay.ts'
import { reachableAcrs } from '#src/oidc/requirement.ts'
import { makeResourceServers, type ResourceServers } from '#src/oidc/resources/store.ts'
import { makeServiceName } from '#src/oidc/service-names.ts'
import { makeSessions } from '#src/oidc/sessions/sessions.ts'
import { makeSessionStore } from '#src/oidc/sessions/store.ts'
import { unitOfWork } from '#src/oidc/unit-of-work.ts'
import { makeRecoveryParts } from '#src/recovery/parts.ts'
import { registrationClashed } from '#src/registration/events.ts'
import { makeRegistration } from '#src/registration/routes.ts'
import { makeDrafts } from '#src/registration/store.ts'
import { makeWizard } from '#src/registration/wizard.ts'
import { makeDataKeys, openKeyring } from '#src/store/keyring.ts'
import { keyedHash } from '#src/store/seal.ts'
import type { Store } from '#src/store/store.ts'
import { units } from '#src/store/unit.ts'
import { makeThrottle } from '#src/throttle/throttle.ts'
import { startUpkeep } from './upkeep.ts'

/** Who changes things by the command line, for the journal. */
const OPERATOR = 'cli'

/** What a test or benchmark may replace; everything else is as in production. */
export interface Replacements {
  readonly clock?: Clock
  readonly hasher?: PasswordHasher
  readonly channels?: Channels
  readonly onRender?: ViewsDeps['onRender']
}

/** The provider, ready to serve, and the parts that the command line and the sandbox work with. */
export interface House {
  readonly app: ReturnType<typeof makeApp>
  readonly providers: Providers
  readonly accounts: Accounts
  readonly administration: AccountAdministration
  readonly detachments: Detachments
  readonly delayedChanges: DelayedChanges
  readonly contactChanges: ContactChanges
  readonly authenticators: Authenticators
  readonly incidents: Incidents
  readonly hardwareTokens: HardwareTokens
  readonly passwords: Passwords
  readonly consents: Consents
  readonly clients: Clients
  readonly registrar: Registrar
  readonly invitations: Invitations
  readonly resourceServers: ResourceServers
  readonly signingKeys: SigningKeys
  /** The highest level that a sign-in can reach by the factors that there are. */
  readonly attainableLevel: AuthLevel | undefined
  /** Ends a session from elsewhere than its own browser. */
  readonly endSession: EndSession
  readonly sessions: Sessions
  readonly devices: Devices
  readonly journal: Journal
  readonly outbox: Outbox
  readonly store: Store
  readonly views: Views
  readonly assets: Assets
  /** In the sandbox: what would have gone out. */
  readonly sandboxChannels: SandboxChannels | undefined
  /** Stops sending messages and upkeep; what is left is done by other processes or the next start. */
  stop(): Promise<void>
}

/**
 * Builds the house from its configuration, on an open and migrated store.
 * @param deps `texts`: all folders' texts joined; `background: false`: sends no messages and does no upkeep, for a single command
 */
export async function wire(
  config: Config,
  deps: { store: Store; log: Logger; texts: Texts; background?: boolean },
  replacements: Replacements = {},
): Promise<House> {
  const { log, texts, background = true } = deps
  const clock = replacements.clock ?? systemClock
  const issuer = new URL(config.issuer)
  const secure = issuer.protocol === 'https:'
  const gateways = [config.sms, config.voice].filter((gateway) => gateway !== undefined)
  const fetch = makeOutboundFetch([...config.outboundOrigins, ...gateways.map(({ url }) => new URL(url).origin)])

  const keyring = await openKeyring(deps.store.db, config.keyEncryptionKeys)
  const dataKeys = makeDataKeys(deps.store.db, keyring)
  const messages = makeMessageStore({ keyring, dataKeys })
  const boss = makeQueue({ store: deps.store, log })
  await startQueue(boss, [...logoutQueues, ...cibaQueues])
  const outbox = makeOutbox({ boss, messages, translate: texts.translator, clock })
  const sandboxChannels =
    config.mode === 'sandbox' && !replacements.channels ? makeSandboxChannels({ clock }) : undefined
  const channels = replacements.channels ?? sandboxChannels ?? realChannels(config, fetch)
  const worker = makeWorker({ boss, store: deps.store, messages, channels, clock, log })
  const store = wakeAfterCommit(deps.store, outbox, () => worker.wake())

  const journal = makeJournal({ store, keyring, dataKeys, clock, retentionDays: config.journalDays })
  const throttle = makeThrottle({ store, clock })
  const accounts = makeAccounts({ store, keyring, dataKeys, clock })
  const settings = makeSettings({ store, clock })
  const ownerNotices = makeOwnerNotices({ accounts, settings, outbox })
  /** What carries out the changes that wait for 72 hours, by kind; each has a text `change.kind.<kind>`. */
  const appliers: Readonly<Record<string, ApplyChange>> = {
    'authenticator.remove': (...change) => authenticators.removeLost(...change),
    [CONTACT_CHANGE]: (...change) => contactChanges.apply(...change),
    'password.reset': (...change) => recovery.resetPassword(...change),
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
  })
  await delayedChanges.check()
  const notMe = makeNotMe({ store, clock, issuer })
  const contacts = makeContactStore({ keyring, dataKeys, clock })
  const contactChanges = makeContactChanges({ contacts, delayedChanges, ownerNotices, notMe, journal })
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
  const consents = makeConsents({ store, clock, termDays: config.consentDays })
  const passwords = await makePasswords({ store, dataKeys, hasher: replacements.hasher ?? argon2Hasher, clock })
  const profiles = passwordProfiles(config.passwords)
  const { leakedPasswordsFolder: leakedFolder } = config
  if (background && leakedFolder === undefined && config.mode === 'production')
    log.warn('LEAKED_PASSWORDS_FOLDER is not set: new passwords are not looked up in a list of leaked ones')
  const passwordRules = makePasswordRules({
    profiles,
    leaked:
      leakedFolder === undefined
        ? noLeakedPasswords
        : makeLeakedPasswords(leakedFolder, (err) => log.error({ err }, 'leaked passwords are not looked up')),
  })
  const budgets = makeBudgets({ throttle, journal, log, budgets: config.codes })
  const codeParts = { store, keyring, budgets, clock, limits: config.codes, host: issuer.host }
  const codes = makeCodes({ ...codeParts, outbox })
  const brand = brandOf(config.brand)
  const factors = makeFactors({
    store,
    keyring,
    dataKeys,
    clock,
    throttle,
    accounts,
    passwords,
    passwordProfiles: profiles,
    passwordChanging: () => passwordChanging,
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
  const clients = makeClients({ store, keyring, clock })
  const invitations = makeInvitations({ store, journal, clock, actor: OPERATOR })
  const resourceServers = makeResourceServers({ store, journal, clock })
  const neighbours = { clients, resourceServers }

  const assets = makeAssets(brand)
  const views = makeViews({ texts, brand, assets, ...(replacements.onRender && { onRender: replacements.onRender }) })

  const { signingKeyDays: rotationDays } = config
  const signingKeys = makeSigningKeys({ store, keyring, journal, clock, rotationDays })
  await signingKeys.advance()
  const logoutNotices = makeLogoutNotices({ store, keyring, clock, added: () => logoutSender.wake() })
  const current = () => providers.current
  const limits = { absoluteSeconds: config.sessions.absoluteSeconds, consentDays: config.consentDays }
  const sessionStore = makeSessionStore({ store, dataKeys, clock, limits })
  const ciba = makeCibaParts({
    store,
    keyring,
    clock,
    log,
    issuer,
    accounts,
    settings,
    consents,
    clients,
    codes,
    code: factors.code,
    outbox,
    journal,
    boss,
    consentDays: config.consentDays,
    fetch,
    current,
  })
  const providers: Providers = await makeProviders(
    {
      issuer,
      store,
      keyring,
      clock,
      log,
      accounts,
      consents,
      journal,
      throttle,
      clients,
      registration: makeDynamicRegistration({ clients, invitations, journal, fetch, neighbours }),
      resourceServers,
      mutualTls: makeMutualTls({ config: config.mtls, trustedProxies: config.trustedProxies, clock }),
      logoutNotices,
      sessionStore,
      cibaRequests: ciba.requests,
      firstParty: firstPartyClient(issuer, brand.name),
      sessions: config.sessions,
      consentDays: config.consentDays,
      secondFactor: config.secondFactor,
      acrValues: reachableAcrs(Object.values(factors).map(({ best }) => best)),
      explainErrors: config.mode === 'sandbox',
      fetch,
    },
    async () => ({ ...(await signingKeys.load()), authorizationDetailsTypes: await resourceServers.types() }),
  )
  const check = (metadata: unknown, before?: RelyingParty) =>
    checkMetadata(metadata, { fetch, Client: current().Client as never, neighbours }, before)
  const registrar = makeRegistrar({ store, clients, journal, clock, check, actor: OPERATOR })
  const deliver = makeDeliverLogout({ current, fetch })
  const logoutSender = makeLogoutSender({ boss, notices: logoutNotices, deliver, journal, log })
  const endSession = makeEndSession({ current, notices: logoutNotices })
  const countryOf = makeCountryOf(config.countryTableFile)
  const sessions = makeSessions({ current, store, sessionStore, endSession, journal, countryOf })
  const deviceStore = makeDeviceStore({ store, dataKeys, clock })
  const arrivalNotices = makeArrivalNotices({
    store,
    deviceStore,
    ownerNotices,
    notMe,
    throttle,
    journal,
    countryOf,
    translate: texts.translator,
    clock,
    log,
  })
  const devices = makeDevices({ deviceStore, keyring, clock, countryOf, secure, appeared: arrivalNotices.wake })

  const administration = makeAccountAdministration({ store, dataKeys, sessions, journal, ownerNotices, clock })
  const hasher = replacements.hasher ?? argon2Hasher
  const passwordChanging: PasswordChanging = makePasswordChanging({
    store,
    history: makePasswordHistory({ store, dataKeys, hasher, clock }),
    hasher,
    rules: passwordRules,
    profiles,
    sessions,
    forgetDevices: devices.forgetAll,
    endLocks: async (oid) => attempts.endLocks(await accounts.read(oid)),
    journal,
    ownerNotices,
    log,
  })

  const incidents = makeIncidents({
    store,
    sessions,
    authenticators,
    contacts,
    contactChanges,
    delayedChanges,
    devices,
    passwords,
    notMe,
    ownerNotices,
    journal,
    clock,
    log,
  })
  const documents = makeDocuments(() => providers.current)

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
    hasher: replacements.hasher ?? argon2Hasher,
    secure,
    emailRequired: config.emailRequired,
    passwordRules,
  })

  const evidence = makeEvidenceStore({ store, clock })
  const interactions = makeInteractions({ providers, consents, resourceServers })
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
  const attempts = makeAttempts({
    store,
    accounts,
    throttle,
    limits: loginLimits(lockout),
    challenges: makeChallenges({ key: keyring.key('proofs'), cost: proofCost, clock }),
    devices,
    blind,
    journal,
    ownerNotices,
    clock,
    log,
  })
  const answering = makeAnswering({
    accounts,
    consents,
    factors,
    attempts,
    arrivals: makeArrivals({ journal, devices }),
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
    changing: passwordChanging,
    authenticators,
    profiles,
    clock,
    log,
    issuer,
    client: FIRST_PARTY,
  })
  const pages = makeLoginPages({ accounts, settings, factors, consentDays: config.consentDays })

  const services = makeConnectedServices({
    current,
    store,
    keyring,
    consents,
    clients,
    resourceServers,
    sessionStore,
    notices: logoutNotices,
    journal,
    log,
  })
  const entrance = makeEntrance({
    current,
    accounts,
    settings,
    keptForms: makeKeptForms({ store, dataKeys, clock }),
    cookies: makePageCookies({ clock, issuer, sessionCookie: () => current().cookieName('session') }),
    journal,
    clock,
    issuer,
    idleSeconds: config.cabinetIdleSeconds,
    highestLevel: (oid) => highestLevel(factors, oid),
    secondFactor: config.secondFactor,
  })

  const app = makeApp({
    issuer,
    log,
    views,
    texts,
    assets,
    csrfKey: new Secret(keyring.key('csrf').toString('base64')),
    trustedProxies: config.trustedProxies,
    unitOfWork: unitOfWork(store, (ctx) => killReplayedGrant(providers.current, ctx)),
    ready: () =>
      store.ping().then(
        () => true,
        () => false,
      ),
    documents: documents.answer,
    languageChosen: makeRememberLanguage({ entrance, settings, journal, store }),
    routes(router) {
      loginRoutes(router, {
        login,
        devices,
        factors,
        answering,
        pages,
        interactions,
        evidence,
        authenticators,
        registration,
      })
      registration.routes(router)
      contactRoutes(router, { detachments })
      recovery.routes(router)
      changeRoutes(router, { delayedChanges })
      deviceRoutes(router)
      ciba.routes(router)
      entranceRoutes(router)
      relatedOriginRoutes(router, config.webauthnRelatedOrigins)
      codeRoutes(router, { entrance, code: factors.code, settings, journal, store })
      contactChangeRoutes(router, {
        entrance,
        proposals: contactProposals,
        changes: contactChanges,
        delayedChanges,
        detachments,
        ownerNotices,
        store,
        clock,
        levels: (oid) => contactLevels(factors, oid),
      })
      passwordRoutes(router, { entrance, changing: passwordChanging, passwords, profiles, clock })
      sessionRoutes(router, { entrance, sessions })
      knownDeviceRoutes(router, { entrance, devices, journal })
      const incidentParts = { incidents, sessions, journal, countryOf, serviceName: makeServiceName(clients) }
      notMeRoutes(router, { ...incidentParts, notMe })
      journalRoutes(router, { ...incidentParts, entrance, highestLevel: (oid) => highestLevel(factors, oid), clock })
      securityRoutes(router, {
        entrance,
        authenticators,
        factors,
        attempts,
        settings,
        delayedChanges,
        ownerNotices,
        journal,
        store,
        client: FIRST_PARTY,
        secondFactor: config.secondFactor,
      })
      cabinetRoutes(router, {
        entrance,
        settings,
        ownerNotices,
        journal,
        store,
        services,
        sessions,
        requests: ciba.pending,
        consentDays: config.consentDays,
        cabinetIdleSeconds: config.cabinetIdleSeconds,
      })
    },
    provider: onlyEndpoints(compose([postToGet, documents.keep, continuePage, providers.middleware])),
    onInternalError: (_ctx: Ctx) => units.getStore()?.discard(),
    renderOauth,
  })
  app.keys = makeCookieSigner([keyring.key('cookies').toString('base64url')]) as typeof app.keys

  if (background) await Promise.all([worker.start(), logoutSender.start(), ciba.worker.start()])
  if (background) arrivalNotices.start()
  const upkeep =
    background &&
    (await startUpkeep({
      store,
      detachments,
      delayedChanges,
      passwordChanging,
      incidents,
      signingKeys,
      providers,
      clock,
      log,
      retentionDays: config.journalDays,
    }))
  return {
    app,
    providers,
    accounts,
    administration,
    detachments,
    delayedChanges,
    contactChanges,
    authenticators,
    incidents,
    hardwareTokens: makeHardwareTokens({ store, keyring, journal, clock }),
    passwords,
    consents,
    clients,
    registrar,
    invitations,
    resourceServers,
    signingKeys,
    attainableLevel: reached(Object.values(factors).map(({ best }) => best)),
    endSession,
    sessions,
    devices,
    journal,
    outbox,
    store,
    views,
    assets,
    sandboxChannels,
    async stop() {
      if (upkeep) upkeep.stop()
      await arrivalNotices.stop()
      if (background) await Promise.all([worker.stop(), logoutSender.stop(), ciba.worker.stop()])
      await stopQueue(boss, config.drainSeconds * 1000)
    },
  }
}

function realChannels(config: Config, fetch: typeof globalThis.fetch): Channels {
  if (!config.sms || !config.mail) throw new Error('SMS gateway and mail are configured outside the sandbox')
  return {
    sms: makeGatewayHttp(config.sms, { fetch, name: 'SMS gateway' }),
    mail: makeMailSmtp(config.mail),
    ...(config.voice && { voice: makeGatewayHttp(config.voice, { fetch, name: 'voice gateway' }) }),
  }
}
