import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { Statement } from '#src/store/statement.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter, signedIn } from '../signing-in.ts'
import { worldOfFile } from '../world.ts'

const world = worldOfFile()
let party: ActingParty
beforeAll(async () => {
  party = await world.relyingParty()
})
afterEach(() => vi.restoreAllMocks())

/** The next write of a unit of work (with such a part in it) fails, as when the database goes away between the reads and the flush. */
function failNextFlush(part = ''): void {
  const { store } = world.house
  const run = store.run.bind(store)
  let failed = false
  vi.spyOn(store, 'run').mockImplementation(async <Row>(statement: Statement, values: readonly unknown[]) => {
    if (failed || !statement.name.startsWith('unit') || !statement.name.includes(part))
      return run<Row>(statement, values)
    failed = true
    throw new Error('the connection was lost')
  })
}

test('a sign-in that could not be stored answers 503 without its redirect and cookies, and can be repeated', async () => {
  const citizen = await world.citizen()
  const browser = world.browser()
  await browser.open(party.authorizationUrl())
  failNextFlush()
  const form = browser.form('/identify')
  const answers = { identifier: citizen.phone, password: citizen.password }
  const page = await browser.submit(answers, '/identify')
  expect(page.status).toBe(503)
  expect(page.headers.location).toBeUndefined()
  expect(page.headers['set-cookie']).toBeUndefined()
  expect(page.html).not.toContain('connection was lost')
  expect(await world.journal(citizen.oid)).toEqual([])
  await browser.post(form.action, new URLSearchParams({ ...form.hidden, ...answers }).toString())
  expect(world.view).toBe('login/consent')
})

test('a request for a sign-in that could not be stored does not send the browser on', async () => {
  failNextFlush()
  const page = await world.browser().open(party.authorizationUrl())
  expect(page.status).toBe(503)
  expect(page.headers['set-cookie']).toBeUndefined()
})

test('tokens that could not be stored are not handed out, and the code is still good', async () => {
  const citizen = await world.citizen()
  const browser = world.browser()
  await enter(browser, party, citizen)
  await browser.submit({ decision: 'allow' }, '/consent')
  const code = browser.callback.get('code')!
  failNextFlush()
  const { status, body } = await party.redeem(code)
  expect(status).toBe(503)
  expect(JSON.stringify(body)).not.toContain('access_token')
  expect((await party.redeem(code)).status).toBe(200)
})

test('a refresh that could not be stored leaves the old token good', async () => {
  const { tokens } = await signedIn(world, { party, citizen: await world.citizen() })
  failNextFlush()
  expect((await party.refresh(tokens.refresh_token!)).status).toBe(503)
  expect((await party.refresh(tokens.refresh_token!)).status).toBe(200)
})

test('two redemptions of one code at the same time: one wins, then the grant is dead', async () => {
  const citizen = await world.citizen()
  const browser = world.browser()
  await enter(browser, party, citizen)
  await browser.submit({ decision: 'allow' }, '/consent')
  const code = browser.callback.get('code')!
  const answers = await Promise.all([party.redeem(code), party.redeem(code)])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  const won = answers.find(({ status }) => status === 200)!
  expect((await party.userinfo(won.body.access_token)).status).toBe(401)
  expect((await party.refresh(won.body.refresh_token!)).status).toBe(400)
})

test('two refreshes at the same time: one wins and goes on', async () => {
  const { tokens } = await signedIn(world, { party, citizen: await world.citizen() })
  const answers = await Promise.all([party.refresh(tokens.refresh_token!), party.refresh(tokens.refresh_token!)])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  const won = answers.find(({ status }) => status === 200)!
  expect((await party.userinfo(won.body.access_token)).status).toBe(200)
  expect((await party.refresh(won.body.refresh_token!)).status).toBe(200)
})

test('a second redemption whose revocation could not be stored answers 503; the next one revokes', async () => {
  const citizen = await world.citizen()
  const browser = world.browser()
  await enter(browser, party, citizen)
  await browser.submit({ decision: 'allow' }, '/consent')
  const code = browser.callback.get('code')!
  failNextFlush('revoke')
  const answers = await Promise.all([party.redeem(code), party.redeem(code)])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 503])
  const won = answers.find(({ status }) => status === 200)!
  expect((await party.redeem(code)).status).toBe(400)
  expect((await party.userinfo(won.body.access_token)).status).toBe(401)
})
