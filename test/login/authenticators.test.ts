import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addApp, addRecoveryCodes, appCode } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
})

const list = () => world.house.authenticators.list(citizen.oid)
const kinds = async () => (await list()).map(({ kind }) => kind)
const undo = (...origins: string[]) =>
  world.house.store.tx((tx) => world.house.authenticators.undo(tx, citizen.oid, origins))

/** In which session the newest event of this type happened. */
async function originOf(type: string, kind: string): Promise<string> {
  const found = (await world.journal(citizen.oid)).find((event) => event.type === type && event.fields.kind === kind)
  return String(found!.fields.origin)
}

async function remove(browser: Browser, kind: string): Promise<void> {
  const { id } = (await list()).find((one) => one.kind === kind)!
  await browser.open(`/security/${kind}/${id}/remove`)
  await browser.submit({}, '/remove')
}

async function passes(kind: string, code: string): Promise<boolean> {
  const browser = world.browser()
  await enter(browser, party, citizen, { acr_values: 'aal2' })
  await browser.open(`${browser.page.url}?with=${kind}`)
  await browser.submit({ code }, `/factor/${kind}`)
  return browser.page.html.includes('/consent')
}

describe('what was done in the session of somebody else is taken back', () => {
  test('an app that they added is gone', async () => {
    const secret = await addApp(world, citizen, world.browser())
    world.travel(61)
    expect(await undo(await originOf('authenticator.added', 'totp'))).toBe(1)
    expect(await kinds()).not.toContain('totp')
    await addApp(world, citizen, world.browser())
    expect(await passes('totp', appCode(secret, 1))).toBe(false)
  })

  test('an app that they removed is back, with the steps that it had spent', async () => {
    const owner = world.browser()
    const secret = await addApp(world, citizen, owner, 'Мой')
    const spent = appCode(secret)
    world.travel(61)
    const thief = world.browser()
    await addApp(world, citizen, thief, 'Чужой')
    const { id } = (await list()).find(({ name }) => name === 'Мой')!
    await thief.open(`/security/totp/${id}/remove`)
    await thief.submit({}, '/remove')
    expect(await undo(await originOf('authenticator.removed', 'totp'))).toBe(2)
    expect((await list()).filter(({ kind }) => kind === 'totp').map(({ name }) => name)).toEqual(['Мой'])
    expect(await passes('totp', spent)).toBe(false)
    expect(await passes('totp', appCode(secret))).toBe(true)
  })

  test('recovery codes that they renewed count again, and theirs no more', async () => {
    const mine = await addRecoveryCodes(world, citizen, world.browser())
    expect(await passes('recovery_code', mine[0]!)).toBe(true)
    world.travel(61)
    const theirs = await addRecoveryCodes(world, citizen, world.browser())
    expect(await undo(await originOf('authenticator.added', 'recovery_code'))).toBe(2)
    expect((await list()).find(({ kind }) => kind === 'recovery_code')?.left).toBe(9)
    expect(await passes('recovery_code', theirs[0]!)).toBe(false)
    expect(await passes('recovery_code', mine[0]!)).toBe(false)
    expect(await passes('recovery_code', mine[1]!)).toBe(true)
  })

  test('recovery codes that they removed are back', async () => {
    await addRecoveryCodes(world, citizen, world.browser())
    world.travel(61)
    const thief = world.browser()
    await addApp(world, citizen, thief)
    await remove(thief, 'recovery_code')
    expect(await kinds()).not.toContain('recovery_code')
    await undo(await originOf('authenticator.removed', 'recovery_code'))
    expect(await kinds()).toEqual(expect.arrayContaining(['recovery_code']))
    expect(await kinds()).not.toContain('totp')
  })

  test('and nothing else: not of other sessions, nor of other accounts', async () => {
    await addApp(world, citizen, world.browser())
    const origin = await originOf('authenticator.added', 'totp')
    expect(await undo()).toBe(0)
    expect(await undo('another-session')).toBe(0)
    const { oid } = await world.citizen()
    await world.house.store.tx((tx) => world.house.authenticators.undo(tx, oid, [origin]))
    expect(await kinds()).toContain('totp')
  })
})

test('the last thing that opens the account is not removed', async () => {
  const browser = world.browser()
  await addApp(world, citizen, browser)
  await world.house.store.db.deleteFrom('passwords').where('oid', '=', citizen.oid).execute()
  const { id } = (await list()).find(({ kind }) => kind === 'totp')!
  const keeper = { oid: citizen.oid, origin: 'a-session' }
  const place = { address: '192.0.2.1', device: 'Test' }
  await expect(world.house.authenticators.remove(keeper, { kind: 'totp', id }, place)).rejects.toMatchObject({
    code: 'authenticator.last',
  })
  expect(await kinds()).toContain('totp')
})
