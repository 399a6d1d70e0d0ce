import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Outgoing } from '#src/notifications/channels.ts'
import type { Browser } from '../browser-http.ts'
import { enter, signedIn } from '../signing-in.ts'
import { type Sent, startWorld, type World } from '../world.ts'
import { detaching, THREE_DAYS } from './detachment-rig.ts'

let world: World
let second: World
beforeAll(async () => {
  world = await startWorld()
  // Its worker sends messages of the common database, too.
  const received = (channel: Sent['channel']) => ({
    send: async (message: Outgoing) => world.received({ channel, ...message }),
  })
  const channels = { sms: received('sms'), mail: received('mail') }
  second = await startWorld({ beside: world, replacements: { channels } })
})
afterAll(async () => {
  await second.stop()
  await world.stop()
})
// Between two codes to one number is a pause.
beforeEach(() => world.travel(61))

const { requested, eventsOf, typesOf, ownerOf, rows, threeDaysLater } = detaching(() => world)

describe('when the time has come', () => {
  test('not a second earlier', async () => {
    const citizen = await world.citizen()
    await requested(citizen)
    world.travel(THREE_DAYS - 10)
    await world.house.detachments.detachDue()
    expect(await rows(citizen)).toEqual(['waiting'])
  })

  test('two processes detach once, and tell once', async () => {
    const citizen = await world.citizen()
    await requested(citizen)
    world.travel(THREE_DAYS + 1)
    await Promise.all([world, second, world, second].map(({ house }) => house.detachments.detachDue()))
    await world.house.detachments.detachDue()
    expect(await rows(citizen)).toEqual(['done'])
    expect((await typesOf(citizen)).filter((type) => type === 'contact.detached')).toHaveLength(1)
    const messages = await world.house.store.db
      .selectFrom('messages')
      .select('kind')
      .where('oid', '=', citizen.oid)
      .where('kind', '=', 'contact_detached')
      .execute()
    expect(messages).toHaveLength(1)
  })

  test("the owner's sign-in with a code to the number keeps it; one without does not", async () => {
    const party = await world.relyingParty()
    const holder = await world.citizen()
    const former = await world.citizen()
    await requested(holder)
    await requested(former)
    world.travel(61)
    await signedIn(world, { party, citizen: holder, parameters: { acr_values: 'aal2' } })
    await signedIn(world, { party, citizen: former })
    await threeDaysLater()
    expect(await rows(holder)).toEqual(['cancelled'])
    expect((await eventsOf(holder))[0]).toMatchObject({ fields: { reason: 'signed_in' } })
    expect(await ownerOf(holder)).toBe(holder.oid)
    expect(await rows(former)).toEqual(['done'])
  })

  test('a sign-in with a code before the request keeps nothing', async () => {
    const party = await world.relyingParty()
    const citizen = await world.citizen()
    await signedIn(world, { party, citizen, parameters: { acr_values: 'aal2' } })
    world.travel(61)
    await requested(citizen)
    await threeDaysLater()
    expect(await rows(citizen)).toEqual(['done'])
  })

  test('an account that had nothing but the number lives on without contacts', async () => {
    const citizen = await world.citizen({ email: null })
    await requested(citizen)
    await threeDaysLater()
    const account = await world.house.accounts.read(citizen.oid)
    expect(account).toMatchObject({ oid: citizen.oid, state: 'active' })
    expect([account.phone, account.email]).toEqual([undefined, undefined])
  })
})

describe.each(['postgres', 'pglite'] as const)('the number changes hands on %s', (store) => {
  let house: World
  beforeAll(async () => {
    house = store === 'postgres' ? world : await startWorld({ store })
  })
  afterAll(() => (store === 'pglite' ? house.stop() : undefined))

  test('the new holder registers with it, and the former owner neither signs in by it nor gets its codes', async () => {
    const party = await house.relyingParty()
    const citizen = await house.citizen()
    await requested(citizen, house)
    await house.message(citizen.email, 1)
    await threeDaysLater(house)
    expect((await house.message(citizen.email, 2)).text).toContain('отвязан')
    const [freed] = house.sent.filter(({ recipient }) => recipient === citizen.phone)
    expect(freed!.text).toContain('освободился')

    const newcomer = house.browser()
    await registered(house, newcomer, citizen.phone)
    const newOid = await house.house.accounts.ownerOf('phone', citizen.phone)
    expect(newOid).toBeTypeOf('number')
    expect(newOid).not.toBe(citizen.oid)

    const codes = house.sentTo(citizen.phone)
    const former = house.browser()
    await enter(former, party, citizen)
    expect(house.view).toBe('login/password')
    await enter(former, party, { ...citizen, phone: citizen.email }, { acr_values: 'aal2' })
    expect(house.view).toBe('login/unmet')
    expect(house.sentTo(citizen.phone)).toBe(codes)
  })
})

async function registered(at: World, browser: Browser, phone: string): Promise<void> {
  const before = at.sentTo(phone)
  await browser.open('/registration')
  await browser.submit({})
  await browser.submit({ phone })
  await browser.submit({ code: await at.code(phone, before) })
  await browser.submit({ email: '', skip: 'yes' })
  await browser.submit({ familyName: 'Сомова', givenName: 'Вера', patronymic: '' })
  await browser.submit({ birthDate: '12.04.1991' })
  await browser.submit({ gender: 'female' })
  await browser.submit({ password: 'восемь тихих самоваров' })
  const consent = /name="consent" type="checkbox" value="([^"]*)"/.exec(browser.page.html)?.[1] ?? ''
  await browser.submit({ consent })
  expect(at.view).toBe('registration/done')
}
