import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { FAREWELL_SECONDS } from '#src/accounts/leaving/erasure.ts'
import { DeliveryFailed, type Outgoing } from '#src/notifications/channels.ts'
import { inCabinet } from '../../cabinet/cabinet.ts'
import type { ActingParty } from '../../relying-party.ts'
import { enter, signedIn } from '../../signing-in.ts'
import { type Citizen, startWorld, type World } from '../../world.ts'

const DAY = 86_400

let world: World
let second: World
let party: ActingParty
let citizen: Citizen
let gatewayIsDown = false
beforeAll(async () => {
  const channel = (kind: 'sms' | 'mail') => ({
    async send(message: Outgoing) {
      if (gatewayIsDown) throw new DeliveryFailed('down')
      world.received({ channel: kind, ...message })
    },
  })
  const replacements = { channels: { sms: channel('sms'), mail: channel('mail') } }
  world = await startWorld({ replacements })
  second = await startWorld({ beside: world, replacements })
  party = await world.relyingParty()
})
beforeEach(async () => {
  gatewayIsDown = false
  world.travel(DAY)
  citizen = await world.citizen()
})
afterAll(async () => {
  await second.stop()
  await world.stop()
})

const owner = { actor: 'owner', origin: 'test' } as const
const court = { actor: 'cli', reason: 'Решение суда 2-1234/2026' }
const closing = (oid = citizen.oid) => world.house.closing.find(oid)

async function closedFor(days: number): Promise<void> {
  await world.house.closing.close(citizen.oid, 'owner', owner)
  world.travel(days * DAY)
}

/** Goes on as upkeep does, until nothing is left. */
const erased = (process: World = world) =>
  vi.waitFor(
    async () => {
      await process.house.erasure.eraseDue()
      expect((await closing())?.erasedAt).toBeDefined()
    },
    { timeout: 10_000, interval: 50 },
  )

describe('nothing is erased', () => {
  test('of an account that nobody closed', async () => {
    world.travel(400 * DAY)
    await world.house.erasure.eraseDue()
    expect(await world.house.accounts.find(citizen.oid)).toBeDefined()
  })

  test('on day 29', async () => {
    await closedFor(29)
    await world.house.erasure.eraseDue()
    expect((await closing())?.farewellAt).toBeUndefined()
    expect(await world.house.accounts.ownerOf('phone', citizen.phone)).toBe(citizen.oid)
  })

  test('before the last message is sent, but for an hour at most', async () => {
    gatewayIsDown = true
    await closedFor(31)
    await world.house.erasure.eraseDue()
    await world.house.erasure.eraseDue()
    expect(await closing()).toMatchObject({ farewellAt: expect.any(Date), erasedAt: undefined })
    // Nobody finds it meanwhile, and it does not come back.
    expect(await world.house.accounts.ownerOf('phone', citizen.phone)).toBeUndefined()
    expect(await world.house.closing.reopen(citizen.oid, owner)).toBe(false)
    world.travel(FAREWELL_SECONDS + 60)
    await world.house.erasure.eraseDue()
    expect((await closing())?.erasedAt).toBeDefined()
    expect(await world.house.accounts.find(citizen.oid)).toBeUndefined()
  })
})

describe('before it begins, everything that the account has open is ended', () => {
  /** Number of sessions, grants and tokens that there are, of anybody. */
  async function artifacts(): Promise<number> {
    const { rows } = await world.house.store.script(`select 1 from artifacts where model <> 'EndedSession'`)
    return rows.length
  }

  test('the session in which its owner has looked at the way back', async () => {
    gatewayIsDown = true
    await closedFor(29.9)
    await inCabinet(world, citizen)
    expect(await world.house.sessions.list(citizen.oid)).toHaveLength(1)
    world.travel(0.2 * DAY)
    await world.house.erasure.eraseDue()
    expect(await closing()).toMatchObject({ farewellAt: expect.any(Date), erasedAt: undefined })
    expect(await world.house.sessions.list(citizen.oid)).toEqual([])
  })

  test('what a process that died in an order has left, by whichever process goes on', async () => {
    const before = await artifacts()
    await signedIn(world, { party, citizen, parameters: { scope: 'openid offline_access', prompt: 'consent' } })
    expect(await artifacts()).toBeGreaterThan(before)
    const died = vi.spyOn(world.house.sessions, 'endAll').mockRejectedValueOnce(new Error('died'))
    await expect(world.house.erasure.order(citizen.oid, court)).rejects.toThrow('died')
    died.mockRestore()
    await erased(second)
    expect(await artifacts()).toBe(before)
  })

  test('and relying parties hear of it first, for an hour at most', async () => {
    const { store, erasure } = world.house
    await closedFor(31)
    await store.script(
      `insert into logout_notices (oid, id, client_id, sid, created_at, expires_at, queued_at)
        values ($1, gen_random_uuid(), 'gone', '\\x00', now(), now() + interval '1 day', now())`,
      [citizen.oid],
    )
    await erasure.eraseDue()
    await vi.waitFor(
      async () =>
        expect(
          (await store.script(`select 1 from messages where oid = $1 and state = 'waiting'`, [citizen.oid])).rows,
        ).toEqual([]),
      10_000,
    )
    await erasure.eraseDue()
    expect((await closing())?.erasedAt).toBeUndefined()
    world.travel(FAREWELL_SECONDS + 60)
    await erasure.eraseDue()
    expect((await closing())?.erasedAt).toBeDefined()
  })
})

