import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { networkOf } from '#src/http/address.ts'
import type { Browser } from '../browser-http.ts'
import { linksTo } from '../cabinet/reporting.ts'
import type { ActingParty } from '../relying-party.ts'
import { saying } from '../saying.ts'
import { enter, enterCode, signedIn } from '../signing-in.ts'
import { type Citizen, startWorld, type World } from '../world.ts'

/** A network in Russia, another one there, and one in the United States. */
const [HOME, OFFICE, ABROAD] = ['77.88.55.88', '93.158.134.3', '8.8.8.8']
const env = { TRUSTED_PROXIES: '127.0.0.1,::1' }

interface Stage {
  readonly world: World
  readonly party: ActingParty
}

async function stage(settings: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const world = await startWorld({ env: { ...env, ...settings } })
  return { world, party: await world.relyingParty() }
}

const signalsOf = async ({ world }: Stage, { oid }: Citizen) =>
  (await world.journal(oid)).filter(({ type }) => type === 'signal.raised').map(({ fields }) => fields.signal)

/** Has signed in from home before. */
async function atHome({ world, party }: Stage): Promise<{ citizen: Citizen; browser: Browser }> {
  const citizen = await world.citizen()
  const { browser } = await signedIn(world, { browser: world.browser({ address: HOME }), party, citizen })
  return { citizen, browser }
}

describe('as it is set from the beginning', () => {
  let here: Stage
  beforeAll(async () => {
    here = await stage()
  })
  afterAll(() => here.world.stop())

  test('whoever comes from another country within two hours needs a second factor, and the owner is told', async () => {
    const { world, party } = here
    const { citizen } = await atHome(here)
    const known = new Set(world.sent)
    const thief = world.browser({ address: ABROAD })
    const before = world.sentTo(citizen.phone)
    await enter(thief, party, citizen)
    expect(thief.page.html).toMatch(saying('login.why_signal'))
    expect((await signalsOf(here, citizen)).sort()).toEqual(['impossible_travel', 'new_network'])
    const [link] = await linksTo(world, citizen, { known })
    expect(link).toBeDefined()
    await enterCode(world, thief, citizen, before)
    expect(thief.callback.get('code')).not.toBeNull()
  })

  test('the second factor cannot be skipped by another page of the sign-in', async () => {
    const { world, party } = here
    const { citizen } = await atHome(here)
    const thief = world.browser({ address: ABROAD })
    await enter(thief, party, citizen)
    const base = /action="(\/login\/[^/"]+)\//.exec(thief.page.html)![1]!
    const { csrf = '' } = thief.form().hidden
    await thief.post(`${base}/consent`, new URLSearchParams({ csrf, decision: 'allow' }).toString())
    expect(thief.page.html).toMatch(saying('login.why_signal'))
  })

  test('after two hours it may have been an aeroplane', async () => {
    const { world, party } = here
    const { citizen } = await atHome(here)
    world.travel(2 * 3600 + 1)
    await enter(world.browser({ address: ABROAD }), party, citizen)
    expect(await signalsOf(here, citizen)).toEqual(['new_network'])
  })

  test('a known device in a new network of the same country is noticed and goes on', async () => {
    const { world, party } = here
    const { citizen, browser } = await atHome(here)
    const known = new Set(world.sent)
    browser.moveTo(OFFICE)
    await browser.open(party.authorizationUrl({ prompt: 'login' }))
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    expect(browser.callback.get('code')).not.toBeNull()
    expect(await signalsOf(here, citizen)).toEqual(['new_network'])
    await linksTo(world, citizen, { known })
  })

  test('nothing is unusual where the browser signed in before', async () => {
    const { party } = here
    const { citizen, browser } = await atHome(here)
    await browser.open(party.authorizationUrl({ prompt: 'login' }))
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    expect(await signalsOf(here, citizen)).toEqual([])
  })

  test('whoever comes now from home and now from elsewhere is noticed once in each place', async () => {
    const { party } = here
    const { citizen, browser } = await atHome(here)
    const again = async (address: string) => {
      browser.moveTo(address)
      await browser.open(party.authorizationUrl({ prompt: 'login' }))
      await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
      expect(browser.callback.get('code')).not.toBeNull()
    }
    for (const address of [OFFICE, HOME, OFFICE, HOME]) await again(address)
    expect(await signalsOf(here, citizen)).toEqual(['new_network'])
  })

  test('a browser keeps its last eight places', async () => {
    const { party } = here
    const { citizen, browser } = await atHome(here)
    const from = async (address: string) => {
      browser.moveTo(address)
      await browser.open(party.authorizationUrl({ prompt: 'login' }))
      await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
      expect(browser.callback.get('code')).not.toBeNull()
    }
    // Addresses of no country, so that nobody travels.
    const elsewhere = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `10.0.${n}.1`)
    for (const address of elsewhere) await from(address)
    expect(await signalsOf(here, citizen)).toHaveLength(8)
    await from(elsewhere[1]!)
    expect(await signalsOf(here, citizen)).toHaveLength(8)
    await from(HOME)
    expect(await signalsOf(here, citizen)).toHaveLength(9)
  })

  test('nor at the first sign-in of an account', async () => {
    const { citizen } = await atHome(here)
    expect(await signalsOf(here, citizen)).toEqual([])
  })

  test('a wrong password and an unknown identifier raise nothing', async () => {
    const { world, party } = here
    const { citizen } = await atHome(here)
    await enter(world.browser({ address: ABROAD }), party, { ...citizen, password: 'не тот пароль' })
    await enter(world.browser({ address: ABROAD }), party, { ...citizen, phone: '+79990000000' })
    expect(await signalsOf(here, citizen)).toEqual([])
  })

  const count = (key: string, n: number) =>
    here.world.house.store.script(
      `insert into throttles (key, count, window_started_at, admitted) values ($1, $2, $3, '')
        on conflict (key) do update set count = excluded.count`,
      [key, n, new Date()],
    )
  /** As many accounts have signed in from one network, each for the first time there. */
  const crowd = (address: string, people: number) => count(`signal_accounts:${networkOf(address)}`, people)
  /** Wrong answers of a network. */
  const failures = (address: string, wrong: number) => count(`login_network:${networkOf(address)}`, wrong)

  test('whoever tries passwords by a list: with the 31st account a second factor is needed', async () => {
    const { world, party } = here
    const address = '5.255.255.70'
    await crowd(address, 30)
    await failures(address, 40)
    const last = await world.citizen()
    const thief = world.browser({ address })
    await enter(thief, party, last)
    expect(thief.page.html).toMatch(saying('login.why_signal'))
    expect(await signalsOf(here, last)).toEqual(['many_accounts'])
  })

  test('the subscribers of a mobile carrier, of whom one in ten mistypes, are not unusual', async () => {
    const { world, party } = here
    const address = '5.255.254.70'
    await crowd(address, 300)
    await failures(address, 50)
    const citizen = await world.citizen()
    await signedIn(world, { browser: world.browser({ address }), party, citizen })
    expect(await signalsOf(here, citizen)).toEqual([])
  })

  test('one account counts once, however often it signs in', async () => {
    const { world, party } = here
    const address = '5.255.253.70'
    await crowd(address, 29)
    await failures(address, 40)
    const citizen = await world.citizen()
    for (let again = 0; again < 3; again++) await enter(world.browser({ address }), party, citizen)
    expect(await signalsOf(here, citizen)).toEqual([])
  })
})

