import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import OidcProvider, { type Configuration, type JWK, type KoaContextWithOIDC } from 'oidc-provider'
import type { Account } from '#src/accounts/account.ts'
import { scopeClaims } from '#src/consents/scopes.ts'
import { serve } from '#src/http/server.ts'
import { acrs } from '#src/kernel/levels.ts'
import { enabledJwa } from '#src/oidc/algorithms.ts'
import { denyUserCodes } from '#src/oidc/ciba/ciba.ts'
import { claimsOf } from '#src/oidc/claims.ts'
import { paths } from '#src/oidc/paths.ts'
import { assuranceMetadata } from '#src/oidc/verified-claims/metadata.ts'
import { VERIFIED_CLAIMS } from '#src/oidc/verified-claims/parameter.ts'
import { type Ready, serveRunner } from './child.ts'
import { makeMapAdapter } from './map-adapter.ts'
import { accountOf, type Resident } from './people.ts'
import { type ClientTerms, terms } from './terms.ts'

export interface BareOptions {
  readonly client: ClientTerms
  readonly keys: { readonly jwks: readonly JWK[]; readonly cookies: string }
  readonly residents: readonly Resident[]
}

export interface BareReady extends Ready {
  readonly port: number
}

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

const cookie = { signed: true, httpOnly: true, sameSite: 'lax', secure: true } as const

/** oidc-provider as it comes, set to the same terms: artifacts and people in Maps, a page of one form. */
serveRunner<BareOptions>(async ({ client, keys, residents }) => {
  const accounts = new Map(residents.map((resident) => [String(resident.oid), accountOf(resident)]))
  const byPhone = new Map(residents.map(({ oid, phone }) => [phone, String(oid)]))
  const provider = new OidcProvider(terms.issuer, configuration({ client, keys, accounts }))
  provider.proxy = true
  provider.registerGrantType(TOKEN_EXCHANGE, () => Promise.reject(new Error('not measured')), [])
  Object.assign(provider.Client.prototype, { includeSid: () => true })
  provider.use(async (ctx, next) => {
    await next()
    if (ctx.oidc?.route === 'discovery') denyUserCodes(ctx.body)
  })
  provider.use((ctx, next) => page(provider, byPhone, ctx, next))
  const server = await serve(provider, { host: '127.0.0.1', port: 0, closeTimeoutMs: 1_000 })
  const ready: BareReady = {
    port: server.address.port,
    configuration: { server: 'oidc-provider with a bare page', store: 'Map', argon2: 'none', log: 'none' },
  }
  return { ready, stop: () => server.close() }
})

function configuration({
  client,
  keys,
  accounts,
}: Pick<BareOptions, 'client' | 'keys'> & { accounts: ReadonlyMap<string, Account> }): Configuration {
  return {
    adapter: makeMapAdapter(),
    clients: [{ ...client, redirect_uris: [...client.redirect_uris] } as never],
    jwks: { keys: [...keys.jwks] },
    routes: paths,
    cookies: {
      keys: [keys.cookies],
      names: { session: '__Host-session', interaction: '__Secure-interaction', resume: '__Secure-resume' },
      long: { ...cookie, path: '/' },
      short: cookie,
    },
    clientDefaults: {
      id_token_signed_response_alg: 'ES256',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
    },
    responseTypes: ['code', 'none'],
    scopes: Object.keys(scopeClaims),
    claims: {
      ...Object.fromEntries(Object.entries(scopeClaims).map(([scope, claims]) => [scope, [...claims]])),
      openid: ['sub', 'acr', 'amr', 'auth_time', 'sid'],
      [VERIFIED_CLAIMS]: null,
    },
    discovery: assuranceMetadata(terms),
    acrValues: [...acrs],
    subjectTypes: ['public', 'pairwise'],
    pairwiseIdentifier: async (_ctx, accountId) => accountId,
    enabledJWA: enabledJwa,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    pkce: { required: () => true },
    interactions: { url: (_ctx, interaction) => `/login/${interaction.uid}` },
    findAccount: async (_ctx, sub) => {
      const account = accounts.get(sub)
      return account && { accountId: sub, claims: async () => claimsOf(account) as never }
    },
    loadExistingGrant: existingGrant,
    issueRefreshToken: async (_ctx, { grantTypeAllowed }) => grantTypeAllowed.call(_ctx.oidc.client, 'refresh_token'),
    rotateRefreshToken: true,
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      backchannelLogout: { enabled: true },
      clientCredentials: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      dPoP: { enabled: true },
      requestObjects: { enabled: true },
      jwtResponseModes: { enabled: true },
      jwtUserinfo: { enabled: true },
      encryption: { enabled: true },
      introspection: { enabled: true },
      jwtIntrospection: { enabled: true },
      revocation: { enabled: true },
      fapi: { enabled: true, profile: () => undefined },
      resourceIndicators: { enabled: true, defaultResource: () => [] as never },
      richAuthorizationRequests: { enabled: true, types: {} },
      deviceFlow: { enabled: true },
      ciba: { enabled: true, deliveryModes: ['poll', 'ping'] } as never,
      registration: { enabled: true, initialAccessToken: true },
      registrationManagement: { enabled: true },
    },
    ttl: { ...terms.ttlSeconds, Grant: terms.consentDays * 86_400, Session: terms.sessionSeconds.idle },
  }
}

/** Everybody has consented before: a grant of the session, else a new one. */
async function existingGrant(ctx: KoaContextWithOIDC) {
  const { session, client, provider } = ctx.oidc
  const grantId = session!.grantIdFor(client!.clientId)
  if (grantId !== undefined) return provider.Grant.find(grantId)
  const grant = new provider.Grant({ accountId: session!.accountId!, clientId: client!.clientId })
  grant.addOIDCScope(terms.scope)
  await grant.save()
  return grant
}

const PAGE = /^\/login\/([\w-]+)$/

interface PageContext {
  readonly path: string
  readonly method: string
  readonly req: IncomingMessage
  status: number
  type: string
  body: unknown
}

/** The page and its answer in as little as it takes; the interaction is finished the way the library's example does. */
async function page(
  provider: OidcProvider,
  byPhone: ReadonlyMap<string, string>,
  ctx: PageContext & { readonly res: Parameters<OidcProvider['interactionDetails']>[1]; respond?: boolean },
  next: () => Promise<unknown>,
): Promise<unknown> {
  const [, uid] = PAGE.exec(ctx.path) ?? []
  if (uid === undefined) return next()
  const interaction = await provider.interactionDetails(ctx.req, ctx.res)
  if (interaction.uid !== uid) return next()
  if (ctx.method === 'GET') {
    ctx.type = 'html'
    ctx.body = `<!DOCTYPE html><title>Sign in</title><form method="post" action="/login/${uid}">
<input name="identifier"><input name="password" type="password"><button>Sign in</button></form>`
    return undefined
  }
  const form = new URLSearchParams(await text(ctx.req))
  const accountId = byPhone.get(form.get('identifier') ?? '')
  if (accountId === undefined || form.get('password') !== terms.password) {
    ctx.status = 422
    ctx.body = 'wrong'
    return undefined
  }
  ctx.respond = false
  const login = { accountId, acr: 'aal1', amr: ['pwd'], ts: Math.floor(Date.now() / 1000) }
  return provider.interactionFinished(ctx.req, ctx.res, { login }, { mergeWithLastSubmission: false })
}
