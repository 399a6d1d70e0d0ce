import { expect, test } from 'vitest'
import {
  type Answers,
  completeAnswers,
  isOpen,
  nextStep,
  type Step,
  steps,
  withBirthDate,
  withClash,
  withConfirmed,
  withContact,
  withNames,
  withoutEmail,
} from '#src/registration/registration.ts'

const phone = { value: '+79161234567', confirmed: true }
const email = { value: 'anna@example.ru', confirmed: true }
const names = { familyName: 'Иванова', givenName: 'Анна' }
const full: Answers = { phone, email, names, birthDate: '1985-03-27', gender: 'female', passwordHash: '$argon2id$' }

test.each<[Step, Answers]>([
  ['phone', {}],
  ['phone', { ...full, phone: undefined }],
  ['phone-code', { ...full, phone: { ...phone, confirmed: false } }],
  ['email', { ...full, email: undefined }],
  ['email-code', { ...full, email: { ...email, confirmed: false } }],
  ['name', { ...full, names: undefined }],
  ['birth-date', { ...full, birthDate: undefined }],
  ['gender', { ...full, gender: undefined }],
  ['password', { ...full, passwordHash: undefined }],
  ['check', full],
  ['check', { ...full, email: 'skipped' }],
  ['phone', withClash(full, 'phone')],
  ['email', withClash(full, 'email')],
])('%s is the next step of %j', (step, answers) => {
  expect(nextStep(answers)).toBe(step)
})

test('a page opens when all before it are done; a code is asked for only while it is awaited', () => {
  const open = (answers: Answers) => steps.filter((step) => isOpen(step, answers))
  expect(open({})).toEqual(['phone'])
  expect(open({ phone: { ...phone, confirmed: false } })).toEqual(['phone', 'phone-code'])
  expect(open({ phone })).toEqual(['phone', 'email'])
  expect(open(full)).toEqual(['phone', 'email', 'name', 'birth-date', 'gender', 'password', 'check'])
})

test('another contact needs another code, and the password is asked for again', () => {
  const changed = withContact(full, 'phone', '+79160000000')
  expect(changed.phone).toEqual({ value: '+79160000000', confirmed: false })
  expect(nextStep(withConfirmed(changed, 'phone'))).toBe('password')
  expect(withContact(full, 'phone', phone.value)).toEqual(full)
})

test('another name or birth date asks for the password again, as its hash cannot be checked against them', () => {
  expect(nextStep(withNames(full, { ...names, familyName: 'Петрова' }))).toBe('password')
  expect(nextStep(withBirthDate(full, '1986-03-27'))).toBe('password')
})

test('a contact that clashed is confirmed by no later answer but a new contact', () => {
  const clashed = withClash(full, 'email')
  expect(nextStep(withNames(clashed, names))).toBe('email')
  expect(nextStep(withContact(clashed, 'email', email.value))).toBe('email-code')
  expect(nextStep(withoutEmail(clashed))).toBe('check')
})

test('answers are complete only when no step is left', () => {
  expect(completeAnswers(full)).toEqual({
    person: { ...names, birthDate: '1985-03-27', gender: 'female' },
    phone: phone.value,
    email: email.value,
    passwordHash: '$argon2id$',
  })
  expect(completeAnswers({ ...full, email: 'skipped' })).not.toHaveProperty('email')
  expect(completeAnswers({ ...full, gender: undefined })).toBeUndefined()
  expect(completeAnswers(withClash(full, 'phone'))).toBeUndefined()
})
