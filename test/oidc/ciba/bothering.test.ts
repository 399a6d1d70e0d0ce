import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ActingParty } from '../../relying-party.ts'
import { saying } from '../../saying.ts'
import { type Citizen, worldOfFile } from '../../world.ts'
import { type Asked, asked, cibaClient, fetchResult, messageOf, settled } from './acting-client.ts'

const world = worldOfFile()
let parties: ActingParty[]
let citizen: Citizen
beforeAll(async () => {
  parties = await Promise.all(Array.from({ length: 5 }, () => cibaClient(world)))
})
beforeEach(async () => {
  citizen = await world.citizen()
})

/** A request by one of the clients, once the worker has dealt with it. */
async function dealtWith(client: number, parameters: Record<string, string> = {}): Promise<Asked> {
  const request = await asked(world, parties[client]!, { login_hint: citizen.phone, ...parameters })
  await settled(world)
  return request
}

/** How the person was asked, the first request first. */
async function notices(): Promise<unknown[]> {
  const journal = await world.journal(citizen.oid)
  return journal.flatMap(({ fields }) => fields.notice ?? []).reverse()
}

/** Of how many requests the person was told. */
const messages = async () => (await notices()).filter((notice) => notice !== 'silenced').length

/** So far apart that requests within five minutes are no hindrance, and none waits any more. */
const apart = () => world.travel(151)
const brief = { requested_expiry: '60' }

describe('messages within five minutes', () => {
  test('more than three requests at a time do not reach the person, whoever sends them', async () => {
    const hint = { login_hint: citizen.phone }
    await Promise.all(parties.map((party) => asked(world, party, hint)))
    await settled(world)
    expect((await notices()).sort()).toEqual(['code', 'link', 'link', 'silenced', 'silenced'])
    expect(await messages()).toBe(3)
  })

  test.each(['aal1', 'aal2'])('are three, however soon requests for %s expire', async (acr_values) => {
    for (let n = 0; n < 6; n++) {
      await dealtWith(n % 5, { acr_values, requested_expiry: '20' })
      world.travel(21)
    }
    expect(await messages()).toBe(3)
    expect((await notices()).slice(3)).toEqual(['silenced', 'silenced', 'silenced'])
    world.travel(300)
    await dealtWith(0, { acr_values })
    expect(await messages()).toBe(4)
  })

  test('that are too many are answered and polled like any other, until they expire', async () => {
    for (let n = 0; n < 3; n++) await dealtWith(n)
    const [silenced, unknown] = [
      await dealtWith(3, brief),
      await dealtWith(3, { ...brief, login_hint: '+79168888888' }),
    ]
    expect(Object.keys(silenced)).toEqual(Object.keys(unknown))
    for (const error of ['authorization_pending', 'expired_token']) {
      const answers = [await fetchResult(parties[3]!, silenced), await fetchResult(parties[3]!, unknown)]
      expect(answers.map(({ status, body }) => [status, body.error])).toEqual(Array(2).fill([400, error]))
      world.travel(61)
    }
  })
})

describe('messages within a day', () => {
  test.each(['aal1', 'aal2'])(
    'are five from one client for %s, and another one still reaches the person',
    async (acr_values) => {
      for (let n = 0; n < 7; n++) {
        await dealtWith(0, { acr_values, ...brief })
        apart()
      }
      expect(await messages()).toBe(5)
      await dealtWith(1, { acr_values })
      expect((await notices()).at(-1)).toBe(acr_values === 'aal1' ? 'code' : 'link')
      world.travel(86_500)
      await dealtWith(0, { acr_values })
      expect(await messages()).toBe(7)
    },
  )

  test('are ten from all clients together', async () => {
    for (let n = 0; n < 12; n++) {
      await dealtWith(n % 5, { acr_values: 'aal2', ...brief })
      apart()
    }
    expect(await messages()).toBe(10)
  })
})

describe('where no code can be sent', () => {
  test('a second request within a minute comes with a link and is approved by signing in', async () => {
    await dealtWith(0)
    const code = await world.code(citizen.phone)
    const second = await dealtWith(1)
    const { link, text } = await messageOf(world, citizen, 1)
    expect(text).not.toMatch(/\b\d{6}\b/)
    const browser = world.browser()
    await browser.open(link)
    expect(browser.page.html).not.toContain('name="code"')
    expect(browser.page.html).toMatch(saying('ciba.sign_in_no_code'))
    expect(browser.page.html).toMatch(saying('ciba.proof_sign_in'))
    await browser.submit({ code, decision: 'approve' })
    expect((await fetchResult(parties[1]!, second)).body.error).toBe('authorization_pending')
    await browser.open('/requests')
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    // The older request stands first.
    await browser.submit({ decision: 'refuse' })
    await browser.submit({ decision: 'approve' })
    world.travel(6)
    expect((await fetchResult(parties[1]!, second)).status).toBe(200)
  })

  test('as the day’s codes are used up, a request comes with a link', async () => {
    await dealtWith(0)
    await world.house.store.db
      .updateTable('throttles')
      .set({ count: 10, blocked_until: new Date(Date.now() + 30 * 86_400_000) })
      .where('key', 'like', 'code_day:approval_code:%')
      .execute()
    world.travel(61)
    await dealtWith(1)
    expect(await notices()).toEqual(['code', 'link'])
  })
})

test('requests that cannot be opened do not keep others waiting', async () => {
  const { db } = world.house.store
  const spoilt = Array.from({ length: 25 }, (_, n) => ({
    oid: citizen.oid,
    id: `spoilt ${n}`,
    ticket_hash: `spoilt ${n}`,
    client_id: 'spoilt',
    details: Buffer.from('spoilt'),
    state: 'waiting' as const,
    due: 'ask' as const,
    created_at: new Date(0),
    expires_at: new Date(Date.now() + 365 * 86_400_000),
    decided_at: null,
  }))
  await db.insertInto('ciba_requests').values(spoilt).execute()
  try {
    const other = await world.citizen()
    await asked(world, parties[0]!, { login_hint: other.phone })
    await messageOf(world, other)
  } finally {
    await db.deleteFrom('ciba_requests').where('client_id', '=', 'spoilt').execute()
  }
})
