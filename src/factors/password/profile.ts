import type { PasswordConfig } from '#src/config/config.ts'
import { type ByRealm, type Realm, realms } from '#src/kernel/realms.ts'

/** What is asked of the passwords of a realm. */
export interface PasswordProfile {
  /** Code points after normalisation. */
  readonly minLength: number
  /** A capital letter, a small one, a digit and another sign each. */
  readonly composed: boolean
  /** How many of the last passwords, the current one included, a new one must differ from. */
  readonly remembered: number
  /** What happens with a password older than `rotationDays`: nothing, a reminder at sign-in, or a change before the sign-in ends. */
  readonly rotation: 'off' | 'advise' | 'require'
  readonly rotationDays: number
}

export type PasswordProfiles = ByRealm<PasswordProfile>

const REMEMBERED = { nist: 1, fstec: 5 } as const

export function passwordProfiles(config: ByRealm<PasswordConfig>): PasswordProfiles {
  const of = ({ profile, ...rest }: PasswordConfig): PasswordProfile => ({
    ...rest,
    composed: profile === 'fstec',
    remembered: REMEMBERED[profile],
  })
  return Object.fromEntries(realms.map((realm: Realm) => [realm, of(config[realm])])) as PasswordProfiles
}
