import OidcProvider, { type Configuration, type JWK, type KoaContextWithOIDC } from 'oidc-provider'
import type { Logger } from 'pino'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { Consents } from '#src/consents/consents.ts'
import { scopeClaims } from '#src/consents/scopes.ts'
import { makeCookieSigner } from '#src/http/cookie-signer.ts'
import { pinOrigin } from '#src/http/request-origin.ts'
import type { Journal } from '#src/journal/journal.ts'
import { type Clock, unixSeconds } from '#src/kernel/clock.ts'
import { AppError, kernelErrors } from '#src/kernel/errors.ts'
import { isUnreachable } from '#src/kernel/unreachable.ts'
import type { Keyring } from '#src/store/keyring.ts'
import type { Store } from '#src/store/store.ts'
import { units } from '#src/store/unit.ts'
import type { Throttle } from '#src/throttle/throttle.ts'
import { makeAdapter } from './adapter.ts'
import { enabledJwa } from './algorithms.ts'
import { ciba, cibaSeconds, denyUserCodes, standIn } from './ciba/ciba.ts'
import { accountNumber } from './ciba/hints.ts'
import { pingAsJobs } from './ciba/ping.ts'
import type { CibaRequests } from './ciba/store.ts'
import { claimsOf } from './claims.ts'
import type { Clients } from './clients/clients.ts'
import { serveClients } from './clients/provider-clients.ts'
import { ownMetadata, type RelyingParty, registrationOf } from './clients.ts'
import { deviceFlow } from './device/device.ts'
import { DEVICE_CODE_SECONDS, guardUserCodes } from './device/guessing.ts'
import { untypedEmptyAnswers } from './empty-answers.ts'
import { oidcErrors } from './errors.ts'
import { checkClientAssertions, checkRequestObjects, dpop } from './fapi/jwts.ts'
import { applyFapiProfile, refuseUnsignedAnswers } from './fapi/profile.ts'
import { firstPartyGrant } from './first-party.ts'
import { makeGrantSource } from './grants.ts'
import { readFormerHints } from './keys/hints.ts'
import { PUBLISHED_CACHE_SECONDS } from './keys/schedule.ts'
import { logoutAsJobs } from './logout/client-logout.ts'
import type { LogoutNotices } from './logout/notices.ts'
import { acceptAliases, type MutualTls } from './mtls/mtls.ts'
import { refusePersonalScopes } from './own-tokens.ts'
import { logoutPages, renderOauthError } from './pages.ts'
import { pairwiseSubject } from './pairwise.ts'
import { paths } from './paths.ts'
import { makePolicy, supportedAcrValues } from './policy.ts'
import { pacePolling } from './polling.ts'
import { refuseWeakRefreshes } from './raised-levels.ts'
import { tolerateRepeatedScopes } from './refresh-scopes.ts'
import type { DynamicRegistration } from './registration/registration.ts'
import { refuseReplays } from './replay-marks.ts'
import { lifetime, makeResourceParts, type ResourceParts } from './resources/parts.ts'
import type { ResourceServers } from './resources/store.ts'
import { keepToOneBrowser } from './same-browser.ts'
import { extendSessions, rememberEvidence, type SessionExtras, sessionTtl } from './session.ts'
import { journalSessions } from './session-journal.ts'

export type Provider = OidcProvider

export interface ProviderDeps {
  readonly issuer: URL
  readonly store: Store
  readonly keyring: Keyring
  readonly clock: Clock
  readonly log: Logger
  readonly accounts: Accounts
  readonly consents: Consents
  readonly journal: Journal
  readonly throttle: Throttle
  readonly clients: Clients
  readonly cibaRequests: Pick<CibaRequests, 'add'>
  /** Our own pages. */
  readonly firstParty: RelyingParty
  readonly resourceServers: ResourceServers
  readonly registration: DynamicRegistration
  readonly mutualTls: MutualTls
  readonly logoutNotices: LogoutNotices
  readonly sessions: { readonly idleSeconds: number; readonly absoluteSeconds: number }
  readonly consentDays: number
  /** Sandbox only: error pages say what was checked and why it was refused. */
  readonly explainErrors: boolean
  readonly fetch: typeof globalThis.fetch
}

/** What is stored and makes a new provider necessary when it changes. */
export interface ProviderState {
  /** Private JWKs; the first of an algorithm signs, all are published. */
  readonly signingKeys: readonly JWK[]
  /** Public JWKs, not published: what they signed still serves as a hint. */
  readonly formerKeys: readonly JWK[]
  /** Names of the types of authorization details that resource servers describe. */
  readonly authorizationDetailsTypes: readonly string[]
}

const MINUTE = 60
const DAY = 86_400
const LONGEST_KEY_SET_BYTES = 64 * 1024

