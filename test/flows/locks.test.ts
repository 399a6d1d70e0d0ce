import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ANYWHERE, elsewhere, strangersGuess, tryPassword } from '../guessing.ts'
import type { ActingParty } from '../relying-party.ts'
import { SOME, saying } from '../saying.ts'
import { enter, enterCode, signedIn } from '../signing-in.ts'
import { type Citizen, startWorld, type World } from '../world.ts'

let world: World
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  world = await startWorld({ env: ANYWHERE })
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
})
afterAll(() => world.stop())

const LOCKED = saying('login.locked', { minutes: SOME })

/** Wrong passwords from everywhere until one is refused as locked. */
const guessUntilLocked = (who: Citizen) =>
  strangersGuess({ world, party, typed: { ...who, password: 'неверный пароль' } }, ({ html }) => LOCKED.test(html))

describe('wrong passwords', () => {
  test('five are free, then one has to wait, and the right password waits too', async () => {
    const browser = world.browser()
    const wrong = { ...citizen, password: 'неверный пароль' }
    for (let i = 0; i < 5; i++) expect((await enter(browser, party, wrong)).status).toBe(422)
    const page = await enter(browser, party, citizen)
    expect(page.status).toBe(429)
    expect(page.html).toMatch(saying('login.too_fast', { seconds: SOME }))
    expect(page.html).toContain(`value="${citizen.phone}"`)
    world.travel(3)
    await enter(browser, party, citizen)
    expect(world.view).toBe('login/consent')
  })

  test('a right password forgets the wrong ones', async () => {
    const wrong = { ...citizen, password: 'неверный пароль' }
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 4; i++) expect((await enter(world.browser(), party, wrong)).status).toBe(422)
      await enter(world.browser(), party, citizen)
      expect(world.view).toBe('login/consent')
    }
  })

  test('twenty in a row lock for a quarter of an hour; the owner is told once, and the journal has it', async () => {
    const { guesses, last } = await guessUntilLocked(citizen)
    expect(guesses).toBe(20)
    expect(last.status).toBe(429)
    const [sms, mail] = [await world.message(citizen.phone), await world.message(citizen.email)]
    expect(sms.text).toMatch(saying('message.password_locked'))
    expect(mail.text).toMatch(saying('message.password_locked.mail'))
    expect(world.sentTo(citizen.phone)).toBe(1)
    const types = (await world.journal(citizen.oid)).map((event) => event.type)
    expect(types.filter((type) => type === 'login.locked')).toHaveLength(1)
    expect(await world.journal(citizen.oid)).toContainEqual(
      expect.objectContaining({ type: 'factor.refused', fields: expect.objectContaining({ code: 'login.locked' }) }),
    )
    const locked = await enter(world.browser(), party, citizen)
    expect(locked.status).toBe(429)
    world.travel(15 * 60)
    await tryPassword(world.browser(), party, citizen)
    expect(world.view).toBe('login/consent')
  })

  test('the owner is told once a day, however often a stranger locks the account', async () => {
    await guessUntilLocked(citizen)
    await world.message(citizen.phone)
    world.travel(15 * 60)
    await tryPassword(world.browser({ address: elsewhere() }), party, { ...citizen, password: 'неверный пароль' })
    await vi.waitFor(async () => {
      const locks = (await world.journal(citizen.oid)).filter((event) => event.type === 'login.locked')
      expect(locks).toHaveLength(2)
    }, 10_000)
    expect(world.sentTo(citizen.phone)).toBe(1)
  })
  test('the owner who comes after a lock gets through all steps, whatever the counter says', async () => {
    await guessUntilLocked(citizen)
    world.travel(15 * 60)
    const browser = world.browser()
    const before = world.sentTo(citizen.phone)
    await tryPassword(browser, party, citizen, { acr_values: 'aal2' })
    await enterCode(world, browser, citizen, before)
    expect(world.view).toBe('login/consent')
  })

  test('an identifier that nobody holds locks after as many, with the same words', async () => {
    const { guesses, last } = await guessUntilLocked({ ...citizen, phone: '+79165555555' })
    expect(guesses).toBe(20)
    expect(last.status).toBe(429)
    expect(world.sentTo('+79165555555')).toBe(0)
  })

  test('a lock of the phone says nothing of the e-mail: nobody learns that they belong together', async () => {
    await guessUntilLocked(citizen)
    const byEmail = { ...citizen, phone: citizen.email, password: 'неверный пароль' }
    const page = await enter(world.browser(), party, byEmail)
    expect(page.status).toBe(422)
    expect(page.html).toMatch(saying('sign_in.wrong'))
  })
  test('a live session goes on while the sign-in is locked', async () => {
    const { browser } = await signedIn(world, { party, citizen })
    const wrong = { ...citizen, password: 'неверный пароль' }
    for (let i = 0; i < 6; i++) await enter(world.browser(), party, wrong)
    await browser.open(party.authorizationUrl())
    expect(browser.callback.get('code')).toBeTypeOf('string')
  })
})

describe.each(['blocked', 'closed', 'pending'] as const)('an account that is %s', (state) => {
  const put = () => world.house.store.db.updateTable('accounts').set({ state }).where('oid', '=', citizen.oid).execute()

  test('is told so after the right password, and not after a wrong one', async () => {
    await put()
    const wrong = await enter(world.browser(), party, { ...citizen, password: 'неверный пароль' })
    expect(wrong.status).toBe(422)
    const right = await enter(world.browser(), party, citizen)
    expect(right.status).toBe(403)
    expect(right.html).toMatch(saying(state === 'closed' ? 'login.closed' : 'login.not_active'))
  })

  test('gets nothing by tokens it had: no refresh, no userinfo', async () => {
    const { tokens } = await signedIn(world, { party, citizen })
    await put()
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
    const refreshed = await party.refresh(tokens.refresh_token!)
    expect(refreshed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('gets nothing by its live session', async () => {
    const { browser } = await signedIn(world, { party, citizen })
    await put()
    await browser.open(party.authorizationUrl({ prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('login_required')
    await browser.open(party.authorizationUrl())
    expect(world.view).toBe('login/password')
    const page = await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    expect(page.status).toBe(403)
    await browser.open(party.authorizationUrl({ acr_values: 'aal2' }))
    expect(world.view).toBe('login/password')
  })

  test('cannot finish a sign-in that it was in the midst of', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen)
    await put()
    await browser.submit({ decision: 'allow' }, '/consent')
    expect(browser.page.html).not.toContain('code=')
    expect(browser.page.status).toBeLessThan(500)
    const code = browser.page.url.startsWith(world.origin) ? null : browser.callback.get('code')
    expect(code).toBeNull()
  })
})