test('two processes erase an account once', async () => {
  await closedFor(31)
  for (let turn = 0; turn < 20 && !(await closing())?.erasedAt; turn++) {
    await Promise.all([world, second, world, second].map(({ house }) => house.erasure.eraseDue()))
    await new Promise((done) => setTimeout(done, 50))
  }
  const { rows } = await world.house.store.script(`select type from journal where oid = 0 and type like '%era%'`)
  const last = rows.map(({ type }) => type)
  expect(last.filter((type) => type === 'account.erased').length).toBe(
    last.filter((type) => type === 'erasure.begun').length,
  )
  expect(world.sent.filter(({ recipient, text }) => recipient === citizen.email && /стёрта/.test(text))).toHaveLength(1)
})

test('coming back while an erasure is ordered: no account is both open and being erased', async () => {
  await closedFor(1)
  const { reopen } = world.house.closing
  const [, ordered] = await Promise.all([reopen(citizen.oid, owner), second.house.erasure.order(citizen.oid, court)])
  expect(ordered).toBe(true)
  expect((await closing())?.farewellAt).toBeDefined()
  expect((await world.house.accounts.find(citizen.oid))?.state ?? 'closed').toBe('closed')
  expect(await reopen(citizen.oid, owner)).toBe(false)
})

describe('after the erasure', () => {
  test('a sign-in looks like one to an account that there is not', async () => {
    await closedFor(31)
    await erased()
    const [gone, never] = [world.browser(), world.browser()]
    await enter(gone, party, citizen)
    await enter(never, party, { ...citizen, phone: '+79169999998' })
    expect(gone.page.errors).toEqual(never.page.errors)
    expect([gone.page.status, gone.page.title]).toEqual([never.page.status, never.page.title])
    const ids = /[\w-]{20,}/g
    expect(gone.page.html.replace(ids, '').replaceAll(citizen.phone, '')).toBe(
      never.page.html.replace(ids, '').replaceAll('+79169999998', ''),
    )
  })

  test('phone and e-mail can be registered again, under another number', async () => {
    await closedFor(31)
    await erased()
    const { accounts, store } = world.house
    const again = await store.tx((tx) =>
      accounts.create(tx, {
        person: { familyName: 'Новая', givenName: 'Анна', birthDate: '1991-01-01', gender: 'female' },
        phone: citizen.phone,
        email: citizen.email,
        consentVersion: '1',
        dataKey: Buffer.alloc(32, 7),
      }),
    )
    expect(again).toMatchObject({ ok: true })
    expect(again.ok && again.oid).not.toBe(citizen.oid)
  })

  test('the draft that its key came from is gone, too', async () => {
    const { store } = world.house
    await store.script(
      `insert into drafts (id, kek_id, wrapped, answers, version, expires_at, finished_oid)
        select 'draft-of-the-leaver', kek_id, wrapped, wrapped, 1, now() + interval '90 days', oid from data_keys where oid = $1`,
      [citizen.oid],
    )
    await closedFor(31)
    await erased()
    expect((await store.script(`select 1 from drafts where id = 'draft-of-the-leaver'`)).rows).toEqual([])
  })

  test('another process has forgotten the key within five seconds', async () => {
    const read = () => second.house.journal.read(citizen.oid, { limit: 1 })
    await closedFor(31)
    expect(await read()).toHaveLength(1)
    await erased()
    await expect.poll(() => read().catch((fault: Error) => fault.message), { timeout: 5_000 }).toMatch(/no data key/)
    expect(await second.house.accounts.find(citizen.oid)).toBeUndefined()
  })
})

describe('by order of a court', () => {
  test('it begins at once, whatever the state, with sessions and tokens', async () => {
    const { tokens } = await signedIn(world, { party, citizen })
    const cabinet = await inCabinet(world, citizen)
    await world.house.administration.block(citizen.oid, court)
    expect(await world.house.erasure.order(citizen.oid, court)).toBe(true)
    expect(await world.house.erasure.order(citizen.oid, court)).toBe(false)
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
    expect((await party.refresh(tokens.refresh_token!)).status).toBe(400)
    await erased()
    await cabinet.open('/account')
    expect(cabinet.page.html).toContain('/identify')
  })

  test('a form that its owner had open is not kept, and leads to the sign-in', async () => {
    const cabinet = await inCabinet(world, citizen, '/settings')
    const { hidden } = cabinet.form('/settings')
    await world.house.erasure.order(citizen.oid, court)
    await erased()
    await cabinet.post('/settings', new URLSearchParams({ ...hidden, locale: 'en' }).toString())
    expect(cabinet.page.status).toBe(200)
    expect(cabinet.page.html).toContain('/identify')
  })

  test('and the journal tells who ordered it', async () => {
    await world.house.erasure.order(citizen.oid, court)
    const { rows } = await world.house.store.script(
      `select type from journal where oid = 0 and type = 'erasure.ordered'`,
    )
    expect(rows.length).toBeGreaterThan(0)
  })
})
