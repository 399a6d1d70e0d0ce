import type { Accounts } from '#src/accounts/accounts.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Settings } from '#src/accounts/settings.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Locale, Messages } from '#src/kernel/locale.ts'
import type { DataKeys, Keyring } from '#src/store/keyring.ts'
import type { Store } from '#src/store/store.ts'
import type { Throttle } from '#src/throttle/throttle.ts'
import type { Codes } from './code/codes.ts'
import { makeCode } from './code/factor.ts'
import { en as codeEn } from './code/messages.en.ts'
import { ru as codeRu } from './code/messages.ru.ts'
import type { Factor } from './factor.ts'
import type { PasswordChanging } from './password/changing.ts'
import { makePassword } from './password/factor.ts'
import { en as passwordEn } from './password/messages.en.ts'
import { ru as passwordRu } from './password/messages.ru.ts'
import type { Passwords } from './password/passwords.ts'
import type { PasswordProfiles } from './password/profile.ts'
import { makeRecoveryCodes } from './recovery-codes/factor.ts'
import { en as recoveryCodesEn } from './recovery-codes/messages.en.ts'
import { ru as recoveryCodesRu } from './recovery-codes/messages.ru.ts'
import { makeTotp } from './totp/factor.ts'
import { en as totpEn } from './totp/messages.en.ts'
import { ru as totpRu } from './totp/messages.ru.ts'
import { makeWebauthn } from './webauthn/factor.ts'
import { en as webauthnEn } from './webauthn/messages.en.ts'
import { ru as webauthnRu } from './webauthn/messages.ru.ts'

/** Everything that some factor needs; each maker picks its own. */
export interface FactorDeps {
  readonly store: Store
  readonly keyring: Keyring
  readonly dataKeys: DataKeys
  readonly clock: Clock
  readonly throttle: Throttle
  readonly accounts: Accounts
  readonly settings: Settings
  readonly passwords: Passwords
  readonly passwordProfiles: PasswordProfiles
  /** Made later than the factors, as it ends sessions. */
  readonly passwordChanging: () => Pick<PasswordChanging, 'change'>
  readonly codes: Codes
  /** Whether the installation can call and speak a code. */
  readonly calls: boolean
  readonly journal: Journal
  readonly ownerNotices: OwnerNotices
  /** The provider's public origin. */
  readonly issuer: URL
  /** Where passkeys may be used beside that origin. */
  readonly relatedOrigins: readonly string[]
  /** The service's name, as an authenticator shows it. */
  readonly brandName: Readonly<Record<Locale, string>>
}

interface Kind {
  readonly make: (deps: FactorDeps) => Factor
  readonly texts: Readonly<Record<Locale, Messages>>
}

/** One line for each kind; the order is the order in which they are offered. */
export const factorKinds = {
  password: { make: makePassword, texts: { ru: passwordRu, en: passwordEn } },
  webauthn: { make: makeWebauthn, texts: { ru: webauthnRu, en: webauthnEn } },
  totp: { make: makeTotp, texts: { ru: totpRu, en: totpEn } },
  code: { make: makeCode, texts: { ru: codeRu, en: codeEn } },
  recovery_code: { make: makeRecoveryCodes, texts: { ru: recoveryCodesRu, en: recoveryCodesEn } },
} satisfies Record<string, Kind>

export type FactorKind = keyof typeof factorKinds
export type Factors = Readonly<Record<FactorKind, Factor>>

export function makeFactors(deps: FactorDeps): Factors {
  const made = Object.entries(factorKinds).map(([kind, { make }]) => [kind, make(deps)])
  return Object.freeze(Object.fromEntries(made))
}
