import type { Account } from '#src/accounts/account.ts'
import type { AccountSettings } from '#src/accounts/settings.ts'
import type { SecondFactorPolicy } from '#src/config/config.ts'
import type { ByRealm } from '#src/kernel/realms.ts'

/** What is asked of every sign-in to an account: nothing more, its owner's wish, or its realm's rule. */
export type OwnDemand = 'none' | 'wished' | 'ruled'

/** The owner's switch counts where the realm leaves it to them; until they touch it, it is on once the identity is verified. */
export function ownDemand(
  account: Account,
  settings: Pick<AccountSettings, 'secondFactor'>,
  policies: ByRealm<SecondFactorPolicy>,
): OwnDemand {
  const policy = policies[account.realm]
  if (policy === 'required') return 'ruled'
  if (policy === 'off') return 'none'
  return (settings.secondFactor ?? account.identity.level === 'verified') ? 'wished' : 'none'
}
