import OidcProvider, { type JWK, type KoaContextWithOIDC } from 'oidc-provider'
import type { Logger } from 'pino'
import { pinOrigin } from '#src/http/request-origin.ts'
import type { Journal } from '#src/journal/journal.ts'
import { AppError, kernelErrors } from '#src/kernel/errors.ts'
import type { Acr } from '#src/kernel/levels.ts'
import { isUnreachable } from '#src/kernel/unreachable.ts'
import type { Store } from '#src/store/store.ts'
import { units } from '#src/store/unit.ts'
import { makeAdapter } from './adapter.ts'
import { denyUserCodes } from './ciba/ciba.ts'
import { accountNumber } from './ciba/hints.ts'
import { pingAsJobs } from './ciba/ping.ts'
import { keepDescriptions } from './ciba/refusals.ts'
import type { Clients } from './clients/clients.ts'
import { serveClients } from './clients/provider-clients.ts'
import { type ConfigurationDeps, configuration } from './configuration.ts'
import { guardUserCodes } from './device/guessing.ts'
import { untypedEmptyAnswers } from './empty-answers.ts'
import { dropEndedSignIns } from './ended-sign-ins.ts'
import { oidcErrors } from './errors.ts'
import { refuseUnsignedAnswers } from './fapi/profile.ts'
import { readFormerHints } from './keys/hints.ts'
import { PUBLISHED_CACHE_SECONDS } from './keys/schedule.ts'
import { logoutAsJobs } from './logout/client-logout.ts'
import type { LogoutNotices } from './logout/notices.ts'
import { acceptAliases } from './mtls/mtls.ts'
import { refusePersonalScopes } from './own-tokens.ts'
import { pacePolling } from './polling.ts'
import { nameLevelWanted, refuseWeakRefreshes } from './raised-levels.ts'
import { tolerateRepeatedScopes } from './refresh-scopes.ts'
import type { DynamicRegistration } from './registration/registration.ts'
import { noteReleases } from './releases/noting.ts'
import { refuseReplays } from './replay-marks.ts'
import { makeResourceParts } from './resources/parts.ts'
import type { ResourceServers } from './resources/store.ts'
import { keepToOneBrowser } from './same-browser.ts'
import { extendSessions, rememberEvidence } from './session.ts'
import { journalSessions } from './session-journal.ts'
import { rememberSessions } from './sessions/remembering.ts'
import type { SessionStore } from './sessions/store.ts'
import { keepLevels } from './token-levels.ts'
import { answerArrays } from './verified-claims/release.ts'

export type Provider = OidcProvider

export interface ProviderDeps extends ConfigurationDeps {
  readonly store: Store
  readonly log: Logger
  readonly clients: Clients
  readonly journal: Journal
  readonly resourceServers: ResourceServers
  readonly registration: DynamicRegistration
  readonly logoutNotices: LogoutNotices
  /** Values that some sign-in can reach. */
  readonly acrValues: readonly Acr[]
  readonly sessionStore: SessionStore
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
  rememberSessions(provider, deps)
  refuseReplays(provider, deps)
  refuseUnsignedAnswers(provider)
  refusePersonalScopes(provider)
  keepToOneBrowser(provider)
  dropEndedSignIns(provider, deps)
  logoutAsJobs(provider, deps.logoutNotices)
  pingAsJobs(provider)
  keepDescriptions(provider)
  acceptAliases(provider, deps.mutualTls, issuer)
  readFormerHints(provider, state.formerKeys)
  tolerateRepeatedScopes(provider, deps.resourceServers)
  keepLevels(provider)
  refuseWeakRefreshes(provider)
  answerArrays(provider)
  noteReleases(provider, deps.releases)
  resources.extend(provider)
  serveClients(provider, deps)
  provider.on('interaction.ended', rememberEvidence)
  provider.on('interaction.ended', (ctx) => readAhead(ctx, deps))
  guardUserCodes(provider, deps)
  for (const around of [
    untypedEmptyAnswers,
    nameLevelWanted,
    journalSessions(deps.journal),
    pacePolling(deps),
    deps.registration.guard,
  ])
    provider.use(around as unknown as Parameters<Provider['use']>[0])
  provider.use(async (ctx, next) => {
    await next()
    if (ctx.oidc?.route === 'jwks') ctx.set('Cache-Control', `public, max-age=${PUBLISHED_CACHE_SECONDS}`)
    if (ctx.oidc?.route !== 'discovery') return
    denyUserCodes(ctx.body)
    // The provider knows more values, which clients may register, than the factors there are can reach.
    Object.assign(ctx.body as object, { acr_values_supported: deps.acrValues })
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

const requestIdOf = (ctx: KoaContextWithOIDC) => (ctx.state as { requestId?: string }).requestId
