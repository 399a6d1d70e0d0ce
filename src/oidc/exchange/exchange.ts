import { errors, type KoaContextWithOIDC, type TokenEndpointGrantContext } from 'oidc-provider'
import {
  buildTokenResponse,
  checkDpopReplay,
  checkDpopRequired,
  checkMtlsCert,
  validateDpop,
} from 'oidc-provider/lib/helpers/grants.js'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { State } from '#src/http/context.ts'
import type { Journal } from '#src/journal/journal.ts'
import { registrationOf } from '../clients.ts'
import { quoted } from '../quoted.ts'
import { termsOf } from '../resources/features.ts'
import { isMeantFor } from '../resources/introspection.ts'
import type { ResourceServer } from '../resources/resource-server.ts'
import type { ResourceServers } from '../resources/store.ts'
import type { SubjectNames } from '../resources/subject-names.ts'
import { type Actor, asPayload, extraOf } from '../resources/token-claims.ts'
import { saveDerivedGrant } from './derived-grants.ts'
import { tokenExchanged } from './events.ts'
import { actorChain, refuseStronger, scopesOf, targetsOf } from './policy.ts'
import { oneSubject, resolveTargets } from './targets.ts'
import { ACCESS_TOKEN, JWT, TOKEN_EXCHANGE } from './token-types.ts'
import type { AccessToken, PresentedTokens } from './tokens.ts'

type Provider = KoaContextWithOIDC['oidc']['provider']
type Client = InstanceType<Provider['Client']>

interface Params {
  subject_token?: string
  subject_token_type?: string
  actor_token?: string
  actor_token_type?: string
  requested_token_type?: string
  audience?: string | string[]
}

type Context = TokenEndpointGrantContext<Params>

export interface ExchangeDeps {
  readonly accounts: Pick<Accounts, 'read'>
  readonly resourceServers: ResourceServers
  readonly presented: PresentedTokens
  readonly subjectNames: SubjectNames
  readonly journal: Journal
}

const HOME_TOKEN_SECONDS = 600

/**
 * Token exchange (RFC 8693): a confidential client passes a person's authority on, to those whom its registration names and never more of
 * it than it was given.
 */
export function registerTokenExchange(provider: Provider, deps: ExchangeDeps): void {
  provider.registerGrantType<Params>(
    TOKEN_EXCHANGE,
    (ctx) => exchange(provider, ctx, deps),
    [
      ...['subject_token', 'subject_token_type', 'actor_token', 'actor_token_type', 'requested_token_type'],
      ...['audience', 'resource', 'scope'],
    ],
    ['audience', 'resource'],
  )
}

async function exchange(provider: Provider, ctx: Context, deps: ExchangeDeps): Promise<void> {
  const { client, params } = ctx.oidc
  if (client.clientAuthMethod === 'none') throw new errors.UnauthorizedClient('only a client that proves who it is may')
  const proof = await validateDpop(provider, ctx)
  checkDpopRequired(provider, ctx, proof)
  const certificate = checkMtlsCert(provider, ctx)

  const subject = await deps.presented.subject(provider, ...present(params, 'subject_token'))
  await refuseStranger(client, subject, deps.resourceServers)
  const names = targetsOf(params, subject.aud, registrationOf(client).exchange_audiences)
  const targets = await resolveTargets(provider, params, names, deps.resourceServers)
  const scopes = scopesOf(params.scope, subject.scopes)
  const { acr, level, auth_time, act: before } = extraOf(subject)
  const sub = await oneSubject(ctx, subject, names, deps.subjectNames)
  const actor = await actorOf(provider, ctx, subject, names, deps)

  const { server } = targets
  const ttlSeconds = Math.min(server?.token_lifetime ?? HOME_TOKEN_SECONDS, subject.remainingTTL)
  const token = new provider.AccessToken({
    client,
    accountId: subject.accountId,
    grantId: '',
    gty: TOKEN_EXCHANGE,
    scope: scopes.filter((scope) => !server || server.scopes.some(({ name }) => name === scope)).join(' '),
    expiresIn: ttlSeconds,
    extra: asPayload({ acr, level, auth_time, act: actorChain(actor, before), sub }),
    rar: server && [subject.aud].flat().includes(server.identifier) ? subject.rar : undefined,
  })
  if (server) token.resourceServer = new provider.ResourceServer(server.identifier, termsOf(server))
  else token.aud = [...names]
  if (certificate) token.setThumbprint('x5t', certificate)
  if (proof) token.setThumbprint('jkt', proof.thumbprint)
  refuseLooser(client, subject, token)
  const { identity } = await deps.accounts.read(Number(subject.accountId))
  const bound = token.isSenderConstrained()
  refuseStronger([client, ...targets.clients], { acr, level, bound, identity: identity.level })
  const issuedTokenType = refuseForm(params.requested_token_type, server)

  await checkDpopReplay(provider, ctx, proof, client.clientId)
  token.grantId = await saveDerivedGrant(provider, { subject, clientId: client.clientId, ttlSeconds })
  ctx.oidc.entity('AccessToken', token)
  const accessToken = await token.save()
  await deps.journal.note(
    tokenExchanged({
      account: Number(subject.accountId),
      client: client.clientId,
      from: subject.clientId ?? '',
      audience: names.join(' '),
      scope: token.scope ?? '',
      address: (ctx.state as State).address,
    }),
  )
  ctx.body = buildTokenResponse(provider, {
    accessToken,
    issuedTokenType,
    tokenType: token.tokenType,
    expiresIn: token.expiration,
    scope: token.scope || undefined,
    authorizationDetails: token.rar,
  })
}

