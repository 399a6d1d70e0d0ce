import type { Accounts } from '#src/accounts/accounts.ts'
import type { Evidence, Factor } from '#src/factors/factor.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { PasswordChanging } from './changing.ts'
import { passwordSignInErrors } from './errors.ts'
import type { Passwords } from './passwords.ts'
import type { PasswordProfiles } from './profile.ts'
import { makeRenewal } from './renewal.ts'

const worth = {
  kind: 'password',
  proof: 'knowledge',
  multiFactor: false,
  hardware: false,
  phishingResistant: false,
  ceiling: 'aal2',
} as const

const proven = (at: Date): Evidence => ({ ...worth, amr: ['pwd'], at })

/** Identifier and password on one page; the factor that opens most sign-ins. */
export function makePassword(deps: {
  passwords: Passwords
  passwordProfiles: PasswordProfiles
  passwordChanging: () => Pick<PasswordChanging, 'change'>
  accounts: Pick<Accounts, 'read'>
  clock: Clock
}): Factor {
  const { passwords, accounts, passwordProfiles: profiles, passwordChanging: changing, clock } = deps
  return {
    kind: worth.kind,
    proof: worth.proof,
    opens: true,
    best: worth,
    fields: ['password'],
    worths: async (oid) => ((await passwords.isEnrolled(oid)) ? [worth] : []),
    authenticators: async (oid) => ((await passwords.isEnrolled(oid)) ? [{ kind: worth.kind, id: '', worth }] : []),
    begin: async () => ({ view: 'login/password', model: {} }),
    async verify(login, answer) {
      const same = await passwords.matches(login.oid, answer.password ?? '')
      return same ? { ok: true, proof: undefined } : { ok: false, error: passwordSignInErrors.wrong }
    },
    settle: async () => ({ ok: true, evidence: proven(clock.now()) }),
    provenAtEnrolment: proven,
    renewal: makeRenewal({ passwords, accounts, profiles, changing, clock }),
  }
}
