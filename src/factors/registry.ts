import type { Accounts } from '#src/accounts/accounts.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Store } from '#src/store/store.ts'
import type { Codes } from './code/codes.ts'
import { makeCode } from './code/factor.ts'
import type { Factor } from './factor.ts'
import { makePassword } from './password/factor.ts'
import type { Passwords } from './password/passwords.ts'

/** Everything that some factor needs; each maker picks its own. */
export interface FactorDeps {
  readonly store: Store
  readonly clock: Clock
  readonly accounts: Accounts
  readonly passwords: Passwords
  readonly codes: Codes
}

/** One line for each kind; the order is the order in which they are offered. */
export const factorMakers = {
  password: makePassword,
  code: makeCode,
} satisfies Record<string, (deps: FactorDeps) => Factor>

export type FactorKind = keyof typeof factorMakers
export type Factors = Readonly<Record<FactorKind, Factor>>

export function makeFactors(deps: FactorDeps): Factors {
  const made = Object.entries(factorMakers).map(([kind, make]) => [kind, make(deps)])
  return Object.freeze(Object.fromEntries(made))
}
