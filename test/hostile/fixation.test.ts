import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { enterCabinet } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import { inCabinet, pathOf } from '../cabinet/cabinet.ts'
import { begin, NEW_PASSWORD, proven, provenTwice, proveOther } from '../recovery/acting.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter, enterCode, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { cookiesOf, exchange } from './raw-http.ts'

/** Cookies that somebody knows, or has planted, from before a step-up or a recovery. */

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
let browser: Browser
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  world.travel(61)
  await world.forgetAttempts()
  citizen = await world.citizen()
  browser = world.browser()
})

const PAGES = [
  '/account',
  '/security',
  '/security/journal',
  '/security/sessions',
  '/services',
  '/requests',
  '/settings',
]

/** Which pages of the cabinet these cookies open. */
async function opened(cookies: string): Promise<string[]> {
  const answers = await Promise.all(
    PAGES.map((target) => exchange(world.listens, { target, headers: { Cookie: cookies, Accept: 'text/html' } })),
  )
  return PAGES.filter((_page, index) => answers[index]!.status === 200)
}

/** What a service gets for these cookies when it asks without pages. */
async function silently(cookies: string): Promise<string | null> {
  const { pathname, search } = new URL(party.authorizationUrl({ prompt: 'none', scope: 'openid' }))
  const { headers } = await exchange(world.listens, { target: pathname + search, headers: { Cookie: cookies } })
  return new URL(headers.get('location')![0]!).searchParams.get('error')
}

const sessionOf = (cookies: string) => /(?:^|; )(session[\w-]*=[^;]+)/.exec(cookies)?.[1]

async function recover(by = browser): Promise<void> {
  await provenTwice(world, by, citizen)
  await by.submit({ password: NEW_PASSWORD }, '/recovery/password')
  expect(pathOf(by)).toBe('/recovery/done')
}

describe('a step-up in the cabinet', () => {
  test('changes the cookie of the session; the one before opens no page any more', async () => {
    await inCabinet(world, citizen, '/account', browser)
    const before = cookiesOf(browser, '/')
    expect(await opened(before)).toEqual(PAGES)
    await enterCabinet(world, citizen, '/security/add/totp', browser)
    expect(world.view).toBe('factors/totp/enrol')
    const after = cookiesOf(browser, '/')
    expect(sessionOf(before)).toBeDefined()
    expect(sessionOf(after)).not.toBe(sessionOf(before))
    expect([await opened(before), await opened(after)]).toEqual([[], PAGES])
  })

  test('that was begun with planted cookies leaves their planter nothing', async () => {
    // The planter is signed in by the stolen password, and the owner, in that session, proves the second factor.
    await inCabinet(world, citizen, '/account', browser)
    const before = world.sentTo(citizen.phone)
    await browser.open('/security/add/totp')
    const planted = cookiesOf(browser, '/')
    await enterCode(world, browser, citizen, before)
    expect(world.view).toBe('factors/totp/enrol')
    expect(await opened(planted)).toEqual([])
    const target = '/security/add/totp'
    const { status, body } = await exchange(world.listens, { target, headers: { Cookie: planted } })
    expect([status, body.includes('app-key')]).toEqual([303, false])
  })
})