/** The certified OpenID provider, with our store, policy, claims and pages. */
export function makeProvider(deps: ProviderDeps, state: ProviderState): Provider {
  const { issuer, log, store, keyring, clock } = deps
  const adapter = makeAdapter({
    store,
    keyring,
    clock,
    others: deps.registration.adapters,
    accountAhead: (accountId) => void deps.accounts.find(accountNumber(accountId)),
  })
  const resources = makeResourceParts(deps, { ...state, notes: adapter('IssuedJwt') })
  const provider = new OidcProvider(issuer.origin, configuration(deps, state, adapter, resources))
  pinOrigin(provider, issuer)
  extendSessions(provider, deps)
  refuseReplays(provider, deps)
  refuseUnsignedAnswers(provider)
  refusePersonalScopes(provider)
  keepToOneBrowser(provider)
  logoutAsJobs(provider, deps.logoutNotices)
  pingAsJobs(provider)
  acceptAliases(provider, deps.mutualTls, issuer)
  readFormerHints(provider, state.formerKeys)
  tolerateRepeatedScopes(provider, deps.resourceServers)
  refuseWeakRefreshes(provider)
  resources.extend(provider)
  serveClients(provider, deps)
  provider.on('interaction.ended', rememberEvidence)
  provider.on('interaction.ended', (ctx) => readAhead(ctx, deps))
  guardUserCodes(provider, deps)
  for (const around of [untypedEmptyAnswers, journalSessions(deps.journal), pacePolling(deps), deps.registration.guard])
    provider.use(around as unknown as Parameters<Provider['use']>[0])
  provider.use(async (ctx, next) => {
    await next()
    if (ctx.oidc?.route === 'jwks') ctx.set('Cache-Control', `public, max-age=${PUBLISHED_CACHE_SECONDS}`)
    if (ctx.oidc?.route === 'discovery') denyUserCodes(ctx.body)
  })
  provider.on('server_error', (ctx, err) => {
    // Half of what the request wanted, such as a code spent without its tokens, must not be stored under an answer that it failed.
    units.getStore()?.discard()
    if (isUnreachable(err)) throw new AppError(kernelErrors.unavailable, {}, { cause: err })
    if (isTooDeep(err)) throw new AppError(oidcErrors.invalid_request, {}, { cause: err })
    log.error({ err, requestId: requestIdOf(ctx) }, 'provider failed')
  })
  for (const event of [
    'authorization.error',
    'grant.error',
    'userinfo.error',
    'end_session.error',
    'device_authorization.error',
    'code_verification.error',
    'device_resume.error',
    'backchannel_authentication.error',
    'registration_create.error',
    'registration_update.error',
  ])
    (provider as NodeJS.EventEmitter).on(event, (ctx: KoaContextWithOIDC, fault: Error & { error_detail?: string }) =>
      log.info(
        {
          requestId: requestIdOf(ctx),
          client: ctx.oidc?.client?.clientId,
          reason: fault.message,
          detail: fault.error_detail,
        },
        event,
      ),
    )
  return provider
}

/** A JWT whose claims are nested deeper than the engine copies them: the provider copies them before it asks us about them. */
const isTooDeep = (fault: unknown) => fault instanceof RangeError && fault.message.includes('call stack')

/** Back from a sign-in, account and consent are wanted one after the other: asked for now they come in one round trip. */
function readAhead({ oidc }: KoaContextWithOIDC, { accounts, consents }: ProviderDeps): void {
  const accountId = oidc.session?.accountId
  if (accountId === undefined || !oidc.client) return
  void accounts.find(accountNumber(accountId))
  void consents.find(accountNumber(accountId), oidc.client.clientId)
}

/** Public clients and those of FAPI always, the others unless they are set to do without (RFC 9700, section 2.1.1). */
function needsPkce(client: NonNullable<KoaContextWithOIDC['oidc']['client']>): boolean {
  const { pkce, fapi_profile } = registrationOf(client)
  return client.clientAuthMethod === 'none' || fapi_profile !== undefined || pkce !== 'optional'
}

const requestIdOf = (ctx: KoaContextWithOIDC) => (ctx.state as { requestId?: string }).requestId

