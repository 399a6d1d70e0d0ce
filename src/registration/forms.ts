import { z } from 'zod'
import { parseBirthDate } from '#src/accounts/fields/birth-date.ts'
import { parseEmail } from '#src/accounts/fields/email.ts'
import { parseGender } from '#src/accounts/fields/gender.ts'
import { matchScript, parseName } from '#src/accounts/fields/name.ts'
import { field } from '#src/accounts/fields/parsed.ts'
import { parsePhone } from '#src/accounts/fields/phone.ts'
import { CONSENT_VERSION } from './consent.ts'
import { registrationErrors } from './errors.ts'

export const emptyForm = z.object({})
export const phoneForm = z.object({ phone: field(parsePhone) })
export const emailForm = z.object({ email: field(parseEmail) })
/** The button that leaves the e-mail out comes with the field as it stands. */
export const skipForm = z.object({ email: z.string().optional(), skip: z.string() })
export const codeForm = z.object({ code: z.string().default('') })
export const genderForm = z.object({ gender: field(parseGender) })
export const passwordForm = z.object({ password: z.string().default('') })

/** The version agreed to is the one that the page showed: the box's value. */
export const checkForm = z.object({
  version: z.coerce.number().int().catch(0),
  consent: z
    .string()
    .default('')
    .refine((version) => version === CONSENT_VERSION, { message: registrationErrors.consent_missing.code }),
})

export const nameForm = z
  .object({
    familyName: field((input) => parseName('familyName', input)),
    givenName: field((input) => parseName('givenName', input)),
    patronymic: field((input) => parseName('patronymic', input)),
  })
  .superRefine(({ familyName, givenName, patronymic }, context) => {
    for (const [name, parsed] of [
      ['givenName', matchScript('givenName', givenName, familyName)],
      ['patronymic', matchScript('patronymic', patronymic, familyName)],
    ] as const) {
      if (!parsed.ok) context.addIssue({ code: 'custom', path: [name], message: parsed.code })
    }
  })

/** @param now decides who is old enough */
export function birthDateForm(now: Date) {
  return z.object({ birthDate: field((input) => parseBirthDate(input, now)) })
}
