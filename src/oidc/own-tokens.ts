import type Provider from 'oidc-provider'
import { errors } from 'oidc-provider'
import { isScope } from '#src/consents/scopes.ts'

interface OwnTokens {
  prototype: { readonly scopes: ReadonlySet<string>; save(...rest: unknown[]): Promise<string> }
}

/**
 * Keeps scopes that stand for a person's data out of the tokens that clients have for themselves: the provider lets a client have any
 * scope of its registration, and whoever introspects such a token would take its scope for somebody's consent.
 */
export function refusePersonalScopes(provider: Provider): void {
  const { prototype } = provider.ClientCredentials as unknown as OwnTokens
  const { save } = prototype
  prototype.save = function saved(...rest) {
    const personal = [...this.scopes].filter(isScope).join(' ')
    if (personal !== '')
      throw new errors.InvalidScope('scope of a person, whom a client does not have for itself', personal)
    return save.apply(this, rest)
  }
}
