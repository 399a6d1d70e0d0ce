/** The claims that each scope opens (OpenID Connect Core, section 5.4). */
export const scopeClaims = {
  openid: ['sub'],
  profile: ['name', 'family_name', 'given_name', 'middle_name', 'gender', 'birthdate', 'updated_at'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  offline_access: [],
} as const satisfies Record<string, readonly string[]>

export type Scope = keyof typeof scopeClaims

export function isScope(value: string): value is Scope {
  return Object.hasOwn(scopeClaims, value)
}

/** The claims that a request asks for, by scope and by name, each once. */
export function claimsAsked(scopes: readonly string[], named: readonly string[]): string[] {
  return [...new Set([...scopes.filter(isScope).flatMap((scope) => scopeClaims[scope] as readonly string[]), ...named])]
}
