import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addRecoveryCodes, enterCabinet } from '../../authenticators.ts'
import type { ActingParty } from '../../relying-party.ts'
import { saying } from '../../saying.ts'
import { enter, signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'
import { inCabinet, pathOf } from '../cabinet.ts'

const DAY = 86_400
const CLOSE = '/account/close'
const CLOSED = '/account/closed'
const WITHDRAWAL = '/account/withdrawal'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await world.relyingParty()
})
beforeEach(async () => {
  world.travel(DAY)
  citizen = await world.citizen()
})

const stateOf = async () => (await world.house.accounts.find(citizen.oid))?.state
const close = (cause: 'owner' | 'withdrawal' = 'owner') =>
  world.house.closing.close(citizen.oid, cause, { actor: 'owner', origin: 'test' })
const types = async () => (await world.journal(citizen.oid)).map(({ type }) => type)

const strongly = (path: string, browser = world.browser()) => enterCabinet(world, citizen, path, browser)

describe('an account stays open', () => {
  test('without the tick', async () => {
    const browser = await strongly(CLOSE)
    await browser.submit({}, CLOSE)
    expect(browser.page.status).toBe(422)
    expect(await stateOf()).toBe('active')
  })

  test('without the form of the page', async () => {
    const browser = await strongly(CLOSE)
    await browser.post(CLOSE, 'understood=yes')
    expect(browser.page.status).toBe(403)
    expect(await stateOf()).toBe('active')
  })

  test('when nothing but a link was opened', async () => {
    const browser = await strongly(CLOSE)
    for (const path of [CLOSE, `${CLOSE}?understood=yes`, WITHDRAWAL, '/closed']) await browser.open(path)
    expect(await stateOf()).toBe('active')
  })

  test('for 72 hours after a sign-in that could have been stronger, and its owner can stop that', async () => {
    const { delayedChanges } = world.house
    const weak = await world.citizen({ email: null })
    const one = await world.house.store.tx(async (tx) => {
      const owner = await world.house.ownerNotices.ownerOf(weak.oid)
      return delayedChanges.schedule(tx, owner, { kind: 'account.close', payload: { cause: 'owner' }, origin: 'x' })
    })
    expect(await delayedChanges.stop(weak.oid, one.id)).toBe(true)
    world.travel(3 * DAY + 1)
    await delayedChanges.applyDue()
    expect((await world.house.accounts.find(weak.oid))?.state).toBe('active')
  })
})

test('72 hours later it is closed as if at once', async () => {
  const { delayedChanges, store, ownerNotices } = world.house
  const { tokens } = await signedIn(world, { party, citizen })
  const owner = await ownerNotices.ownerOf(citizen.oid)
  const change = { kind: 'account.close', payload: { cause: 'owner' }, origin: 'x' }
  await store.tx((tx) => delayedChanges.schedule(tx, owner, change))
  world.travel(3 * DAY + 1)
  await delayedChanges.applyDue()
  expect(await stateOf()).toBe('closed')
  await world.house.closing.endDue()
  expect(await world.house.sessions.list(citizen.oid)).toEqual([])
  expect(await world.house.consents.of(citizen.oid)).toEqual([])
  expect((await party.refresh(tokens.refresh_token!)).status).toBe(400)
})

test('closing ends sessions, tokens and permissions at once, and tells the owner', async () => {
  const { tokens } = await signedIn(world, { party, citizen })
  expect((await party.userinfo(tokens.access_token)).status).toBe(200)
  const browser = await strongly(CLOSE)
  await browser.submit({ understood: 'yes' }, CLOSE)
  expect(pathOf(browser)).toBe('/closed')
  expect(browser.page.html).not.toContain(String(citizen.oid))
  expect(await stateOf()).toBe('closed')
  expect((await party.userinfo(tokens.access_token)).status).toBe(401)
  expect((await party.refresh(tokens.refresh_token!)).status).toBe(400)
  expect(await world.house.sessions.list(citizen.oid)).toEqual([])
  expect(await world.house.consents.of(citizen.oid)).toEqual([])
  // A notice of the new browser may come after it.
  await expect
    .poll(() => world.sent.flatMap(({ recipient, text }) => (recipient === citizen.email ? [text] : [])).join())
    .toMatch(/закрыта/)
  expect(await types()).toContain('account.closed')
})