function configuration(
  deps: ProviderDeps,
  { signingKeys }: ProviderState,
  adapter: ReturnType<typeof makeAdapter>,
  resources: ResourceParts,
): Configuration {
  const { issuer, keyring, clock, consents, sessions, mutualTls } = deps
  const secure = issuer.protocol === 'https:'
  const cookie = { signed: true, httpOnly: true, sameSite: 'lax', secure } as const
  const now = () => unixSeconds(clock.now())
  const consented = makeGrantSource({ consents, clock })
  const pairwise = pairwiseSubject(keyring)
  return {
    clients: [deps.firstParty as never],
    adapter,
    jwks: { keys: [...signingKeys] },
    routes: paths,
    cookies: {
      keys: makeCookieSigner([keyring.key('cookies').toString('base64url')]) as never,
      names: secure
        ? { session: '__Host-session', interaction: '__Secure-interaction', resume: '__Secure-resume' }
        : { session: 'session', interaction: 'interaction', resume: 'resume' },
      long: { ...cookie, path: '/' },
      short: cookie,
    },
    clientDefaults: {
      id_token_signed_response_alg: 'ES256',
      authorization_signed_response_alg: 'ES256',
      introspection_signed_response_alg: 'ES256',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
    },
    extraClientMetadata: {
      properties: [...ownMetadata],
      validator: (_ctx, name, _value, metadata) => applyFapiProfile(name, metadata),
    },
    responseTypes: ['code', 'none'],
    scopes: Object.keys(scopeClaims),
    claims: { ...mutable(scopeClaims), openid: ['sub', 'acr', 'amr', 'auth_time', 'sid'] },
    acrValues: [...supportedAcrValues],
    subjectTypes: ['public', 'pairwise'],
    pairwiseIdentifier: pairwise,
    enabledJWA: enabledJwa,
    clientAuthMethods: [
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
      'none',
      ...mutualTls.authMethods,
    ],
    assertJwtClientAuthClaimsAndHeader: checkClientAssertions(clock),
    discovery: mutualTls.discovery,
    clientBasedCORS: (_ctx, origin, client) => registrationOf(client).cors_origins?.includes(origin) === true,
    pkce: { required: (_ctx, client) => needsPkce(client) },
    interactions: { policy: makePolicy({ clock, pairwise }), url: (_ctx, interaction) => `/login/${interaction.uid}` },
    findAccount: async (ctx, sub) => {
      // Of a live session the grant is wanted next.
      const grantId = ctx.oidc.client && ctx.oidc.session?.grantIdFor(ctx.oidc.client.clientId)
      if (grantId !== undefined && units.getStore())
        adapter('Grant')
          .find(grantId)
          .catch(() => {})
      const account = await deps.accounts.find(accountNumber(sub))
      if (account?.state !== 'active') return standIn(ctx)
      return { accountId: sub, claims: async () => claimsOf(account) as never }
    },
    loadExistingGrant: async (ctx) => firstPartyGrant(ctx) ?? consented(ctx),
    issueRefreshToken: async (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') && (hasSession(source) || source.scopes.has('offline_access')),
    // A sender-constrained token gains nothing by rotation, and losing an answer must not lose the grant (FAPI 2.0, section 5.3.2.1).
    rotateRefreshToken: ({ oidc }) => registrationOf(oidc.client!).fapi_profile === undefined,
    // Signing out ends the session's tokens; what the person agreed to stays agreed.
    revokeGrantPolicy: (ctx) => ctx.oidc.route !== 'end_session_confirm',
    renderError: renderOauthError(deps),
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true },
      rpInitiatedLogout: { enabled: true, ...logoutPages() },
      backchannelLogout: { enabled: true },
      clientCredentials: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      dPoP: dpop(keyring.key('dpop_nonces'), clock),
      mTLS: mutualTls.feature,
      requestObjects: { enabled: true, assertJwtClaimsAndHeader: checkRequestObjects(clock) },
      jwtResponseModes: { enabled: true },
      jwtUserinfo: { enabled: true },
      encryption: { enabled: true },
      jwtIntrospection: { enabled: true },
      ...resources.features,
      ...deps.registration.features,
      deviceFlow: deviceFlow(deps),
      ciba: ciba(deps),
      fapi: {
        enabled: true,
        profile: (_ctx, client) => (client && registrationOf(client).fapi_profile ? '2.0' : undefined),
      },
    },
    ...resources.tokens,
    ttl: {
      AccessToken: lifetime(10 * MINUTE),
      ClientCredentials: lifetime(10 * MINUTE),
      PushedAuthorizationRequest: MINUTE,
      AuthorizationCode: MINUTE,
      DeviceCode: DEVICE_CODE_SECONDS,
      BackchannelAuthenticationRequest: cibaSeconds,
      IdToken: 10 * MINUTE,
      Interaction: 30 * MINUTE,
      RefreshToken: 30 * DAY,
      Grant: deps.consentDays * DAY,
      Session: (_ctx, session) => sessionTtl(sessions, session as unknown as SessionExtras, now()),
    },
    fetch: deps.fetch as never,
    fetchResponseBodyLimits: { jwks_uri: LONGEST_KEY_SET_BYTES },
    // Checked when a client is registered; a sector whose server is down must not shut its clients out.
    sectorIdentifierUriValidate: () => false,
  }
}

/** A request that no session stands behind outlives every sign-out, so only `offline_access` prolongs it. */
const hasSession = ({ kind }: { readonly kind: string }) => kind !== 'BackchannelAuthenticationRequest'

function mutable<T extends Record<string, readonly string[]>>(lists: T): Record<keyof T, string[]> {
  return Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, [...list]])) as Record<keyof T, string[]>
}
