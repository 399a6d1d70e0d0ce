import { expect, test } from 'vitest'
import type { Authenticator } from '#src/factors/factor.ts'
import { levelOf } from '#src/login/authenticators.ts'
import { addRecoveryCodes } from '../authenticators.ts'
import { worldOfFile } from '../world.ts'
import { at, LOST } from './changing-contacts.ts'

/** What is listed but opens the account no more must not be asked for, or its owner is locked out. */

const world = worldOfFile()

const worth = { multiFactor: false, hardware: false, phishingResistant: false, ceiling: 'aal2' } as const
const password: Authenticator = { kind: 'password', id: '', worth: { ...worth, kind: 'password', proof: 'knowledge' } }
const key: Authenticator = {
  kind: 'webauthn',
  id: 'key',
  worth: {
    kind: 'webauthn',
    proof: 'possession',
    multiFactor: true,
    hardware: true,
    phishingResistant: true,
    ceiling: 'aal3',
  },
}
const codes: Authenticator = {
  kind: 'recovery_code',
  id: 'set',
  worth: { ...worth, kind: 'recovery_code', proof: 'possession' },
}

test.each<[string, Authenticator[], string]>([
  ['a key', [password, key], 'aal3'],
  ['a key that there may be a copy of', [password, { ...key, warning: 'webauthn.copy_warning' }], 'aal1'],
  ['recovery codes', [password, { ...codes, left: 1 }], 'aal2'],
  ['recovery codes that are all spent', [password, { ...codes, left: 0 }], 'aal1'],
])('a password and %s', (_name, all, level) => {
  expect(levelOf(all)).toBe(level)
})

test('whoever has lost the phone and spent all recovery codes still can change the phone', async () => {
  const citizen = await world.citizen()
  await addRecoveryCodes(world, citizen, world.browser())
  await world.house.store.db
    .updateTable('recovery_codes')
    .set({ spent_at: new Date() })
    .where('oid', '=', citizen.oid)
    .execute()
  const browser = world.browser()
  await browser.open(LOST)
  await browser.submit({ identifier: citizen.email, password: citizen.password }, '/identify')
  expect([browser.page.url, world.view]).toEqual([`${world.origin}${LOST}`, 'cabinet/contact'])
})

test('while there are codes left, they are asked for', async () => {
  const citizen = await world.citizen()
  await addRecoveryCodes(world, citizen, world.browser())
  const browser = await at(world, LOST, citizen)
  expect(browser.page.url).not.toBe(`${world.origin}${LOST}`)
})
