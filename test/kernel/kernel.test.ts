import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { AppError, defineErrors } from '#src/kernel/errors.ts'
import { constantTimeEqual, incidentId, randomDigits, randomTicket, ticketHash } from '#src/kernel/ids.ts'
import { type AuthLevel, authLevels, higherOf, isAuthLevel, lowerOf, satisfies } from '#src/kernel/levels.ts'
import { Secret } from '#src/kernel/secret.ts'

describe('authentication levels', () => {
  test('are ordered', () => {
    const pairs = authLevels.flatMap((a, i) => authLevels.map((b, j) => [a, b, i >= j] as const))
    for (const [a, b, enough] of pairs) expect(satisfies(a, b), `${a} for ${b}`).toBe(enough)
  })
  test('no level is below every level', () => {
    for (const level of authLevels) expect(satisfies(undefined, level)).toBe(false)
    expect(higherOf(undefined, 'aal1')).toBe('aal1')
  })
  test.each<[AuthLevel, AuthLevel, AuthLevel, AuthLevel]>([
    ['aal1', 'aal2', 'aal1', 'aal2'],
    ['aal3', 'aal2', 'aal2', 'aal3'],
    ['aal2', 'aal2', 'aal2', 'aal2'],
  ])('of %s and %s the lower is %s, the higher %s', (a, b, lower, higher) => {
    expect(lowerOf(a, b)).toBe(lower)
    expect(higherOf(a, b)).toBe(higher)
  })
  test.each(['AAL2', 'phr', '', undefined, 2, 'toString'])('%s is no level', (value) => {
    expect(isAuthLevel(value)).toBe(false)
  })
})

describe('a secret', () => {
  const secret = new Secret('hunter2hunter2')
  test('shows itself in nothing that prints', () => {
    const shown = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect({ secret }, { depth: 9, showHidden: true }),
      inspect(secret),
      Object.values(secret).join(),
      new Error(`could not use ${secret}`).message,
    ]
    for (const text of shown) expect(text).not.toContain('hunter2')
  })
  test('opens on demand', () => expect(secret.reveal()).toBe('hunter2hunter2'))
})

describe('errors', () => {
  const defined = defineErrors('sms', { late: { status: 400, oauth: 'access_denied', log: 'info', help: 'Too late.' } })
  test('a code is the domain and the name', () => expect(defined.late.code).toBe('sms.late'))
  test('definitions cannot be changed', () => {
    expect(() => Object.assign(defined.late, { status: 200 })).toThrow()
    expect(() => Object.assign(defined, { other: {} })).toThrow()
  })
  test('a refusal carries code, values and cause', () => {
    const cause = new Error('gateway')
    const error = new AppError(defined.late, { seconds: 3 }, { cause })
    expect(error).toMatchObject({ name: 'AppError', code: 'sms.late', values: { seconds: 3 }, cause })
  })
})

describe('ids', () => {
  test('tickets hold 256 bits and never repeat', () => {
    const tickets = Array.from({ length: 100 }, randomTicket)
    for (const ticket of tickets) expect(ticket).toMatch(/^[\w-]{43}$/)
    expect(new Set(tickets).size).toBe(100)
    expect(ticketHash(tickets[0]!)).not.toContain(tickets[0])
  })
  test('digits keep their leading zeros', () => {
    for (let i = 0; i < 200; i++) expect(randomDigits(2)).toMatch(/^\d\d$/)
  })
  test('an incident id can be read out', () => expect(incidentId()).toMatch(/^[2-9A-HJ-NP-Z]{8}$/))
  test.each([
    ['abc', 'abc', true],
    ['abc', 'abd', false],
    ['abc', 'abcd', false],
    ['', '', true],
  ])('%s and %s compare as %s', (a, b, same) => expect(constantTimeEqual(a, b)).toBe(same))
})
