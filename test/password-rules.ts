import { loadConfig } from '#src/config/load.ts'
import { type LeakedPasswords, noLeakedPasswords } from '#src/factors/password/leaked/leaked-passwords.ts'
import { passwordProfiles } from '#src/factors/password/profile.ts'
import { makePasswordRules, type PasswordRules } from '#src/factors/password/rules.ts'

/** The rules of an installation with these variables. */
export function testPasswordRules(
  env: Readonly<Record<string, string>> = {},
  leaked: LeakedPasswords = noLeakedPasswords,
): PasswordRules {
  return makePasswordRules({ profiles: passwordProfiles(loadConfig(env).passwords), leaked })
}