describe('a closed account', () => {
  beforeEach(async () => {
    expect(await close()).toBeDefined()
  })

  test('is no more to a relying party than one that cannot be signed in to', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen)
    expect(browser.page.status).toBe(403)
    expect(browser.page.html).toMatch(saying('login.closed'))
    await browser.open(party.authorizationUrl({ prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('login_required')
  })

  test('tells nothing to whoever has the wrong password', async () => {
    const browser = world.browser()
    await enter(browser, party, { ...citizen, password: 'не тот пароль вовсе' })
    expect(browser.page.html).not.toMatch(saying('login.closed'))
    const stranger = world.browser()
    await enter(stranger, party, { ...citizen, phone: '+79169999999', password: 'не тот пароль вовсе' })
    expect(stranger.page.errors).toEqual(browser.page.errors)
    expect(stranger.page.status).toBe(browser.page.status)
  })

  test('shows nothing but the way back, whatever page is asked for', async () => {
    const browser = await inCabinet(world, citizen, '/account')
    expect(pathOf(browser)).toBe(CLOSED)
    for (const path of [
      '/account',
      '/settings',
      '/security',
      '/services',
      '/account/export',
      CLOSE,
      '/security/journal',
    ]) {
      await browser.open(path)
      expect([path, pathOf(browser), browser.page.status]).toEqual([path, CLOSED, 200])
    }
    const { csrf = '' } = browser.form(CLOSED).hidden
    for (const path of ['/settings', '/account/export', CLOSE, '/security/password'])
      await browser.post(
        path,
        new URLSearchParams({ csrf, format: 'json', locale: 'en', understood: 'yes' }).toString(),
      )
    expect(await stateOf()).toBe('closed')
    expect((await types()).filter((type) => type === 'account.exported')).toEqual([])
    // Nor is its session worth anything to a relying party.
    await browser.open(party.authorizationUrl({ prompt: 'none' }))
    expect(browser.callback.get('error')).not.toBeNull()
    expect(browser.callback.get('code')).toBeNull()
  })

  test('comes back by one button, with everything but the permissions', async () => {
    const browser = await inCabinet(world, citizen, '/account')
    await browser.submit({}, CLOSED)
    expect(world.view).toBe('cabinet/home')
    expect(await stateOf()).toBe('active')
    expect(await types()).toContain('account.reopened')
    const other = world.browser()
    await enter(other, party, citizen)
    expect(other.page.html).toContain('/consent')
  })

  test('comes back on day 29', async () => {
    world.travel(29 * DAY)
    const browser = await inCabinet(world, citizen, '/account')
    await browser.submit({}, CLOSED)
    expect(await stateOf()).toBe('active')
    world.travel(2 * DAY)
    await world.house.erasure.eraseDue()
    expect(await stateOf()).toBe('active')
  })

  test('does not come back on day 31, even while nobody has erased it yet', async () => {
    world.travel(31 * DAY)
    const browser = await inCabinet(world, citizen, '/account')
    expect(browser.page.html).toMatch(saying('leaving.return_late'))
    expect(() => browser.form(CLOSED)).toThrow()
    expect(await world.house.closing.reopen(citizen.oid, { actor: 'owner', origin: '' })).toBe(false)
    expect(await stateOf()).toBe('closed')
  })

  test('is told of a week before the erasure, once', async () => {
    const before = world.sentTo(citizen.email)
    world.travel(22 * DAY)
    await world.house.closing.warnDue()
    expect(world.sentTo(citizen.email)).toBe(before)
    world.travel(DAY + 60)
    await Promise.all([world.house.closing.warnDue(), world.house.closing.warnDue()])
    await world.house.closing.warnDue()
    expect((await world.message(citizen.email, before)).text).toMatch(/стёрты/)
    const { rows } = await world.house.store.script(
      `select 1 from messages where oid = $1 and kind = 'account_erasure_near'`,
      [citizen.oid],
    )
    expect(rows).toHaveLength(2)
  })
})

describe('a withdrawn consent to processing', () => {
  test('is kept with its time, and coming back takes a new one', async () => {
    await close('withdrawal')
    const agreements = async () =>
      (await world.house.store.db.selectFrom('agreements').select('kind').where('oid', '=', citizen.oid).execute()).map(
        ({ kind }) => kind,
      )
    expect(await agreements()).toContain('personal_data_withdrawn')
    const browser = await inCabinet(world, citizen, '/account')
    await browser.submit({}, CLOSED)
    expect(browser.page.status).toBe(422)
    expect(await stateOf()).toBe('closed')
    await browser.submit({ consent: 'yes' }, CLOSED)
    expect(await stateOf()).toBe('active')
  })

  test('takes data from services at once, even where the closing waits for 72 hours', async () => {
    const { tokens } = await signedIn(world, { party, citizen })
    const [recoveryCode = ''] = await addRecoveryCodes(world, citizen, world.browser())
    const browser = world.browser()
    await inCabinet(world, citizen, WITHDRAWAL, browser)
    await browser.open(`${browser.page.url.split('?')[0]}?with=recovery_code`)
    await browser.submit({ code: recoveryCode }, '/factor/recovery_code')
    expect(browser.page.html).toMatch(saying('leaving.weak'))
    await browser.submit({ understood: 'yes' }, WITHDRAWAL)
    expect(pathOf(browser)).toBe(WITHDRAWAL)
    expect(await world.house.consents.of(citizen.oid)).toEqual([])
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
    expect(await stateOf()).toBe('active')
    await browser.submit({}, `${WITHDRAWAL}/stop`)
    expect(browser.page.html).toMatch(saying('leaving.stopped'))
    expect(await world.house.delayedChanges.waiting(citizen.oid)).toEqual([])
  })
})
