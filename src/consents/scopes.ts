/** The claims that each scope opens (OpenID Connect Core, section 5.4); those below `phone` are for one datum each. */
export const scopeClaims = {
  openid: ['sub'],
  profile: ['name', 'family_name', 'given_name', 'middle_name', 'gender', 'birthdate', 'updated_at'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  birthdate: ['birthdate'],
  gender: ['gender'],
  address: ['address'],
  snils: ['snils'],
  inn: ['inn'],
  id_doc: ['id_doc'],
  identity_level: ['identity_level'],
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
