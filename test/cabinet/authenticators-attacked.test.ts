import { beforeEach, describe, expect, test } from 'vitest'
import { addApp, addRecoveryCodes, appCode, enterCabinet, forge, shownKey } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { inCabinet } from './cabinet.ts'

const world = worldOfFile()
let citizen: Citizen
let cabinet: Browser
let app: string
let set: string
beforeEach(async () => {
  citizen = await world.citizen()
  cabinet = world.browser()
  await addApp(world, citizen, cabinet, 'Мой телефон')
  await addRecoveryCodes(world, citizen, cabinet)
  app = (await list()).find(({ kind }) => kind === 'totp')!.id
  set = (await list()).find(({ kind }) => kind === 'recovery_code')!.id
})

const list = ({ oid } = citizen) => world.house.authenticators.list(oid)

/** Everything that changes what opens the account, and what its form would say. */
const actions = (): [string, Record<string, string>][] => [
  ['/security/add/totp', { code: '123456', name: 'Чужой' }],
  ['/security/add/recovery_code', { challenge: '' }],
  [`/security/totp/${app}/name`, { name: 'Чужой' }],
  [`/security/totp/${app}/remove`, {}],
  [`/security/recovery_code/${set}/remove`, {}],
  ['/security/second-factor', { secondFactor: 'no' }],
  ['/security/preferred', { preferredFactor: 'totp' }],
]

/** What an attack must not change. */
async function state(): Promise<unknown> {
  const authenticators = (await list()).map(({ usedAt: _used, ...rest }) => rest)
  const { rows } = await world.house.store.script('select * from account_settings where oid = $1', [citizen.oid])
  return { authenticators, rows }
}

/** Sends every form and looks whether anything came of it. */
async function expectNothing(send: (path: string, fields: Record<string, string>) => Promise<unknown>): Promise<void> {
  const before = await state()
  for (const [path, fields] of actions()) {
    await send(path, fields)
    expect([path, await state()]).toEqual([path, before])
  }
}

describe('nothing is added, named, removed or set', () => {
  test('by somebody who is not signed in', async () => {
    await expectNothing(async (path, fields) => {
      const stranger = world.browser()
      await stranger.open('/registration')
      await forge(stranger, path, fields)
      expect([path, world.view]).toEqual([path, 'login/password'])
    })
  })

  test('in a session with the password alone, where the account has more', async () => {
    const browser = await inCabinet(world, citizen, '/security')
    const { csrf = '' } = browser.form().hidden
    await expectNothing(async (path, fields) => {
      await browser.post(path, new URLSearchParams({ csrf, ...fields }).toString())
      expect([path, world.view]).toEqual([path, 'factors/totp/code'])
    })
  })

  test('in a session whose sign-in is older than five minutes', async () => {
    await cabinet.open('/security')
    const { csrf = '' } = cabinet.form().hidden
    world.travel(301)
    await expectNothing(async (path, fields) => {
      await cabinet.post(path, new URLSearchParams({ csrf, ...fields }).toString())
      expect([path, world.view]).toEqual([path, 'login/password'])
    })
  })

  test('in the session of another person', async () => {
    const other = await world.citizen()
    const browser = await enterCabinet(world, other, '/security/add/totp')
    const { csrf = '' } = browser.form().hidden
    await expectNothing(async (path, fields) => {
      await browser.post(path, new URLSearchParams({ csrf, ...fields }).toString())
    })
  })

  test('by a form of another origin, or one without our token', async () => {
    await cabinet.open('/security')
    const { csrf = '' } = cabinet.form().hidden
    const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    await expectNothing(async (path, fields) => {
      await cabinet.post(path, new URLSearchParams({ csrf, ...fields }).toString(), foreign)
      expect([path, cabinet.page.status]).toEqual([path, 403])
      await cabinet.post(path, new URLSearchParams(fields).toString())
      expect([path, cabinet.page.status]).toEqual([path, 403])
    })
  })

  test('by opening an address', async () => {
    await expectNothing((path) => cabinet.open(path))
  })
})

describe('ids of another account', () => {
  test.each(['name', 'remove', 'lost'])('are not found by %s, and the journal keeps who tried', async (what) => {
    const other = await world.citizen()
    const browser = await enterCabinet(world, other, '/security/add/totp')
    await forge(browser, `/security/totp/${app}/${what}`, what === 'name' ? { name: 'Чужой' } : {})
    expect(browser.page.status).toBe(404)
    await browser.open(`/security/totp/${app}/${what}`)
    expect([browser.page.status, browser.page.html.includes('Мой телефон')]).toEqual([404, false])
    const tried = (await world.journal(other.oid)).filter(({ type }) => type === 'authenticator.refused')
    expect(tried.map(({ fields }) => [fields.authenticator, fields.code])).toEqual([
      [app, 'authenticator.unknown'],
      [app, 'authenticator.unknown'],
    ])
    expect((await list()).find(({ id }) => id === app)?.name).toBe('Мой телефон')
  })

  test('what the account cannot add or remove by itself is not found either', async () => {
    for (const path of ['/security/add/password', '/security/add/nothing', '/security/add/__proto__']) {
      await cabinet.open(path)
      expect([path, cabinet.page.status]).toEqual([path, 404])
    }
    const sms = (await list()).find(({ kind }) => kind === 'code')!
    await cabinet.open('/security/add/totp')
    await forge(cabinet, `/security/code/${sms.id}/remove`)
    expect([cabinet.page.status, (await list()).some(({ kind }) => kind === 'code')]).toEqual([404, true])
  })
})

test('the key of an enrolment that somebody else began is of no use to them', async () => {
  const thief = await world.citizen()
  const browser = await enterCabinet(world, thief, '/security/add/totp')
  const secret = shownKey(browser)
  await cabinet.open('/security/add/totp')
  await forge(cabinet, '/security/add/totp', { code: appCode(secret), name: '' })
  expect(cabinet.page.status).toBe(422)
  expect((await list()).filter(({ kind }) => kind === 'totp')).toHaveLength(1)
})
