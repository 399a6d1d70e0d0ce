import type { Accounts } from '#src/accounts/accounts.ts'
import type { Renewal } from '#src/factors/factor.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { PasswordChanging } from './changing.ts'
import type { Passwords } from './passwords.ts'
import type { PasswordProfiles } from './profile.ts'
import { renewalOf } from './rotation.ts'

/** A new password inside a sign-in with one that has grown too old for its realm, or that somebody else may know. */
export function makeRenewal(deps: {
  passwords: Passwords
  accounts: Pick<Accounts, 'read'>
  profiles: PasswordProfiles
  changing: () => Pick<PasswordChanging, 'change'>
  clock: Clock
}): Renewal {
  const { passwords, accounts, profiles, clock } = deps
  return {
    fields: ['password'],
    async due(account) {
      const standing = await passwords.standing(account.oid)
      return standing && renewalOf(standing, profiles[account.realm], clock.now())
    },
    async page(oid) {
      const [{ realm }, standing] = await Promise.all([accounts.read(oid), passwords.standing(oid)])
      const { minLength, composed } = profiles[realm]
      return {
        view: 'factors/password/renew',
        model: { minLength, composed, exposed: standing?.mustChange !== undefined },
      }
    },
    renew: ({ oid, ...change }, answer) =>
      deps.changing().change(oid, answer.password ?? '', { ...change, way: 'sign_in' }),
    putOff: (oid) => passwords.putOff(oid),
  }
}
