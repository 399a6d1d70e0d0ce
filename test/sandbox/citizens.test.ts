import { expect, test } from 'vitest'
import { parseEmail } from '#src/accounts/fields/email.ts'
import { matchScript, parseName } from '#src/accounts/fields/name.ts'
import { parsePhone } from '#src/accounts/fields/phone.ts'
import { passwordOwnerOf } from '#src/factors/password/rules.ts'
import { testCitizens } from '#src/sandbox/citizens.ts'
import { testPasswordRules } from '../password-rules.ts'

const named = testCitizens.map((citizen) => [citizen.person.familyName, citizen] as const)

test.each(named)('%s could have registered like anybody', async (_name, { person, phone, email, password }) => {
  const { familyName, givenName } = person
  expect(parseName('familyName', familyName)).toEqual({ ok: true, value: familyName })
  expect(matchScript('givenName', givenName, familyName)).toEqual({ ok: true, value: givenName })
  expect(parsePhone(phone)).toEqual({ ok: true, value: phone })
  if (email) expect(parseEmail(email)).toEqual({ ok: true, value: email })
  const owner = passwordOwnerOf({ person, phone, ...(email && { email }) })
  expect(await testPasswordRules().check(password, 'citizen', owner)).toEqual({ ok: true })
})

test('phones and addresses are distinct, and delivery to them does not fail on purpose', () => {
  const contacts = testCitizens.flatMap(({ phone, email }) => [phone, ...(email ? [email] : [])])
  expect(new Set(contacts).size).toBe(contacts.length)
  for (const { phone } of testCitizens) expect(phone).not.toMatch(/000[01]$/)
})

test('the cases that forms forget are among them: no e-mail, no patronymic, a very long name', () => {
  expect(testCitizens.some(({ email }) => email === undefined)).toBe(true)
  expect(testCitizens.some(({ person }) => person.patronymic === undefined)).toBe(true)
  expect(testCitizens.some(({ person }) => person.familyName.length > 30)).toBe(true)
})
