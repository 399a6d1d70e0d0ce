import type { Account } from '#src/accounts/account.ts'
import type { Lack } from '#src/accounts/identity/level.ts'
import { type IdentityLevel, satisfiesIdentity } from '#src/kernel/levels.ts'
import type { Interaction } from './interaction.ts'

/** The sign-in is enough, and the person is proven less than the service demands. */
export interface IdentityDue {
  readonly kind: 'identity'
  readonly required: IdentityLevel
  readonly level: IdentityLevel
  /** What stands between the two, in the order in which it is dealt with. */
  readonly lacks: readonly Lack[]
}

export function identityDue(
  { identityLevel: required }: Pick<Interaction, 'identityLevel'>,
  { identity }: Pick<Account, 'identity'>,
): IdentityDue | undefined {
  if (required === undefined || satisfiesIdentity(identity.level, required)) return undefined
  const { level, lacks } = identity
  const lacking = lacks.filter((lack) => required === 'verified' || lack === 'snils' || lack === 'document')
  return { kind: 'identity', required, level, lacks: lacking }
}

/** As relying parties read it. */
export const levelRequired = (level: IdentityLevel) =>
  `identity level ${level} is required, which the account does not have`
