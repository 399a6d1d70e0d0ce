/** How well the person behind an account is proven. Belongs to the account, derived from evidence on record. */
export const identityLevels = ['simplified', 'standard', 'verified'] as const
export type IdentityLevel = (typeof identityLevels)[number]

export function isIdentityLevel(value: unknown): value is IdentityLevel {
  return identityLevels.includes(value as IdentityLevel)
}

/** Whether identity level `reached` is at least `required`. */
export function satisfiesIdentity(reached: IdentityLevel, required: IdentityLevel): boolean {
  return identityLevels.indexOf(reached) >= identityLevels.indexOf(required)
}

/** How strong one sign-in was (the `acr` value). Belongs to a sign-in, computed from the factors passed. */
export const authLevels = ['aal1', 'aal2', 'aal3'] as const
export type AuthLevel = (typeof authLevels)[number]

/** What `acr` may say beside a level: proof that no go-between can relay (`phr`), and that out of hardware (`phrh`); OpenID EAP ACR Values 1.0. */
export const resistances = ['phr', 'phrh'] as const
export type Resistance = (typeof resistances)[number]

/** An `acr` value of ours. Levels are ordered; `phr` and `phrh` have no order against them and are a matter of having or not. */
export type Acr = AuthLevel | Resistance
export const acrs: readonly Acr[] = [...authLevels, ...resistances]

export function isAcr(value: unknown): value is Acr {
  return acrs.includes(value as Acr)
}

export function isAuthLevel(value: unknown): value is AuthLevel {
  return authLevels.includes(value as AuthLevel)
}

/** Whether authentication level `reached` is at least `required`; no level at all is below every level. */
export function satisfies(reached: AuthLevel | undefined, required: AuthLevel): boolean {
  return reached !== undefined && authLevels.indexOf(reached) >= authLevels.indexOf(required)
}

export function lowerOf(a: AuthLevel, b: AuthLevel): AuthLevel {
  return satisfies(a, b) ? b : a
}

export function higherOf(a: AuthLevel | undefined, b: AuthLevel): AuthLevel {
  return a !== undefined && satisfies(a, b) ? a : b
}
