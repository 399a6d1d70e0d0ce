import { type Configuration, errors } from 'oidc-provider'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { ResourceServers } from './store.ts'

type Features = NonNullable<Configuration['features']>
type Introspection = NonNullable<NonNullable<Features['introspection']>['allowedPolicy']>
type Revocation = NonNullable<NonNullable<Features['revocation']>['allowedPolicy']>

/**
 * Who learns about a token: the client that it was issued to, and whoever it is meant for. Everybody else, and everybody about a token
 * of a suspended client or of an account that is not active, reads `{"active":false}` (RFC 7662, section 2.2).
 */
export function introspectionPolicy(deps: { accounts: Accounts; resourceServers: ResourceServers }): Introspection {
  return async (ctx, client, token) => {
    const own = token.clientId === client.clientId
    if (!own) {
      if (token.kind === 'RefreshToken' || !(await isMeantFor(client.clientId, token, deps.resourceServers)))
        return false
      if (!(await ctx.oidc.provider.Client.find(token.clientId ?? ''))) return false
    }
    const accountId = (token as { accountId?: string }).accountId
    return accountId === undefined || (await deps.accounts.find(Number(accountId)))?.state === 'active'
  }
}

/** Whether a client, or a resource server that it introspects for, is in the audience of a token. */
export async function isMeantFor(
  clientId: string,
  token: { readonly aud?: string | string[] | undefined },
  servers: ResourceServers,
): Promise<boolean> {
  const audience = [token.aud ?? []].flat()
  if (audience.length === 0) return false
  if (audience.includes(clientId)) return true
  return (await servers.servedBy(clientId)).some(({ identifier }) => audience.includes(identifier))
}

/** A client revokes its own tokens, and is told when it tries another's (RFC 7009, section 2.1). */
export const revocationPolicy: Revocation = async (_ctx, client, token) => {
  if (token.clientId !== client.clientId) throw new errors.InvalidRequest('the token was issued to another client')
  return true
}