describe('a recovery', () => {
  test('ends the session that it was made in, with its cookies, and all others', async () => {
    await inCabinet(world, citizen, '/account', browser)
    const elsewhere = await inCabinet(world, citizen)
    const known = [cookiesOf(browser, '/'), cookiesOf(elsewhere, '/')]
    for (const cookies of known) expect(await opened(cookies)).toEqual(PAGES)
    await recover()
    for (const cookies of [...known, cookiesOf(browser, '/')])
      expect([await opened(cookies), await silently(cookies)]).toEqual([[], 'login_required'])
  })

  test('signs nobody in: the next session has another id, and no cookie from before opens it', async () => {
    await inCabinet(world, citizen, '/account', browser)
    const known = [cookiesOf(browser, '/')]
    await proven(world, browser, citizen.email)
    known.push(cookiesOf(browser, '/'))
    await recover()
    known.push(cookiesOf(browser, '/'))
    await inCabinet(world, { ...citizen, password: NEW_PASSWORD }, '/account', browser)
    expect(world.view).toBe('cabinet/home')
    const now = cookiesOf(browser, '/')
    expect(await opened(now)).toEqual(PAGES)
    for (const cookies of known) {
      expect(sessionOf(cookies)).not.toBe(sessionOf(now))
      expect([await opened(cookies), await silently(cookies)]).toEqual([[], 'login_required'])
    }
  })

  test('goes on under another ticket after each proof; the one before, known or planted, opens nothing', async () => {
    const known: string[] = []
    const ticketOf = (cookies: string) => /(?:^|; )(recovery[\w-]*=[^;]+)/.exec(cookies)?.[1]
    const step = async () => {
      const now = cookiesOf(browser, '/')
      // The rest of the cookies stays as it is: only the ticket makes the difference.
      for (const ticket of known) {
        const cookies = now.replace(ticketOf(now)!, ticket)
        const { headers } = await exchange(world.listens, { target: '/recovery/next', headers: { Cookie: cookies } })
        expect(headers.get('location')).toEqual(['/recovery?over=yes'])
      }
      known.push(ticketOf(now)!)
      expect(new Set(known).size).toBe(known.length)
    }
    await begin(browser, citizen.email)
    await step()
    await browser.submit({ code: await world.code(citizen.email) }, '/recovery/code')
    expect(pathOf(browser)).toBe('/recovery/further')
    await step()
    await proveOther(world, browser, citizen.phone)
    expect(pathOf(browser)).toBe('/recovery/password')
    await step()
    await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
    expect(pathOf(browser)).toBe('/recovery/done')
  })

  test('ends a sign-in that waits at the second factor, though its code is right', async () => {
    const thief = world.browser()
    await enter(thief, party, citizen, { acr_values: 'aal2' })
    const code = await world.code(citizen.phone)
    world.travel(61)
    await recover()
    await thief.submit({ code }, '/factor/code')
    expect([world.view, await opened(cookiesOf(thief, '/'))]).toEqual(['login/password', []])
  })

  test('makes no browser a trusted one, and none stays so', async () => {
    const chosen = JSON.stringify({ secondFactor: true })
    const row = { oid: citizen.oid, chosen, changed_at: new Date() }
    await world.house.store.db.insertInto('account_settings').values(row).execute()
    const before = world.sentTo(citizen.phone)
    await enter(browser, party, citizen)
    await browser.submit({ code: await world.code(citizen.phone, before), trust: 'yes' }, '/factor/code')
    await browser.submit({ decision: 'allow' }, '/consent')
    expect(await world.house.devices.list(citizen.oid)).toHaveLength(1)
    world.travel(61)
    await recover(world.browser())
    expect(await world.house.devices.list(citizen.oid)).toEqual([])
    world.travel(61)
    await enter(browser, party, { ...citizen, password: NEW_PASSWORD })
    expect(world.view).toBe('login/code')
  })

  test('that waits ends nothing until it is in force, and then what opened before, offline access included', async () => {
    const parameters = { scope: 'openid offline_access', prompt: 'consent' }
    const { browser: held, tokens } = await signedIn(world, { party, citizen, parameters })
    await proven(world, browser, citizen.email)
    await browser.submit({}, '/none')
    await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
    expect(pathOf(browser)).toBe('/recovery/waiting')
    expect(await silently(cookiesOf(held, '/'))).toBeNull()
    const again = await party.refresh(tokens.refresh_token!)
    expect(again.status).toBe(200)
    await world.house.store.db
      .updateTable('delayed_changes')
      .set({ due_at: new Date(Date.now() - 1000) })
      .where('oid', '=', citizen.oid)
      .execute()
    await world.house.delayedChanges.applyDue()
    // What the former password opened is ended by the upkeep, within seconds.
    await vi.waitFor(async () => expect(await silently(cookiesOf(held, '/'))).toBe('login_required'), 10_000)
    expect((await party.refresh(again.body.refresh_token!)).status).toBe(400)
  })
})
