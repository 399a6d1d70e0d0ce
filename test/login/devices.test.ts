import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AccountSettings } from '#src/accounts/settings.ts'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

/** Longer than the worker's look-ups are apart. */
const WAIT = { timeout: 6_000, interval: 20 }
const world = worldOfFile({ env: { TRUSTED_PROXIES: '127.0.0.1,::1' } })
let party: ActingParty
let citizen: Citizen
let browser: Browser
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  ;({ browser } = await signedIn(world, { party, citizen }))
})

const devices = () => world.house.devices
const again = (by = browser, as = citizen) => enter(by, party, as, { prompt: 'login' })
const appeared = async () => (await world.journal(citizen.oid)).filter(({ type }) => type === 'device.appeared').length

/** How many notices have come by mail, when everything that was due has been told. */
async function told(as = citizen): Promise<number> {
  await vi.waitFor(async () => {
    const { db } = world.house.store
    const due = await db.selectFrom('devices').select('oid').where('tell_at', 'is not', null).execute()
    const waiting = await db.selectFrom('messages').select('id').where('state', '=', 'waiting').execute()
    expect([due, waiting]).toEqual([[], []])
  }, WAIT)
  return world.sentTo(as.email)
}

async function choose(chosen: Partial<AccountSettings>): Promise<void> {
  const row = { oid: citizen.oid, chosen: JSON.stringify(chosen), changed_at: new Date() }
  await world.house.store.db.insertInto('account_settings').values(row).execute()
}

function cookieOf(by: Browser): string | undefined {
  return by.cookies().find((cookie) => cookie.startsWith('device_'))
}

describe('what is no news', () => {
  test('the first sign-in of a new account, and the same browser again', async () => {
    await again()
    await again()
    expect(await told()).toBe(0)
    expect(await devices().list(citizen.oid)).toHaveLength(1)
  })

  test('a live session that lets into another service', async () => {
    await signedIn(world, { party, citizen })
    const before = await told()
    await browser.open(party.authorizationUrl({ prompt: 'none' }))
    expect(await told()).toBe(before)
  })
})

describe('what is told at once', () => {
  test('a sign-in in another browser, with device, time and a way to say that it was somebody else', async () => {
    const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
    await enter(world.browser({ userAgent: firefox }), party, citizen)
    expect(await told()).toBe(1)
    const { text } = await world.message(citizen.email)
    expect(text).toMatch(/Firefox, Windows/)
    expect(text).toMatch(/20\d\d г\. в \d/)
    expect(text).toMatch(new RegExp(`${world.origin}/not-me/[\\w-]{43}\\b`))
    expect((await world.message(citizen.phone)).text).toMatch(/Firefox, Windows.*\/not-me\//)
    expect(await appeared()).toBe(1)
  })

  test('in the language of the owner', async () => {
    await choose({ locale: 'en' })
    await again(world.browser())
    await told()
    expect((await world.message(citizen.email)).text).toMatch(/From: .*Linux/)
  })

  test('the first sign-in of an account that has been there for a while', async () => {
    const old = await world.citizen()
    world.travel(2 * 86_400)
    await signedIn(world, { party, citizen: old })
    expect(await told(old)).toBe(1)
  })

  test('a browser that knows somebody else', async () => {
    const neighbour = await world.citizen()
    await signedIn(world, { party, citizen: neighbour })
    await again(browser, neighbour)
    expect(await told(neighbour)).toBe(1)
    const [first, second] = await Promise.all([citizen, neighbour].map(({ oid }) => devices().list(oid)))
    expect(first!.map(({ ref }) => ref)).not.toContain(second![0]!.ref)
  })

  test.each(['x', 'a'.repeat(43), '../../etc', ''])('a browser with the cookie %j', async (value) => {
    const stranger = world.browser()
    const [name] = cookieOf(browser)!.split('=')
    await stranger.open(party.authorizationUrl())
    const form = stranger.form('/identify')
    const body = new URLSearchParams({ ...form.hidden, identifier: citizen.phone, password: citizen.password })
    const cookies = stranger.cookies('/login').map((cookie) => cookie.split(';', 1)[0])
    await stranger.post(form.action, body.toString(), { Cookie: [...cookies, `${name}=${value}`].join('; ') })
    expect(await told()).toBe(1)
  })

  test('a browser that was forgotten', async () => {
    const [device] = await devices().list(citizen.oid)
    expect(await devices().forget(citizen.oid, device!.ref)).toBe(true)
    world.travel(86_401)
    await again()
    expect(await told()).toBe(1)
  })

  test('each sign-in, where the owner wants that', async () => {
    await choose({ everySignIn: true })
    world.travel(60)
    await again()
    expect(await told()).toBe(1)
    world.travel(60)
    await again()
    expect(await told()).toBe(2)
    expect(await appeared()).toBe(0)
  })

  test('but not without end', async () => {
    for (let n = 0; n < 23; n++) await again(world.browser())
    expect(await told()).toBe(20)
    expect(await appeared()).toBe(23)
  })
})

describe('the list', () => {
  test('is of one account', async () => {
    const stranger = await world.citizen()
    await signedIn(world, { party, citizen: stranger })
    const [theirs] = await devices().list(stranger.oid)
    expect(await devices().forget(citizen.oid, theirs!.ref)).toBe(false)
    expect(await devices().distrust(citizen.oid, theirs!.ref)).toBe(false)
    expect(await devices().list(stranger.oid)).toHaveLength(1)
  })

  test('is empty when all are forgotten, and nothing of it is left readable in the table', async () => {
    const { ref, seen } = await world.house.store.db
      .selectFrom('devices')
      .select(['ref', 'seen'])
      .where('oid', '=', citizen.oid)
      .executeTakeFirstOrThrow()
    expect(cookieOf(browser)).toMatch(/=[\w-]{43};/)
    expect(cookieOf(browser)).not.toContain(ref)
    expect(Buffer.from(seen).toString('latin1')).not.toMatch(/Mozilla|127\.0/)
    await devices().forgetAll(citizen.oid)
    expect(await devices().list(citizen.oid)).toEqual([])
  })
})
