import { describe, expect, test } from 'vitest'
import type { Worth } from '#src/factors/factor.ts'
import type { AuthLevel } from '#src/kernel/levels.ts'
import { type Facts, isEnough, type Progress, provenContact, stepOf } from '#src/recovery/recovery.ts'

const at = new Date('2026-11-22T12:00:00Z')
const phone = provenContact('phone', at)
const email = provenContact('email', at)
const common = { multiFactor: false, hardware: false, phishingResistant: false } as const
const password: Worth = { ...common, kind: 'password', proof: 'knowledge', ceiling: 'aal2' }
const app = { ...common, kind: 'totp', proof: 'possession', ceiling: 'aal2', authenticator: 'a' } as const
const key = { ...app, kind: 'webauthn', ceiling: 'aal3', multiFactor: true, hardware: true } as const

describe('the new password comes into force at once', () => {
  test.each<[string, Parameters<typeof isEnough>[0], AuthLevel, boolean]>([
    ['by nothing', [], 'aal1', false],
    ['by one contact', [phone], 'aal1', false],
    ['by one contact, whatever more the account has', [phone], 'aal2', false],
    ['by one contact twice', [phone, phone], 'aal2', false],
    ['by both contacts', [email, phone], 'aal2', true],
    ['by an e-mail and an app', [email, app], 'aal2', true],
    ['by two apps', [email, app, { ...app, authenticator: 'b' }], 'aal2', true],
    ['by a contact and an app, where there is a hardware key', [phone, app], 'aal3', false],
    ['by a contact and the hardware key', [email, key], 'aal3', true],
    ['by the hardware key alone', [key], 'aal3', false],
  ])('%s', (_what, proven, highest, enough) => {
    expect(isEnough(proven, password, highest)).toBe(enough)
  })
})

describe('the step that is due', () => {
  const begun: Progress = { contact: { kind: 'phone', value: '+7' }, browser: 'b', linkCode: '', proven: [] }
  const proven: Progress = { ...begun, proven: [phone] }
  const nothing: Facts = { enough: false, ways: 0, waits: false }

  test.each<[string, Progress, Partial<Facts>, string]>([
    ['the code first', begun, { enough: true, ways: 1, waits: true }, 'code'],
    ['a further factor where there is one', proven, { ways: 1 }, 'further'],
    ['the password where there is none', proven, {}, 'password'],
    ['the password where enough was proven', proven, { enough: true, ways: 1 }, 'password'],
    ['the password for who has nothing more at hand', { ...proven, givesUp: true }, { ways: 1 }, 'password'],
    ['what waits already', proven, { ways: 1, waits: true }, 'waiting'],
    ['a further factor for who goes on', { ...proven, goesOn: true }, { ways: 1, waits: true }, 'further'],
    [
      'what waits for who goes on and gives up',
      { ...proven, goesOn: true, givesUp: true },
      { ways: 1, waits: true },
      'waiting',
    ],
    ['the password for who has proven more than what waits', proven, { enough: true, waits: true }, 'password'],
    ['nothing but the end afterwards', { ...proven, ended: 'changed' }, { ways: 1, waits: true }, 'done'],
    ['nothing but the wait afterwards', { ...proven, ended: 'waits' }, { enough: true }, 'waiting'],
  ])('%s', (_what, progress, facts, step) => {
    expect(stepOf(progress, { ...nothing, ...facts })).toBe(step)
  })
})
