import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'
import type { Consent, Consents } from '#src/consents/consents.ts'
import { type Clock, unixSeconds } from '#src/kernel/clock.ts'

/**
 * The grant behind a request: that of the session with this client, else a new one made from what the person agreed to before. Each
 * session has a grant of its own, so that signing out on one device leaves the tokens of another alone.
 */
export function makeGrantSource(deps: {
  consents: Consents
  clock: Clock
}): NonNullable<Configuration['loadExistingGrant']> {
  return async (ctx) => {
    const { oidc } = ctx
    const { session, client, provider } = oidc
    if (!session?.accountId || !client) return undefined
    const justConsented = oidc.result?.consent !== undefined
    const grantId = session.grantIdFor(client.clientId)
    const current = grantId === undefined ? undefined : await provider.Grant.find(grantId)
    if (current && current.accountId === session.accountId && !justConsented) return current
    const consent = await deps.consents.find(Number(session.accountId), client.clientId)
    if (!consent) return undefined
    return granted(ctx, consent, deps.clock)
  }
}

async function granted(ctx: KoaContextWithOIDC, consent: Consent, clock: Clock) {
  const { provider, session, client } = ctx.oidc
  const grant = new provider.Grant({ accountId: session!.accountId!, clientId: client!.clientId })
  grant.addOIDCScope(consent.scopes.join(' '))
  if (consent.claims.length > 0) grant.addOIDCClaims([...consent.claims])
  const ttlSeconds = Math.max(1, unixSeconds(consent.expiresAt) - unixSeconds(clock.now()))
  await (grant.save as (ttlSeconds: number) => Promise<string>).call(grant, ttlSeconds)
  return grant
}
