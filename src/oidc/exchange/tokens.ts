import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { Accounts } from '#src/accounts/accounts.ts'
import { quoted } from '../quoted.ts'
import type { IssuedJwts } from '../resources/issued-jwts.ts'
import { isBacked } from './derived-grants.ts'
import { ACCESS_TOKEN, JWT } from './token-types.ts'

type Provider = KoaContextWithOIDC['oidc']['provider']
export type AccessToken = InstanceType<Provider['AccessToken']>
type ClientCredentials = InstanceType<Provider['ClientCredentials']>

/** The tokens that a request for an exchange presents. */
export interface PresentedTokens {
  /**
   * An access token of a person in force: issued here, not expired, its grant, session, client and account still there.
   * @throws InvalidRequest as RFC 8693, section 2.2.2, wants it
   */
  subject(provider: Provider, value: string, type: string): Promise<AccessToken>
  /**
   * The same, or a token that a client has for itself.
   * @throws InvalidRequest as for a subject
   */
  actor(provider: Provider, value: string, type: string): Promise<AccessToken | ClientCredentials>
}

export function makePresentedTokens(deps: { accounts: Accounts; jwts: Pick<IssuedJwts, 'find'> }): PresentedTokens {
  async function ofPerson(provider: Provider, value: string): Promise<AccessToken | undefined> {
    const token = isJwt(value) ? await deps.jwts.find(provider, value) : await provider.AccessToken.find(value)
    if (!token || token.isExpired || !(await isBacked(provider, token))) return undefined
    const account = await deps.accounts.find(Number(token.accountId))
    return account?.state === 'active' ? token : undefined
  }

  return {
    async subject(provider, value, type) {
      refuseType('subject_token', value, type)
      const token = await ofPerson(provider, value)
      if (!token) throw new errors.InvalidRequest('subject_token is not an access token in force')
      return token
    },
    async actor(provider, value, type) {
      refuseType('actor_token', value, type)
      const token = (await ofPerson(provider, value)) ?? (await provider.ClientCredentials.find(value))
      if (!token) throw new errors.InvalidRequest('actor_token is not an access token in force')
      return token
    },
  }
}

const isJwt = (value: string): boolean => value.split('.').length === 3

function refuseType(parameter: string, value: string, type: string): void {
  if (type === ACCESS_TOKEN || (type === JWT && isJwt(value))) return
  throw new errors.InvalidRequest(`${parameter}_type: ${quoted(type)} is not what can be exchanged here`)
}