/** @throws InvalidRequest when the token or its type is missing */
function present(params: Params, name: 'subject_token' | 'actor_token'): [value: string, type: string] {
  const [value, type] = [params[name], params[`${name}_type`]]
  if (value === undefined) throw new errors.InvalidRequest(`${name} is missing`)
  if (type === undefined) throw new errors.InvalidRequest(`${name}_type is missing`)
  return [value, type]
}

/** A token is exchanged by whom it was issued to or whom it is meant for; in anybody else's hands it is stolen. */
async function refuseStranger(client: Client, subject: AccessToken, servers: ResourceServers): Promise<void> {
  if (subject.clientId === client.clientId || (await isMeantFor(client.clientId, subject, servers))) return
  throw new errors.InvalidRequest('subject_token was neither issued to this client nor is it meant for it')
}

/** The client itself unless it shows on whose behalf it acts, by a token of its own. */
async function actorOf(
  provider: Provider,
  ctx: Context,
  subject: AccessToken,
  names: readonly string[],
  deps: ExchangeDeps,
): Promise<Actor> {
  const { client, params } = ctx.oidc
  const itself = { sub: client.clientId, client_id: client.clientId }
  if (params.actor_token === undefined && params.actor_token_type === undefined) return itself
  const token = await deps.presented.actor(provider, ...present(params, 'actor_token'))
  if (token.clientId !== client.clientId) throw new errors.InvalidRequest('actor_token was issued to another client')
  if (token.isSenderConstrained())
    throw new errors.InvalidRequest('actor_token is sender-constrained, which one request cannot prove beside its own')
  if (!('accountId' in token) || token.accountId === subject.accountId) return itself
  const known = await oneSubject(ctx, token as AccessToken, names, deps.subjectNames)
  const own = await oneSubject(ctx, token as AccessToken, [client.clientId], deps.subjectNames)
  return { ...itself, sub: known ?? own ?? (token as AccessToken).accountId }
}

/**
 * A bound token never becomes a loose one. Its holder proves the same key; whom it was meant for has checked that key when it came, cannot
 * prove it, and binds the new token to its own.
 */
function refuseLooser(client: Client, subject: AccessToken, token: AccessToken): void {
  if (!subject.isSenderConstrained()) return
  const [was, is] = [subject, token].map((one) => one.jkt ?? one['x5t#S256'])
  if (is === undefined)
    throw new errors.InvalidRequest('subject_token is sender-constrained: prove possession of a key')
  if (subject.clientId === client.clientId && was !== is)
    throw new errors.InvalidRequest('subject_token is bound to another key')
}

/** @returns the type of what is issued @throws InvalidRequest when another one is asked for */
function refuseForm(requested: string | undefined, server: ResourceServer | undefined): string {
  if (requested === undefined || requested === ACCESS_TOKEN) return ACCESS_TOKEN
  if (requested === JWT && server?.token_format === 'jwt') return JWT
  throw new errors.InvalidRequest(`requested_token_type: ${quoted(requested)} is not issued for this audience`)
}
