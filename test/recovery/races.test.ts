import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { cookiesOf, type Exchanged, exchange, type PreparedForm, prepare, send } from '../hostile/raw-http.ts'
import { startTwoProcesses, statuses, type TwoProcesses } from '../hostile/two-processes.ts'
import type { Citizen, World } from '../world.ts'
import { begin, mailedLink, matches, NEW_PASSWORD, proven, provenTwice, proveOther, withApp } from './acting.ts'

vi.setConfig({ testTimeout: 90_000 })

const ROUNDS = 5
const WRONG_IN_PARALLEL = 12
const TRIES = 5
const OTHER_PASSWORD = 'совсем другая чашка чая'

let two: TwoProcesses
let world: World

beforeAll(async () => {
  two = await startTwoProcesses()
  world = two.world
})
afterAll(() => two?.stop())
beforeEach(() => world.forgetAttempts())

/** Each with a person and a browser of its own. */
async function rounds(work: (citizen: Citizen, browser: Browser) => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    await work(await world.citizen(), world.browser())
    await world.forgetAttempts()
  }
}

/** Sends one form to both processes at once. */
const raced = (form: PreparedForm): Promise<Exchanged[]> => two.raced([form, form])

test('one code proves the contact once', async () => {
  await rounds(async (citizen, browser) => {
    await begin(browser, citizen.email)
    const code = await world.code(citizen.email)
    const answers = await raced(prepare(browser, { code }, '/recovery/code', world.origin))
    // The slower one finds its code used, or the page behind it already due.
    expect(statuses(answers)[0]).toBe(303)
    expect(await two.count(citizen, 'recovery.proven')).toBe(1)
  })
})

test('nor do the code and the link together', async () => {
  await rounds(async (citizen, browser) => {
    await begin(browser, citizen.email)
    const typed = prepare(browser, { code: await world.code(citizen.email) }, '/recovery/code', world.origin)
    await browser.open(await mailedLink(world, citizen.email))
    const pressed = prepare(browser, {}, new URL(browser.page.url).pathname, world.origin)
    await two.raced([typed, pressed])
    expect(await two.count(citizen, 'recovery.proven')).toBe(1)
  })
})

test('the code to the other contact counts once', async () => {
  await rounds(async (citizen, browser) => {
    await proven(world, browser, citizen.email)
    await browser.open('/recovery/further?with=code')
    await browser.submit({}, '/send')
    const code = await world.code(citizen.phone)
    await raced(prepare(browser, { code }, '/factor/code', world.origin))
    expect(await two.count(citizen, 'recovery.proven')).toBe(2)
  })
})

test('one code of an app lets one of two recoveries of the same account on', async () => {
  const citizen = await world.citizen()
  const appCode = await withApp(world, citizen)
  world.travel(120)
  const browsers = [world.browser(), world.browser()]
  await proven(world, browsers[0]!, citizen.email)
  await proven(world, browsers[1]!, citizen.phone)
  for (const browser of browsers) await browser.open('/recovery/further?with=totp')
  await Promise.all(browsers.map((browser) => browser.submit({ code: appCode() }, '/factor/totp')))
  for (const browser of browsers) await browser.open('/recovery/next')
  expect(browsers.map(({ page }) => new URL(page.url).pathname).sort()).toEqual([
    '/recovery/further',
    '/recovery/password',
  ])
})

test('of two new passwords at once one is in force', async () => {
  await rounds(async (citizen, browser) => {
    await provenTwice(world, browser, citizen)
    const forms = [NEW_PASSWORD, OTHER_PASSWORD].map((password) =>
      prepare(browser, { password }, '/recovery/password', world.origin),
    )
    await two.raced(forms)
    const inForce = await Promise.all([NEW_PASSWORD, OTHER_PASSWORD].map((one) => matches(world, citizen, one)))
    expect(inForce.filter(Boolean)).toHaveLength(1)
    expect(await two.count(citizen, 'password.changed')).toBe(1)
  })
})

test('of two weak recoveries at once one reset waits', async () => {
  await rounds(async (citizen) => {
    const browsers = [world.browser(), world.browser()]
    await proven(world, browsers[0]!, citizen.email)
    await proven(world, browsers[1]!, citizen.phone)
    for (const browser of browsers) await browser.submit({}, '/none')
    const forms = browsers.map((browser) => prepare(browser, { password: NEW_PASSWORD }, '/password', world.origin))
    await two.raced(forms)
    expect(await world.house.delayedChanges.waiting(citizen.oid)).toHaveLength(1)
  })
})

test('parallel guesses of a code are never more than its tries', async () => {
  await rounds(async (citizen, browser) => {
    await begin(browser, citizen.email)
    const code = await world.code(citizen.email)
    const wrong = await two.raced(
      Array.from({ length: WRONG_IN_PARALLEL }, (_, guess) => {
        const typed = String((Number(code) + 1 + guess) % 1_000_000).padStart(6, '0')
        return prepare(browser, { code: typed }, '/recovery/code', world.origin)
      }),
    )
    expect(statuses(wrong)).toEqual(wrong.map(() => 422))
    // Of the tries the last one says that there are no more.
    expect(wrong.filter(({ body }) => body.includes('осталось попыток'))).toHaveLength(TRIES - 1)
    const right = await send(world.listens, prepare(browser, { code }, '/recovery/code', world.origin))
    expect(right.status).toBe(422)
  })
})

test('a recovery goes on in another process', async () => {
  const citizen = await world.citizen()
  const browser = world.browser()
  await proven(world, browser, citizen.email)
  await proveOther(world, browser, citizen.phone)
  const answer = await exchange(two.both[1], {
    target: '/recovery/password',
    headers: { Cookie: cookiesOf(browser, '/recovery') },
  })
  expect(answer.status).toBe(200)
})
