import type { Configuration, JWK, KoaContextWithOIDC } from 'oidc-provider'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { SecondFactorPolicy } from '#src/config/config.ts'
import type { Consents } from '#src/consents/consents.ts'
import { scopeClaims } from '#src/consents/scopes.ts'
import { makeCookieSigner } from '#src/http/cookie-signer.ts'
import type { Journal } from '#src/journal/journal.ts'
import { type Clock, unixSeconds } from '#src/kernel/clock.ts'
import { acrs } from '#src/kernel/levels.ts'
import type { ByRealm } from '#src/kernel/realms.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { units } from '#src/store/unit.ts'
import type { Throttle } from '#src/throttle/throttle.ts'
import type { makeAdapter } from './adapter.ts'
import { enabledJwa } from './algorithms.ts'
import { ciba, cibaSeconds, standIn } from './ciba/ciba.ts'
import { accountNumber } from './ciba/hints.ts'
import type { CibaRequests } from './ciba/store.ts'
import { checkClaims, claimsFor } from './claims.ts'
import { ownMetadata, type RelyingParty, registrationOf } from './clients.ts'
import { deviceFlow } from './device/device.ts'
import { DEVICE_CODE_SECONDS } from './device/guessing.ts'
import { checkClientAssertions, checkRequestObjects, dpop } from './fapi/jwts.ts'
import { applyFapiProfile } from './fapi/profile.ts'
import { firstPartyGrant } from './first-party.ts'
import { makeGrantSource } from './grants.ts'
import { isBelowWanted } from './identity-level/check.ts'
import type { MutualTls } from './mtls/mtls.ts'
import { logoutPages, renderOauthError } from './pages.ts'
import { pairwiseSubject } from './pairwise.ts'
import { paths } from './paths.ts'
import { makePolicy } from './policy.ts'
import { refuseWeakToken } from './raised-levels.ts'
import type { DynamicRegistration } from './registration/registration.ts'
import type { Releases } from './releases/releases.ts'
import { FIRST_PARTY, IDLE_PARAMETER, TWO_FACTORS_PARAMETER } from './requirement.ts'
import { lifetime, type ResourceParts } from './resources/parts.ts'
import { refuseBeforeSpent } from './resources/refreshing.ts'
import { type SessionExtras, sessionTtl } from './session.ts'
import type { Assurance } from './verified-claims/evidence.ts'
import { assuranceMetadata } from './verified-claims/metadata.ts'
import { VERIFIED_CLAIMS } from './verified-claims/parameter.ts'
import { makeVerifiedClaims } from './verified-claims/release.ts'

export interface ConfigurationDeps {
  readonly issuer: URL
  readonly keyring: Keyring
  readonly clock: Clock
  readonly accounts: Accounts
  readonly consents: Consents
  readonly journal: Pick<Journal, 'note'>
  readonly releases: Releases
  readonly throttle: Throttle
  readonly cibaRequests: Pick<CibaRequests, 'add'>
  /** Our own pages. */
  readonly firstParty: RelyingParty
  readonly registration: Pick<DynamicRegistration, 'features'>
  readonly mutualTls: MutualTls
  readonly sessions: { readonly idleSeconds: number; readonly absoluteSeconds: number }
  readonly consentDays: number
  readonly assurance: Assurance
  readonly secondFactor: ByRealm<SecondFactorPolicy>
  /** Sandbox only: error pages say what was checked and why it was refused. */
  readonly explainErrors: boolean
  readonly fetch: typeof globalThis.fetch
}

const MINUTE = 60
const DAY = 86_400
const LONGEST_KEY_SET_BYTES = 64 * 1024

/**
 * What the provider is told: endpoints, cookies, features, lifetimes, and how it asks us about clients, accounts and grants.
 * @param state.signingKeys see `ProviderState`
 */
