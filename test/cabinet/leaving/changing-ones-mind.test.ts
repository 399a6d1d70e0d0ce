import { beforeEach, describe, expect, test, vi } from 'vitest'
import { addRecoveryCodes } from '../../authenticators.ts'
import type { Browser } from '../../browser-http.ts'
import { asked, cibaClient, fetchResult } from '../../oidc/ciba/acting-client.ts'
import { enter, signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'
import { inCabinet, pathOf } from '../cabinet.ts'

/** What waits, who may take a closing back, and what two answers at once do. */

const DAY = 86_400
const CLOSE = '/account/close'
const CLOSED = '/account/closed'
const WITHDRAWAL = '/account/withdrawal'
const owner = { actor: 'owner', origin: 'test' } as const

const world = worldOfFile()
let citizen: Citizen
beforeEach(async () => {
  world.travel(DAY)
  citizen = await world.citizen()
})

const stateOf = async () => (await world.house.accounts.find(citizen.oid))?.state
const waiting = async () =>
  (await world.house.delayedChanges.waiting(citizen.oid)).filter(({ kind }) => kind === 'account.close')
const kinds = async () =>
  (await world.house.store.db.selectFrom('agreements').select('kind').where('oid', '=', citizen.oid).execute()).map(
    ({ kind }) => kind,
  )

/** Among the messages to the phone after the first so many, whatever else is told meanwhile. */
const approvalLink = (after: number) =>
  vi.waitFor(
    () => {
      const texts = world.sent.filter(({ recipient }) => recipient === citizen.phone).map(({ text }) => text)
      const link = texts.slice(0, texts.length - after).map((text) => /http\S+\/approve\/[\w-]+/.exec(text)?.[0])
      return link.find((one) => one !== undefined) ?? Promise.reject(new Error('no link'))
    },
    { timeout: 5_000, interval: 10 },
  )

/** Signed in by a recovery code, which closes nothing at once. */
async function weakly(path: string): Promise<Browser> {
  const [recoveryCode = ''] = await addRecoveryCodes(world, citizen, world.browser())
  const browser = world.browser()
  await inCabinet(world, citizen, path, browser)
  await browser.open(`${browser.page.url.split('?')[0]}?with=recovery_code`)
  await browser.submit({ code: recoveryCode }, '/factor/recovery_code')
  return browser
}

describe('whoever has the password alone', () => {
  test('of an account with two factors closes nothing, nor withdraws a consent, now or later', async () => {
    const browser = await inCabinet(world, citizen, '/settings')
    const { csrf = '' } = browser.form('/settings').hidden
    for (const path of [CLOSE, WITHDRAWAL]) {
      await browser.post(path, new URLSearchParams({ csrf, understood: 'yes' }).toString())
      expect(browser.page.html).toContain('/factor/code')
    }
    expect([await stateOf(), await waiting()]).toEqual(['active', []])
  })
})

describe('a closing that waits for 72 hours', () => {
  test('is asked for once by two clicks at once', async () => {
    const browser = await weakly(CLOSE)
    const { hidden } = browser.form(CLOSE)
    const body = new URLSearchParams({ ...hidden, understood: 'yes' }).toString()
    await Promise.all([browser.post(CLOSE, body), browser.post(CLOSE, body)])
    expect(await waiting()).toHaveLength(1)
  })

  test('keeps a withdrawn consent withdrawn, although a closing waited already', async () => {
    const browser = await weakly(CLOSE)
    await browser.submit({ understood: 'yes' }, CLOSE)
    await browser.open(WITHDRAWAL)
    await browser.submit({ understood: 'yes' }, WITHDRAWAL)
    world.travel(3 * DAY + 1)
    await world.house.delayedChanges.applyDue()
    expect(await stateOf()).toBe('closed')
    expect(await kinds()).toContain('personal_data_withdrawn')
  })

  test('does not close an account again that its owner has taken back meanwhile', async () => {
    const browser = await weakly(CLOSE)
    await browser.submit({ understood: 'yes' }, CLOSE)
    await world.house.closing.close(citizen.oid, 'owner', owner)
    expect(await world.house.closing.reopen(citizen.oid, owner)).toBe(true)
    expect(await waiting()).toEqual([])
    world.travel(3 * DAY + 1)
    await world.house.delayedChanges.applyDue()
    expect(await stateOf()).toBe('active')
  })
})

describe('a closed account', () => {
  test('whose owner presses the button twice shows the account, and not that it is too late', async () => {
    await world.house.closing.close(citizen.oid, 'owner', owner)
    const browser = await inCabinet(world, citizen, '/account')
    const body = new URLSearchParams(browser.form(CLOSED).hidden).toString()
    await world.house.closing.reopen(citizen.oid, owner)
    await browser.post(CLOSED, body)
    expect(pathOf(browser)).toBe('/account')
  })

  test('of two answers at once is taken back once', async () => {
    await world.house.closing.close(citizen.oid, 'owner', owner)
    const { reopen } = world.house.closing
    const answers = await Promise.all([reopen(citizen.oid, owner), reopen(citizen.oid, owner)])
    expect(answers.filter(Boolean)).toHaveLength(1)
    expect(await stateOf()).toBe('active')
  })

  test('without a consent to processing is taken back by nobody but its owner', async () => {
    await world.house.closing.close(citizen.oid, 'withdrawal', owner)
    const agreedAt = await kinds()
    expect(await world.house.closing.reopen(citizen.oid, { ...owner, actor: 'cli' })).toBe(false)
    expect([await stateOf(), await kinds()]).toEqual(['closed', agreedAt])
    expect(await world.house.closing.reopen(citizen.oid, owner)).toBe(true)
  })

  test('that is taken back opens to no token from before, offline access and back-channel requests included', async () => {
    const party = await world.relyingParty()
    const caller = await cibaClient(world)
    const scope = 'openid profile offline_access'
    const { tokens } = await signedIn(world, { party, citizen, parameters: { scope, prompt: 'consent' } })
    const approved = async () => {
      world.travel(61)
      const before = world.sentTo(citizen.phone)
      const request = await asked(world, caller, { login_hint: citizen.phone, scope })
      const browser = world.browser()
      await browser.open(await approvalLink(before))
      await browser.submit({ code: await world.code(citizen.phone, before), decision: 'approve' })
      return request
    }
    const { body } = await fetchResult(caller, await approved())
    const unfetched = await approved()
    await world.house.closing.close(citizen.oid, 'owner', owner)
    expect(await world.house.closing.reopen(citizen.oid, owner)).toBe(true)
    expect((await party.refresh(tokens.refresh_token!)).body).toMatchObject({ error: 'invalid_grant' })
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
    expect((await caller.refresh(body.refresh_token!)).body).toMatchObject({ error: 'invalid_grant' })
    expect((await fetchResult(caller, unfetched)).body).toMatchObject({ error: 'invalid_grant' })
  })

  test('gives nothing to a sign-in that was finished before, even when it is open again', async () => {
    const party = await world.relyingParty()
    const browser = world.browser()
    await enter(browser, party, citizen)
    const consent = browser.form('/consent')
    await world.house.closing.close(citizen.oid, 'owner', owner)
    await browser.post(consent.action, new URLSearchParams({ ...consent.hidden, decision: 'allow' }).toString())
    expect(browser.page.url).not.toContain('code=')
    await world.house.closing.reopen(citizen.oid, owner)
    await browser.post(consent.action, new URLSearchParams({ ...consent.hidden, decision: 'allow' }).toString())
    expect(browser.page.url).not.toContain('code=')
    expect(await world.house.consents.of(citizen.oid)).toEqual([])
  })
})
