import OidcProvider, { type KoaContextWithOIDC } from 'oidc-provider'
import { type AuthLevel, isAuthLevel, satisfies } from '#src/kernel/levels.ts'
import { registrationOf } from './clients.ts'

/** What a code or token says of its sign-in. */
export interface SaidLevel {
  readonly acr?: string | undefined
  /** Where `acr` does not tell it: `phr` and `phrh` say nothing of it, and a client that asked for less is told less. */
  readonly level?: AuthLevel | undefined
}

export const levelOf = ({ acr, level }: SaidLevel): AuthLevel | undefined =>
  level ?? (isAuthLevel(acr) ? acr : undefined)

/** What the token that is being issued comes from. */
export function issuedFrom({ entities }: KoaContextWithOIDC['oidc']): (SaidLevel & { authTime?: number }) | undefined {
  const { AuthorizationCode, DeviceCode, BackchannelAuthenticationRequest, RefreshToken } = entities
  return AuthorizationCode ?? DeviceCode ?? BackchannelAuthenticationRequest ?? RefreshToken
}

/** Whether a sign-in is weaker than what a client demands by now. */
export function isBelow(said: SaidLevel, client: object): boolean {
  const { minimum_acr } = registrationOf(client)
  return minimum_acr !== undefined && !satisfies(levelOf(said), minimum_acr)
}

interface Model {
  readonly IN_PAYLOAD: readonly string[]
  readonly prototype: { level?: AuthLevel; save(...args: unknown[]): Promise<string> }
}

const MODELS = ['AuthorizationCode', 'DeviceCode', 'RefreshToken'] as const

/**
 * Lets codes and refresh tokens keep the level of their sign-in beside the `acr` that was asked for. The first have it from the
 * request, a refresh token from what it is issued for.
 */
export function keepLevels(provider: OidcProvider): void {
  for (const name of MODELS) {
    const model = provider[name] as unknown as Model
    const { save } = model.prototype
    Object.defineProperty(model, 'IN_PAYLOAD', { value: [...model.IN_PAYLOAD, 'level'] })
    model.prototype.save = function saved(...args) {
      const level = levelHere()
      if (level !== undefined) this.level ??= level
      return save.apply(this, args)
    }
  }
}

/** Of the request that the provider is answering. */
function levelHere(): AuthLevel | undefined {
  const { oidc } = (OidcProvider.ctx as KoaContextWithOIDC | undefined) ?? {}
  if (!oidc) return undefined
  const { AuthorizationCode, DeviceCode, RotatedRefreshToken } = oidc.entities
  const issuedFor = AuthorizationCode ?? DeviceCode ?? RotatedRefreshToken
  return (oidc as { level?: AuthLevel }).level ?? (issuedFor as { level?: AuthLevel } | undefined)?.level
}
