import { z } from 'zod'
import { parseEmail } from '#src/accounts/fields/email.ts'
import { parsePhone } from '#src/accounts/fields/phone.ts'
import { recoveryErrors } from './errors.ts'
import type { Contact } from './recovery.ts'

export const emptyForm = z.object({})
/** What is no code, however long, is refused where codes are checked, with its own words. */
export const codeForm = z.object({ code: z.string().default('') })
export const passwordForm = z.object({ password: z.string().default('') })

/** A sign-in's uid, as it stands in addresses; anything may come in. */
export function loginUid(input: unknown): string | undefined {
  return typeof input === 'string' && /^[\w-]{10,64}$/.test(input) ? input : undefined
}

export const startForm = z.object({
  identifier: z
    .string()
    .trim()
    .default('')
    .transform((input, context): Contact => {
      const email = parseEmail(input)
      if (email.ok) return { kind: 'email', value: email.value }
      const phone = parsePhone(input)
      if (phone.ok) return { kind: 'phone', value: phone.value }
      const { code } = input === '' ? recoveryErrors.identifier_missing : recoveryErrors.identifier_format
      context.addIssue({ code: 'custom', message: code })
      return z.NEVER
    }),
  login: z.string().optional().transform(loginUid),
})
