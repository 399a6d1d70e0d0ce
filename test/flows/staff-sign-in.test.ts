import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { addRecoveryCodes, appCode, enterCabinet, shownKey, wrongCode } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import { SoftKey } from '../factors/webauthn/soft-key.ts'
import { forge, keyOptions, signInOf } from '../login/enrolling.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

/** People of a realm that requires two factors, from the day on which a command puts them into it. */

const world = worldOfFile()
let party: ActingParty
let worker: Citizen
let browser: Browser
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  world.travel(61)
  await world.forgetAttempts()
  browser = world.browser()
})

const run = (...argv: string[]) => runCommand(argv, { store: world.house.store, house: async () => world.house })

/** Has a password and nothing that a code could be sent to. */
async function hired(realm: string): Promise<Citizen> {
  const person = await world.citizen()
  await world.house.store.db.deleteFrom('contacts').where('oid', '=', person.oid).execute()
  const { exitCode } = await run('accounts', 'realm', String(person.oid), realm, '--reason', 'Приказ 7')
  expect(exitCode).toBe(0)
  return person
}

async function claimsOf(by: Browser) {
  if (world.view === 'login/consent') await by.submit({ decision: 'allow' }, '/consent')
  const { body } = await party.redeem(by.callback.get('code')!)
  return party.claims(body.id_token)
}

describe.each(['operator', 'institution', 'administrator'])('the first sign-in of the realm %s', (realm) => {
  beforeEach(async () => {
    worker = await hired(realm)
    await enter(browser, party, worker)
    expect(world.view).toBe('login/unmet')
  })

  test('does not end without a second factor, by whatever address', async () => {
    const base = signInOf(browser)
    for (const [path, fields] of [
      ['/consent', { decision: 'allow' }],
      ['/factor/code', { code: '000000' }],
      ['/enrol/recovery_code', { challenge: '' }],
      ['/enrol/totp', { code: '000000', name: '', serial: '' }],
    ] as const) {
      await forge(browser, base + path, fields)
      expect([path, browser.page.url.startsWith(world.origin)]).toEqual([path, true])
    }
    const kinds = (await world.house.authenticators.list(worker.oid)).map(({ kind }) => kind)
    expect(kinds).not.toContain('totp')
    expect(kinds).not.toContain('recovery_code')
    await browser.open(`${world.origin}/account`)
    expect(world.view).not.toBe('cabinet/home')
  })

  test('goes on with an app that is added on the way, and the next one asks for it', async () => {
    await browser.open(`${signInOf(browser)}/enrol/totp`)
    const secret = shownKey(browser)
    await browser.submit({ code: wrongCode(secret), name: '' }, '/enrol/totp')
    expect(browser.page.status).toBe(422)
    await browser.submit({ code: appCode(secret), name: '' }, '/enrol/totp')
    expect(await claimsOf(browser)).toMatchObject({ acr: 'aal2' })
    world.travel(61)
    const next = world.browser()
    await enter(next, party, worker)
    expect(next.page.html).toContain('/factor/totp')
    await next.submit({ code: appCode(secret) }, '/factor/totp')
    expect(await claimsOf(next)).toMatchObject({ acr: 'aal2' })
  })

  test('goes on with a key, which the cabinet asks for from then on', async () => {
    await browser.open(`${signInOf(browser)}/enrol/webauthn`)
    const key = new SoftKey(world.origin)
    await browser.submit({ credential: key.create(keyOptions(browser)), name: '' }, '/enrol/webauthn')
    await claimsOf(browser)
    const other = world.browser()
    await other.open('/account')
    await other.submit({ identifier: worker.phone, password: worker.password }, '/identify')
    expect(world.view).toBe('factors/webauthn/prove')
    await other.submit({ credential: key.get(keyOptions(other)) }, '/factor/webauthn')
    expect(world.view).toBe('cabinet/home')
  })
})

describe('somebody who has a phone as well', () => {
  let codes: string[]
  beforeEach(async () => {
    worker = await world.citizen()
    codes = await addRecoveryCodes(world, worker, world.browser())
    await run('accounts', 'realm', String(worker.oid), 'operator', '--reason', 'Приказ 7')
    world.travel(61)
  })

  test('signs in with a call instead of an SMS, and with a recovery code', async () => {
    await enter(browser, party, worker)
    expect(world.view).toBe('login/code')
    world.travel(61)
    const before = world.sentTo(worker.phone)
    await browser.submit({}, '/factor/code/voice')
    const { text, channel } = await world.message(worker.phone, before)
    const code = /\d(, \d){5}/.exec(text)![0].replace(/\D/g, '')
    await browser.submit({ code }, '/factor/code')
    expect(channel).toBe('voice')
    expect(await claimsOf(browser)).toMatchObject({ acr: 'aal2', amr: expect.arrayContaining(['tel', 'mfa']) })

    world.travel(61)
    const next = world.browser()
    await enter(next, party, worker)
    await next.open(`${next.page.url}?with=recovery_code`)
    await next.submit({ code: codes[0]! }, '/factor/recovery_code')
    expect(await claimsOf(next)).toMatchObject({ acr: 'aal2' })
  })

  test('does not rid the account of its need for a second factor', async () => {
    await enterCabinet(world, worker, '/security', browser)
    expect(world.view).toBe('cabinet/security')
    await forge(browser, '/security/second-factor', { secondFactor: 'no' })
    world.travel(61)
    await enter(world.browser(), party, worker)
    expect(world.view).toBe('login/code')
  })

  test('is asked for the password alone once they have left the realm', async () => {
    await enter(world.browser(), party, worker)
    expect(world.view).toBe('login/code')
    await run('accounts', 'realm', String(worker.oid), 'citizen', '--reason', 'Приказ 8')
    await enter(browser, party, worker)
    expect(world.view).toBe('login/consent')
  })
})
