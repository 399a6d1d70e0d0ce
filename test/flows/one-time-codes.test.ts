import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { SOME, saying } from '../saying.ts'
import { enter, enterCode, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await world.relyingParty({ minimum_acr: 'aal2' })
})
beforeEach(async () => {
  citizen = await world.citizen()
})

async function atCode(): Promise<Browser> {
  const browser = world.browser()
  await enter(browser, party, citizen)
  expect(world.view).toBe('login/code')
  return browser
}
const answer = (browser: Browser, code: string) => browser.submit({ code }, '/factor/code')
const resend = (browser: Browser) => browser.submit({}, '/factor/code/resend')
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

describe('is refused:', () => {
  test('a wrong code, with the tries that are left; the fifth was the last, then the right one is late', async () => {
    const browser = await atCode()
    const code = await world.code(citizen.phone)
    for (const left of [4, 3, 2, 1]) {
      const page = await answer(browser, other(code))
      expect(page.status).toBe(422)
      expect(page.errors[0]).toMatch(saying('code.wrong', { left }))
    }
    expect((await answer(browser, other(code))).errors[0]).toMatch(saying('code.exhausted'))
    const late = await answer(browser, code)
    expect(late.status).toBeGreaterThanOrEqual(400)
    expect(world.view).toBe('login/code')
  })

  test.each(['', '12345', '1234567', 'abcdef', '１２３４５６', "1' or 1"])(
    '%j, which is no code and costs no try',
    async (typed) => {
      const browser = await atCode()
      const code = await world.code(citizen.phone)
      expect((await answer(browser, typed)).status).toBe(422)
      const { tries } = await world.house.store.db
        .selectFrom('codes')
        .select('tries')
        .orderBy('sent_at', 'desc')
        .executeTakeFirstOrThrow()
      expect(tries).toBe(0)
      await answer(browser, code)
      expect(world.view).toBe('login/consent')
    },
  )

  test('a code that was used, in another tab of the same sign-in', async () => {
    const browser = await atCode()
    const form = browser.form('/factor/code')
    const code = await world.code(citizen.phone)
    await answer(browser, code)
    expect(world.view).toBe('login/consent')
    await browser.post(form.action, new URLSearchParams({ ...form.hidden, code }).toString())
    expect(world.view).toBe('login/consent')
  })

  test('the code of one sign-in, in another one of the same person', async () => {
    const first = await atCode()
    const code = await world.code(citizen.phone)
    world.travel(61)
    const second = await atCode()
    await world.code(citizen.phone, 1)
    await answer(second, code)
    expect(world.view).toBe('login/code')
    await answer(first, code)
    expect(world.view).toBe('login/consent')
  })

  test('the code of another person', async () => {
    const stranger = await world.citizen()
    const theirs = world.browser()
    await enter(theirs, party, stranger)
    const mine = await atCode()
    await world.code(citizen.phone)
    await answer(mine, await world.code(stranger.phone))
    expect(world.view).toBe('login/code')
  })

  test('a code older than five minutes', async () => {
    const browser = await atCode()
    const code = await world.code(citizen.phone)
    world.travel(301)
    const page = await answer(browser, code)
    expect(page.errors[0]).toMatch(saying('code.expired'))
  })

  test('a code that a newer one replaced', async () => {
    const browser = await atCode()
    const code = await world.code(citizen.phone)
    world.travel(61)
    await resend(browser)
    const newer = await world.code(citizen.phone, 1)
    if (newer !== code) {
      await answer(browser, code)
      expect(world.view).toBe('login/code')
    }
    await answer(browser, newer)
    expect(world.view).toBe('login/consent')
  })

  test('a new code within a minute; after it there is one, with five tries of its own', async () => {
    const browser = await atCode()
    const code = await world.code(citizen.phone)
    for (let i = 0; i < 5; i++) await answer(browser, other(code))
    const page = await resend(browser)
    expect(page.errors[0]).toMatch(saying('code.too_soon', { seconds: SOME }))
    expect(world.sentTo(citizen.phone)).toBe(1)
    world.travel(61)
    await resend(browser)
    await answer(browser, await world.code(citizen.phone, 1))
    expect(world.view).toBe('login/consent')
  })

  test('an action of the page that does not exist', async () => {
    const browser = await atCode()
    const form = browser.form('/factor/code')
    const page = await browser.post(`${form.action}/destroy`, new URLSearchParams(form.hidden).toString())
    expect(page.status).toBeLessThan(500)
    expect(world.view).toBe('login/code')
  })
})

test('a second sign-in within the pause is told to wait, and may use the way back', async () => {
  await atCode()
  const second = await atCode()
  // Not that the last code was sent a moment ago: it is the first one's and would be refused here.
  expect(second.page.errors[0]).toMatch(saying('code.sent_elsewhere', { seconds: SOME }))
  expect(world.sentTo(citizen.phone)).toBe(1)
  await answer(second, await world.code(citizen.phone))
  expect(world.view).toBe('login/code')
})

test('ten codes a day go to one phone, and no more', async () => {
  const browser = await atCode()
  for (let sent = 1; sent < 10; sent++) {
    await world.code(citizen.phone, sent - 1)
    world.travel(61)
    await resend(browser)
  }
  await world.code(citizen.phone, 9)
  world.travel(61)
  const page = await resend(browser)
  expect(page.errors[0]).toMatch(saying('code.too_many'))
  expect(world.sentTo(citizen.phone)).toBe(10)
  world.travel(86_400)
  await atCode()
  await world.code(citizen.phone, 10)
})

test('the code may be typed with spaces, and the page shows only the end of the number', async () => {
  const browser = await atCode()
  const { html } = browser.page
  expect(html).not.toContain(citizen.phone)
  expect(html).not.toContain(citizen.phone.slice(2, 8))
  expect(html).toMatch(/autocomplete="one-time-code"/)
  const code = await world.code(citizen.phone)
  await answer(browser, ` ${code.slice(0, 3)}\u00a0${code.slice(3)} `)
  expect(world.view).toBe('login/consent')
})

test('the database holds no code in the clear', async () => {
  await atCode()
  const code = await world.code(citizen.phone)
  const rows = await world.house.store.db.selectFrom('codes').selectAll().execute()
  expect(JSON.stringify(rows.map((row) => row.digest))).not.toContain(code)
})

test('whoever has used a code need not wait for the next one, as in a step-up right after a sign-in', async () => {
  const { browser } = await signedIn(world, { party, citizen, parameters: { acr_values: 'aal2' } })
  const before = world.sentTo(citizen.phone)
  await browser.open(party.authorizationUrl({ acr_values: 'aal2', prompt: 'login' }))
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  await enterCode(world, browser, citizen, before)
  expect(browser.callback.get('code')).toBeTypeOf('string')
})
