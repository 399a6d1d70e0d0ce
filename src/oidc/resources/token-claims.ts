import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'
import type { AuthLevel } from '#src/kernel/levels.ts'
import { TOKEN_EXCHANGE } from '../exchange/token-types.ts'
import { issuedFrom } from '../token-levels.ts'
import type { IssuedJwts } from './issued-jwts.ts'
import type { SubjectNames } from './subject-names.ts'

type Extra = NonNullable<Configuration['extraTokenClaims']>
type JwtCustomizer = NonNullable<NonNullable<NonNullable<Configuration['formats']>['customizers']>['jwt']>
type AccessToken = InstanceType<KoaContextWithOIDC['oidc']['provider']['AccessToken']>

/** What an access token carries beyond the provider's own members; told by introspection, and written into JWTs. */
export interface TokenExtra {
  readonly acr?: string | undefined
  /** The authentication level, where `acr` does not tell it. */
  readonly level?: AuthLevel | undefined
  /** Unix seconds of the sign-in. */
  readonly auth_time?: number | undefined
  /** Who acts with the person's authority, the latest outside (RFC 8693, section 4.1). */
  readonly act?: Actor | undefined
  /** How those whom the token is meant for know the person, where that is not how its client does. */
  readonly sub?: string | undefined
}

export interface Actor {
  readonly sub: string
  readonly client_id: string
  readonly act?: Actor | undefined
}

export const extraOf = (token: { readonly extra?: unknown }): TokenExtra => (token.extra ?? {}) as TokenExtra

/** Says in each token of a person how strong the sign-in was, and when (RFC 9068, section 2.2.1; RFC 9470, section 6). */
export function extraTokenClaims(subjectNames: SubjectNames): Extra {
  return async (ctx, token) => {
    if (token.kind !== 'AccessToken') return undefined
    const issued = token as AccessToken
    // An exchange has said it all when it made the token.
    if (issued.gty === TOKEN_EXCHANGE) return issued.extra
    const { acr, level, authTime } = issuedFrom(ctx.oidc) ?? {}
    const [sub] = await subjectNames(ctx, issued.accountId, [issued.aud ?? []].flat())
    return asPayload({ acr, level: level === acr ? undefined : level, auth_time: authTime, sub })
  }
}

/** Without the members that are not there. */
export const asPayload = (extra: TokenExtra) =>
  Object.fromEntries(Object.entries(extra).filter(([, value]) => value !== undefined))

/** Finishes a JWT of a person: names them as its audience knows them, and leaves a note of it for a later exchange. */
export function customizeJwt(jwts: Pick<IssuedJwts, 'remember'>): JwtCustomizer {
  return async (_ctx, token, { payload }) => {
    if (token.kind !== 'AccessToken') return
    const { sub } = extraOf(token)
    if (sub !== undefined) payload.sub = sub
    await jwts.remember(token as AccessToken, payload as { iat: number; exp: number })
  }
}
