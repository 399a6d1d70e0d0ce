import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'
import type { Consent, Consents } from '#src/consents/consents.ts'
import { type Clock, unixSeconds } from '#src/kernel/clock.ts'
import { randomTicket } from '#src/kernel/ids.ts'
import { claimsNamed } from './claims.ts'

type Grant = InstanceType<KoaContextWithOIDC['oidc']['provider']['Grant']>

/** What a session remembers of one client, beside the provider's own members. */
export interface Authorization {
  readonly sid?: string
  readonly grantId?: string
  readonly persistsLogout?: boolean
  /** Grants of this session that another one has replaced; what was issued from them lives on. */
  formerGrantIds?: string[]
}

/**
 * The grant behind a request: that of the session with this client, else a new one made from what the person agreed to before. Each
 * session has a grant of its own, so that signing out on one device leaves the tokens of another alone. A session's grant that lacks
 * something is replaced as well: the person may have agreed to more on another device. Nothing is stored for a request that the person has
 * to be asked about first.
 */
export function makeGrantSource(deps: {
  consents: Consents
  clock: Clock
}): NonNullable<Configuration['loadExistingGrant']> {
  return async (ctx) => {
    const { session, client, provider, result } = ctx.oidc
    if (!session?.accountId || !client) return undefined
    const authorization = session.authorizationFor(client.clientId) as Authorization
    const { grantId } = authorization
    const found = grantId === undefined ? undefined : await provider.Grant.find(grantId)
    // One that was revoked: the client was told that its session of this name has ended, and must not take the next one for it.
    if (grantId !== undefined && !found) session.sidFor(client.clientId, randomTicket())
    const current = found?.accountId === session.accountId ? found : undefined
    if (current && result?.consent === undefined && holdsAll(current, ctx)) return current
    const consent = await deps.consents.find(Number(session.accountId), client.clientId)
    if (!consent) return current
    const wider = grantOf(ctx, consent)
    if (!holdsAll(wider, ctx)) return current ?? wider
    const ttlSeconds = Math.max(1, unixSeconds(consent.expiresAt) - unixSeconds(deps.clock.now()))
    await (wider.save as (ttlSeconds: number) => Promise<string>).call(wider, ttlSeconds)
    if (current) authorization.formerGrantIds = [...(authorization.formerGrantIds ?? []), current.jti]
    return wider
  }
}

function holdsAll(grant: Grant, { oidc }: KoaContextWithOIDC): boolean {
  const scopes = new Set(grant.getOIDCScopeEncountered().split(' '))
  const claims = new Set(grant.getOIDCClaimsEncountered())
  return (
    [...oidc.requestParamOIDCScopes].every((scope) => scopes.has(scope)) &&
    claimsNamed(oidc.params?.claims).every((claim) => claims.has(claim)) &&
    Object.values(oidc.resourceServers ?? {}).every((server) => {
      const granted = new Set(grant.getResourceScopeEncountered(server.identifier()).split(' '))
      return [...oidc.requestParamScopes].every((scope) => !server.scopes.has(scope) || granted.has(scope))
    })
  )
}

function grantOf({ oidc }: KoaContextWithOIDC, consent: Consent): Grant {
  const grant = new oidc.provider.Grant({ accountId: oidc.session!.accountId!, clientId: oidc.client!.clientId })
  grant.addOIDCScope(consent.scopes.join(' '))
  if (consent.claims.length > 0) grant.addOIDCClaims([...consent.claims])
  for (const { identifier, scopes } of consent.resources) grant.addResourceScope(identifier, [...scopes])
  return grant
}
