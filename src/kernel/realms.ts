/** Who an account is for; what is asked of its owner (second factor, passwords) is set for each. */
export const realms = ['citizen', 'operator', 'institution', 'administrator'] as const
export type Realm = (typeof realms)[number]

/** What is configured for each realm. */
export type ByRealm<T> = Readonly<Record<Realm, T>>