test('where an operator wants it the sign-in ends, journalled and told, and only after the right password', async () => {
  const strict = await stage({ SIGNAL_IMPOSSIBLE_TRAVEL: 'block' })
  try {
    const { citizen } = await atHome(strict)
    const known = new Set(strict.world.sent)
    const thief = strict.world.browser({ address: ABROAD })
    await enter(thief, strict.party, citizen)
    expect([thief.page.status, strict.world.view]).toEqual([403, 'http/error'])
    expect(thief.page.html).toMatch(saying('login.signal_blocked'))
    await thief.open(strict.party.authorizationUrl())
    expect(strict.world.view).toBe('login/password')
    expect(await signalsOf(strict, citizen)).toContain('impossible_travel')
    await linksTo(strict.world, citizen, { known })
  } finally {
    await strict.world.stop()
  }
})

test('where all are off nothing is looked at or told', async () => {
  const names = ['NEW_NETWORK', 'IMPOSSIBLE_TRAVEL', 'MANY_ACCOUNTS']
  const calm = await stage(Object.fromEntries(names.map((name) => [`SIGNAL_${name}`, 'off'])))
  try {
    const { citizen } = await atHome(calm)
    await signedIn(calm.world, { browser: calm.world.browser({ address: ABROAD }), party: calm.party, citizen })
    expect(await signalsOf(calm, citizen)).toEqual([])
  } finally {
    await calm.world.stop()
  }
})

test('an address that the client itself wrote is not believed', async () => {
  const alone = await stage({ TRUSTED_PROXIES: '' })
  try {
    const { citizen } = await atHome(alone)
    await signedIn(alone.world, { browser: alone.world.browser({ address: ABROAD }), party: alone.party, citizen })
    expect(await signalsOf(alone, citizen)).toEqual([])
  } finally {
    await alone.world.stop()
  }
})
