import { describe, expect, test } from 'vitest'
import type { Evidence, Worth } from '#src/factors/factor.ts'
import type { AuthLevel } from '#src/kernel/levels.ts'
import { amrOf, combined, demandOf, freshEnough, nextStep, reached } from '#src/login/assurance.ts'

const NOON = new Date('2026-03-01T12:00:00Z')
const base = { at: NOON, multiFactor: false, hardware: false, phishingResistant: false } as const

/** The rows of the table of levels, as evidence. */
const password: Evidence = { ...base, kind: 'password', proof: 'knowledge', amr: ['pwd'], ceiling: 'aal2' }
const sms: Evidence = { ...base, kind: 'code', proof: 'possession', amr: ['otp', 'sms'], ceiling: 'aal2' }
const mail: Evidence = { ...base, kind: 'mail', proof: 'possession', amr: ['otp'], ceiling: 'aal1' }
const totp: Evidence = { ...base, kind: 'totp', proof: 'possession', amr: ['otp'], ceiling: 'aal2' }
const recovery: Evidence = { ...base, kind: 'recovery', proof: 'possession', amr: ['otp'], ceiling: 'aal2' }
const weakBank: Evidence = { ...base, kind: 'bank', proof: 'federated', amr: ['fed'], ceiling: 'aal1' }
const strongBank: Evidence = { ...weakBank, multiFactor: true, ceiling: 'aal2' }
const syncedPasskey: Evidence = {
  ...base,
  kind: 'webauthn',
  proof: 'possession',
  amr: ['swk', 'user'],
  multiFactor: true,
  phishingResistant: true,
  ceiling: 'aal2',
}
const hardwareKey: Evidence = { ...syncedPasskey, amr: ['hwk', 'user'], hardware: true, ceiling: 'aal3' }
const keyWithoutPin: Evidence = { ...hardwareKey, multiFactor: false }
const cms: Evidence = { ...hardwareKey, kind: 'certificate', phishingResistant: false, ceiling: 'aal2' }

describe('reached', () => {
  test.each<[string, Evidence[], AuthLevel | undefined]>([
    ['nothing', [], undefined],
    ['a password', [password], 'aal1'],
    ['a code by SMS alone', [sms], 'aal1'],
    ['a code by e-mail alone', [mail], 'aal1'],
    ['a bank of low acr', [weakBank], 'aal1'],
    ['password and SMS', [password, sms], 'aal2'],
    ['SMS and password, in the other order', [sms, password], 'aal2'],
    ['password and TOTP', [password, totp], 'aal2'],
    ['password and recovery code', [password, recovery], 'aal2'],
    ['password and e-mail: e-mail is never above aal1', [password, mail], 'aal1'],
    ['two things that one has are no second factor', [sms, totp], 'aal1'],
    ['password and a bank of low acr', [password, weakBank], 'aal1'],
    ['a synced passkey', [syncedPasskey], 'aal2'],
    ['a bank of substantial acr', [strongBank], 'aal2'],
    ['a hardware key that verified its user', [hardwareKey], 'aal3'],
    ['a hardware key that did not', [keyWithoutPin], 'aal1'],
    ['password and a hardware key that did not', [password, keyWithoutPin], 'aal2'],
    ['a challenge signed as CMS, hardware or not', [cms], 'aal2'],
    ['everything weak together', [password, sms, totp, recovery, mail, weakBank], 'aal2'],
    ['the strongest counts', [password, hardwareKey, mail], 'aal3'],
  ])('%s: %#', (_what, evidence, level) => {
    expect(reached(evidence)).toBe(level)
  })
})

describe('nextStep', () => {
  const enrolled: Worth[] = [password, sms]
  test('what was proven suffices', () => {
    expect(nextStep(demandOf('aal1'), [password], enrolled)).toEqual({ kind: 'done' })
    expect(nextStep(demandOf('aal2'), [password, sms], enrolled)).toEqual({ kind: 'done' })
  })
  test('a password asks for the code', () => {
    expect(nextStep(demandOf('aal2'), [password], enrolled)).toEqual({ kind: 'ask', factors: ['code'] })
  })
  test('a code alone asks for the password', () => {
    expect(nextStep(demandOf('aal2'), [sms], enrolled)).toEqual({ kind: 'ask', factors: ['password'] })
  })
  test('every factor that leads on is offered, one that does not is not', () => {
    expect(nextStep(demandOf('aal2'), [password], [password, sms, totp, mail])).toEqual({
      kind: 'ask',
      factors: ['code', 'totp'],
    })
  })
  test('no enrolled factor reaches the level', () => {
    expect(nextStep(demandOf('aal3'), [password], enrolled)).toEqual({ kind: 'unmet' })
    expect(nextStep(demandOf('aal2'), [password], [password, mail])).toEqual({ kind: 'unmet' })
    expect(nextStep(demandOf('aal3'), [password, sms], enrolled)).toEqual({ kind: 'unmet' })
  })
  test('the strongest factor is offered where only it reaches the level', () => {
    expect(nextStep(demandOf('aal3'), [password], [password, sms, hardwareKey])).toEqual({
      kind: 'ask',
      factors: ['webauthn'],
    })
  })
})

describe('freshEnough', () => {
  const old = { ...sms, at: new Date('2026-03-01T11:00:00Z') }
  test('without a limit everything counts', () => expect(freshEnough([old, password], undefined)).toHaveLength(2))
  test('what is older does not count, what is exactly as old does', () => {
    expect(freshEnough([old, password], NOON)).toEqual([password])
    expect(freshEnough([old, password], old.at)).toHaveLength(2)
  })
  test('an old code and a new password are no aal2', () => {
    expect(reached(freshEnough([old, password], NOON))).toBe('aal1')
  })
})

describe('combined', () => {
  const later = new Date('2026-03-01T13:00:00Z')
  test('other kinds are added', () => expect(combined([password], [sms])).toEqual([password, sms]))
  test('a newer piece of the same kind and worth replaces the older', () => {
    const again = { ...password, at: later }
    expect(combined([password, sms], [again])).toEqual([sms, again])
  })
  test('a piece of the same kind that is worth less lowers nothing', () => {
    const weaker = { ...syncedPasskey, at: later }
    const all = combined([hardwareKey], [weaker])
    expect(all).toContain(hardwareKey)
    expect(reached(all)).toBe('aal3')
  })
  test('a piece of the same kind that is worth more takes its place', () => {
    expect(combined([weakBank], [strongBank])).toEqual([strongBank])
  })
})

describe('amrOf', () => {
  test.each<[Evidence[], string[]]>([
    [[], []],
    [[password], ['pwd']],
    [
      [password, mail],
      ['pwd', 'otp'],
    ],
    [
      [password, sms],
      ['pwd', 'otp', 'sms', 'mfa'],
    ],
    [
      [password, sms, totp],
      ['pwd', 'otp', 'sms', 'mfa'],
    ],
    [[hardwareKey], ['hwk', 'user', 'mfa']],
  ])('%#', (evidence, values) => {
    expect(amrOf(evidence)).toEqual(values)
  })
})
