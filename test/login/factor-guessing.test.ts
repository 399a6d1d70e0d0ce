import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addApp, appCode, wrongCode } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import { elsewhere } from '../guessing.ts'
import type { ActingParty } from '../relying-party.ts'
import { SOME, saying } from '../saying.ts'
import { enter, enterCode } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { signInOf } from './enrolling.ts'

const A_DAY = 20
const AAL2 = { acr_values: 'aal2' }

const world = worldOfFile({ env: { TRUSTED_PROXIES: '127.0.0.1,::1', SIGNAL_IMPOSSIBLE_TRAVEL: 'notice' } })
let party: ActingParty
let citizen: Citizen
let own: Browser
let secret: string
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  own = world.browser({ address: elsewhere() })
  secret = await addApp(world, citizen, own)
})

/** A new sign-in with the right password, at the page of the app. */
async function atApp(browser: Browser): Promise<void> {
  await enter(browser, party, citizen, { ...AAL2, prompt: 'login' })
  await browser.open(`${signInOf(browser)}?with=totp`)
}

/** Wrong codes, waiting where one is told to, until the day is used up. @returns how many were checked */
async function guesses(browser: Browser, most: number): Promise<number> {
  await atApp(browser)
  for (let checked = 0; ; ) {
    await browser.submit({ code: wrongCode(secret) }, '/factor/totp')
    if (saying('login.factor_day').test(browser.page.html)) return checked
    if (browser.page.status === 422) checked += 1
    if (checked === most) return checked
    world.travel(16 * 60)
    await atApp(browser)
  }
}

describe('whoever knows the password', () => {
  test('has twenty guesses a day at the codes of an app, a known device included, and the owner is told', async () => {
    const before = world.sentTo(citizen.email)
    const checked = (await guesses(world.browser({ address: elsewhere() }), A_DAY - 5)) + (await guesses(own, A_DAY))
    expect(checked).toBe(A_DAY)
    const types = (await world.journal(citizen.oid)).map(({ type }) => type)
    expect(types).toContain('login.locked')
    await world.message(citizen.email, before)
    expect(world.sent.some(({ text }) => saying('message.factor_guessed.mail').test(text))).toBe(true)
    await own.submit({ code: appCode(secret) }, '/factor/totp')
    expect(own.page.errors).toEqual([expect.stringMatching(saying('login.factor_day', { minutes: SOME }))])
    // The owner has another factor.
    await own.open(`${signInOf(own)}?with=code`)
    await enterCode(world, own, citizen, 0)
    expect(world.view).toBe('login/consent')
    await own.submit({ decision: 'allow' }, '/consent')
    expect(own.callback.get('code')).not.toBeNull()
  }, 60_000)
})
