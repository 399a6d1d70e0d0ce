import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addApp, addRecoveryCodes, appCode, enterCabinet, shownCodes, shownKey } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter } from '../signing-in.ts'
import type { Citizen, World } from '../world.ts'
import { prepare } from './raw-http.ts'
import { startTwoProcesses, statuses, type TwoProcesses } from './two-processes.ts'

vi.setConfig({ testTimeout: 90_000 })

const ROUNDS = 8

let two: TwoProcesses
let world: World
let party: ActingParty

beforeAll(async () => {
  two = await startTwoProcesses()
  world = two.world
  party = await world.relyingParty()
})
afterAll(() => two?.stop())

async function rounds(work: (citizen: Citizen) => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    await world.forgetAttempts()
    await work(await world.citizen())
  }
}

const twice = (browser: Browser, fields: Record<string, string>, action: string) => {
  const form = prepare(browser, fields, action, world.origin)
  return two.raced([form, form])
}

/** Two browsers that have given the password and are asked for a code of that kind. */
function asked(citizen: Citizen, kind: string): Promise<Browser[]> {
  return Promise.all(
    [0, 1].map(async () => {
      const browser = world.browser()
      await enter(browser, party, citizen, { acr_values: 'aal2' })
      await browser.open(`${browser.page.url}?with=${kind}`)
      return browser
    }),
  )
}

async function passes({ oid }: Citizen, kind: string): Promise<number> {
  const events = await world.journal(oid)
  return events.filter(({ type, fields }) => type === 'factor.passed' && fields.kind === kind).length
}

test('one time step lets one of two sign-ins pass', async () => {
  await rounds(async (citizen) => {
    const secret = await addApp(world, citizen, world.browser())
    const browsers = await asked(citizen, 'totp')
    // A step ahead of the one that adding has spent.
    const code = appCode(secret, 1)
    const answers = await two.raced(browsers.map((browser) => prepare(browser, { code }, '/factor/totp', world.origin)))
    expect(statuses(answers)).toEqual([303, 422])
    expect(await passes(citizen, 'totp')).toBe(1)
  })
})

test('one recovery code lets one of two sign-ins pass', async () => {
  await rounds(async (citizen) => {
    const [code = ''] = await addRecoveryCodes(world, citizen, world.browser())
    const browsers = await asked(citizen, 'recovery_code')
    const forms = browsers.map((browser) => prepare(browser, { code }, '/factor/recovery_code', world.origin))
    expect(statuses(await two.raced(forms))).toEqual([303, 422])
    expect(await passes(citizen, 'recovery_code')).toBe(1)
  })
})

test('one form adds one device', async () => {
  await rounds(async (citizen) => {
    const browser = await enterCabinet(world, citizen, '/security/add/totp')
    const code = appCode(shownKey(browser))
    expect(statuses(await twice(browser, { code, name: '' }, '/security/add/totp'))).toEqual([303, 422])
    expect(await counted(citizen, 'totp')).toBe(1)
  })
})

test('one form makes one set of recovery codes', async () => {
  await rounds(async (citizen) => {
    const browser = await enterCabinet(world, citizen, '/security/add/recovery_code')
    const answers = await twice(browser, {}, '/security/add/recovery_code')
    expect(statuses(answers)).toEqual([200, 409])
    const shown = answers.map(({ body }) => shownCodes({ page: { html: body } } as Browser).length)
    expect(shown.sort()).toEqual([0, 10])
    const { rows } = await world.house.store.script('select * from recovery_codes where oid = $1', [citizen.oid])
    expect(rows).toHaveLength(10)
  })
})

test('two sessions at once do not add more devices than there may be', async () => {
  const citizen = await world.citizen()
  const browsers = [world.browser(), world.browser()]
  for (let n = 0; n < 4; n++) await addApp(world, citizen, browsers[0]!)
  await world.forgetAttempts()
  await enterCabinet(world, citizen, '/security/add/totp', browsers[0])
  await enterCabinet(world, citizen, '/security/add/totp', browsers[1])
  const forms = browsers.map((browser) =>
    prepare(browser, { code: appCode(shownKey(browser)), name: '' }, '/security/add/totp', world.origin),
  )
  expect(statuses(await two.raced(forms))).toEqual([303, 409])
  expect(await counted(citizen, 'totp')).toBe(5)
})

test('one removal is told once', async () => {
  await rounds(async (citizen) => {
    const browser = world.browser()
    await addApp(world, citizen, browser)
    const app = (await world.house.authenticators.list(citizen.oid)).find(({ kind }) => kind === 'totp')!.id
    await browser.open(`/security/totp/${app}/remove`)
    expect(statuses(await twice(browser, {}, '/remove'))).toEqual([303, 404])
    expect(await two.count(citizen, 'authenticator.removed')).toBe(1)
  })
})

async function counted({ oid }: Citizen, kind: string): Promise<number> {
  return (await world.house.authenticators.list(oid)).filter((one) => one.kind === kind).length
}