export function configuration(
  deps: ConfigurationDeps,
  { signingKeys }: { readonly signingKeys: readonly JWK[] },
  adapter: ReturnType<typeof makeAdapter>,
  resources: ResourceParts,
): Configuration {
  const { issuer, keyring, clock, consents, sessions, mutualTls } = deps
  const secure = issuer.protocol === 'https:'
  const cookie = { signed: true, httpOnly: true, sameSite: 'lax', secure } as const
  const now = () => unixSeconds(clock.now())
  const consented = makeGrantSource({ consents, clock })
  const pairwise = pairwiseSubject(keyring)
  const verifiedClaims = makeVerifiedClaims(deps)
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
    extraParams: [TWO_FACTORS_PARAMETER, IDLE_PARAMETER],
    scopes: Object.keys(scopeClaims),
    claims: {
      ...mutable(scopeClaims),
      openid: ['sub', 'acr', 'amr', 'auth_time', 'sid'],
      [VERIFIED_CLAIMS]: null,
    } as never,
    acrValues: [...acrs],
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
    discovery: { ...mutualTls.discovery, ...assuranceMetadata(deps.assurance) },
    clientBasedCORS: (_ctx, origin, client) => registrationOf(client).cors_origins?.includes(origin) === true,
    pkce: { required: (_ctx, client) => needsPkce(client) },
    interactions: {
      policy: makePolicy({ clock, pairwise, demandsOf: resources.demandsOf }),
      url: (_ctx, interaction) => `/login/${interaction.uid}`,
    },
    findAccount: async (ctx, sub, token) => {
      if (ctx.oidc.route === 'userinfo' && token) {
        refuseWeakToken(ctx, token)
        deps.releases.expect(accountNumber(sub), ctx.oidc.client!.clientId)
      }
      // Of a live session the grant is wanted next.
      const grantId = ctx.oidc.client && ctx.oidc.session?.grantIdFor(ctx.oidc.client.clientId)
      if (grantId !== undefined && units.getStore())
        adapter('Grant')
          .find(grantId)
          .catch(() => {})
      const account = await deps.accounts.find(accountNumber(sub))
      const ours = ctx.oidc.client?.clientId === FIRST_PARTY
      // Of a closed account our own pages show the way back, and nobody else sees anything.
      if (!account || !(account.state === 'active' || (account.state === 'closed' && ours))) return standIn(ctx)
      const ruled = deps.secondFactor[account.realm] === 'required'
      if (ctx.oidc.route === 'token' && token && isBelowWanted(ctx, token, account)) return undefined
      const claims = async (_use: string, scope: string, asked: object) => {
        const all = claimsFor(account, scope, asked)
        return { ...all, ...verifiedClaims(ctx, account, all, asked) } as never
      }
      return { accountId: sub, claims, ruled, identity: () => account.identity }
    },
    loadExistingGrant: async (ctx) => firstPartyGrant(ctx) ?? consented(ctx),
    issueRefreshToken: async (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') && (hasSession(source) || source.scopes.has('offline_access')),
    // A sender-constrained token gains nothing by rotation, and losing an answer must not lose the grant (FAPI 2.0, section 5.3.2.1).
    rotateRefreshToken: async (ctx) => {
      await refuseBeforeSpent(ctx)
      return registrationOf(ctx.oidc.client!).fapi_profile === undefined
    },
    // Signing out ends the session's tokens; what the person agreed to stays agreed.
    revokeGrantPolicy: (ctx) => ctx.oidc.route !== 'end_session_confirm',
    renderError: renderOauthError(deps),
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true, assertClaimsParameter: checkClaims },
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

/** Public clients and those of FAPI always, the others unless they are set to do without (RFC 9700, section 2.1.1). */
function needsPkce(client: NonNullable<KoaContextWithOIDC['oidc']['client']>): boolean {
  const { pkce, fapi_profile } = registrationOf(client)
  return client.clientAuthMethod === 'none' || fapi_profile !== undefined || pkce !== 'optional'
}

/** A request that no session stands behind outlives every sign-out, so only `offline_access` prolongs it. */
const hasSession = ({ kind }: { readonly kind: string }) => kind !== 'BackchannelAuthenticationRequest'

function mutable<T extends Record<string, readonly string[]>>(lists: T): Record<keyof T, string[]> {
  return Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, [...list]])) as Record<keyof T, string[]>
}
