import { makeProofsOnRecord } from '#src/accounts/identity/proofs-on-record.ts'
import { makeCibaParts } from '#src/oidc/ciba/parts.ts'
import { checkMetadata } from '#src/oidc/clients/check.ts'
import { makeClients } from '#src/oidc/clients/clients.ts'
import { makeRegistrar } from '#src/oidc/clients/registrar.ts'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { makeConnectedServices } from '#src/oidc/connected-services.ts'
import { makeDocuments } from '#src/oidc/documents.ts'
import { firstPartyClient } from '#src/oidc/first-party.ts'
import { makeAwaitedLevels } from '#src/oidc/identity-level/awaited-levels.ts'
import { makeSigningKeys } from '#src/oidc/keys/signing-keys.ts'
import { makeDeliverLogout } from '#src/oidc/logout/client-logout.ts'
import { makeEndSession } from '#src/oidc/logout/ending.ts'
import { makeLogoutNotices } from '#src/oidc/logout/notices.ts'
import { makeLogoutSender } from '#src/oidc/logout/sender.ts'
import { makeMutualTls } from '#src/oidc/mtls/mtls.ts'
import { makeProviders, type Providers } from '#src/oidc/providers.ts'
import { makeInvitations } from '#src/oidc/registration/invitations.ts'
import { makeDynamicRegistration } from '#src/oidc/registration/registration.ts'
import { makeReleases } from '#src/oidc/releases/releases.ts'
import { reachableAcrs } from '#src/oidc/requirement.ts'
import { makeResourceServers } from '#src/oidc/resources/store.ts'
import { makeSessions } from '#src/oidc/sessions/sessions.ts'
import { makeSessionStore } from '#src/oidc/sessions/store.ts'
import { makeQuotedProofs } from '#src/oidc/verified-claims/quoted.ts'
import type { Ground } from './ground.ts'
import type { People } from './people.ts'

/** Who changes things by the command line, for the journal. */
const OPERATOR = 'cli'

export type ProviderParts = Awaited<ReturnType<typeof makeProviderParts>>

/** The OpenID provider, its clients, keys and resource servers, and the sessions that it holds. */
export async function makeProviderParts(ground: Ground, people: People) {
  const {
    config,
    log,
    clock,
    issuer,
    fetch,
    keyring,
    dataKeys,
    boss,
    outbox,
    store,
    journal,
    throttle,
    countryOf,
    brand,
  } = ground
  const { accounts, settings, consents, codes, factors } = people
  const clients = makeClients({ store, keyring, clock })
  const invitations = makeInvitations({ store, journal, clock, actor: OPERATOR })
  const resourceServers = makeResourceServers({ store, journal, clock })
  const neighbours = { clients, resourceServers }
  const { signingKeyDays: rotationDays } = config
  const signingKeys = makeSigningKeys({ store, keyring, journal, clock, rotationDays })
  await signingKeys.advance()
  const logoutNotices = makeLogoutNotices({ store, keyring, clock, added: () => logoutSender.wake() })
  const current = () => providers.current
  const limits = { absoluteSeconds: config.sessions.absoluteSeconds, consentDays: config.consentDays }
  const sessionStore = makeSessionStore({ store, dataKeys, clock, limits })
  const releases = makeReleases({ store, journal, clock })
  const awaitedLevels = makeAwaitedLevels({ store, clients, journal, clock, issuer })
  const ciba = makeCibaParts({
    store,
    keyring,
    clock,
    log,
    issuer,
    accounts,
    settings,
    consents,
    awaitedLevels,
    clients,
    codes,
    code: factors.code,
    outbox,
    journal,
    boss,
    consentDays: config.consentDays,
    secondFactor: config.secondFactor,
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
      releases,
      cibaRequests: ciba.requests,
      firstParty: firstPartyClient(issuer, brand.name),
      sessions: config.sessions,
      consentDays: config.consentDays,
      assurance: {
        trustFramework: config.identity.trustFramework,
        issuer: issuer.origin,
        verifierNames: config.identity.verifierNames,
        ownName: config.brand.nameRu,
      },
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
  const sessions = makeSessions({ current, store, sessionStore, endSession, journal, countryOf })
  const services = makeConnectedServices({
    current,
    store,
    keyring,
    consents,
    clients,
    resourceServers,
    sessionStore,
    releases,
    notices: logoutNotices,
    journal,
    log,
  })
  const documents = makeDocuments(current)
  const quotedProofs = makeQuotedProofs({ proofs: makeProofsOnRecord({ store }), keyring, current })
  return {
    clients,
    invitations,
    resourceServers,
    signingKeys,
    logoutNotices,
    current,
    sessionStore,
    ciba,
    providers,
    registrar,
    logoutSender,
    endSession,
    sessions,
    services,
    documents,
    quotedProofs,
    awaitedLevels,
  }
}
