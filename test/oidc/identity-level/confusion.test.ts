import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../../browser-http.ts'
import { prove, unprove } from '../../proving.ts'
import type { ActingParty } from '../../relying-party.ts'
import { enter, signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** The step that asks for a level belongs to one person: nobody waits, is let in or learns in the place of another. */

const world = worldOfFile({ env: { SIGNAL_MANY_ACCOUNTS: 'off' } })
let plain: ActingParty
let strict: ActingParty
let low: Citizen
let proven: Citizen
beforeAll(async () => {
  plain = await world.relyingParty()
  strict = await world.relyingParty({ minimum_identity_level: 'standard' })
})
beforeEach(async () => {
  low = await world.citizen()
  proven = await world.citizen()
  await prove(world, proven, 'standard')
})

const waiting = async () =>
  (await world.house.store.db.selectFrom('awaited_levels').select('oid').execute()).map(({ oid }) => oid)
const essential = JSON.stringify({ id_token: { identity_level: { essential: true, value: 'standard' } } })

/** Somebody else takes over the browser, whose tab with the step stays open. */
async function takenOver(browser: Browser, by: Citizen) {
  await browser.open('/oauth2/logout')
  await browser.submit({ logout: 'yes' })
  await signedIn(world, { browser, party: plain, citizen: by })
}

describe('where somebody else signs in while the step is open', () => {
  test('the former person is not let in on their level', async () => {
    const browser = world.browser()
    const { url } = await enter(browser, strict, low)
    await takenOver(browser, proven)
    await browser.open(url)
    expect(world.view).not.toBe('login/consent')
    expect(browser.page.html).not.toContain('/consent')
  })
  test('the form of the step makes nobody wait', async () => {
    const browser = world.browser()
    const { url } = await enter(browser, strict, low)
    const { csrf = '' } = browser.form('/identity').hidden
    await takenOver(browser, proven)
    await browser.post(`${new URL(url).pathname}/identity`, new URLSearchParams({ csrf, way: 'end' }).toString())
    expect(await waiting()).not.toContain(proven.oid)
    expect(await waiting()).not.toContain(low.oid)
  })
  test('the step of one browser opens in no other', async () => {
    const browser = world.browser()
    const { url } = await enter(browser, strict, low)
    const another = world.browser()
    await signedIn(world, { browser: another, party: plain, citizen: proven })
    expect((await another.open(url)).status).toBe(400)
  })
})

describe('without a page', () => {
  test('a client to which nobody agreed does not learn who has the level', async () => {
    for (const citizen of [low, proven]) {
      const { browser } = await signedIn(world, { party: plain, citizen })
      for (const party of [strict, await world.relyingParty()]) {
        await browser.open(party.authorizationUrl({ claims: essential, prompt: 'none' }))
        expect(browser.callback.get('error')).toBe('consent_required')
      }
    }
  })
  test('a level that is lost is interaction_required', async () => {
    const { browser } = await signedIn(world, { party: strict, citizen: proven })
    await unprove(world, proven)
    await browser.open(strict.authorizationUrl({ prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('interaction_required')
  })
  test('an essential level that the account lacks is interaction_required', async () => {
    const voluntary = JSON.stringify({ id_token: { identity_level: null } })
    const { browser } = await signedIn(world, { party: plain, citizen: low, parameters: { claims: voluntary } })
    await browser.open(plain.authorizationUrl({ claims: essential, prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('interaction_required')
  })
  test('a sign-in that is too old, or of somebody else than the hint names, comes first: login_required', async () => {
    const { tokens } = await signedIn(world, { party: plain, citizen: proven })
    const { browser } = await signedIn(world, { party: plain, citizen: low })
    const asked = { claims: essential, prompt: 'none' }
    await browser.open(plain.authorizationUrl({ ...asked, id_token_hint: tokens.id_token }))
    expect(browser.callback.get('error')).toBe('login_required')
    await browser.open(plain.authorizationUrl({ ...asked, max_age: '0' }))
    expect(browser.callback.get('error')).toBe('login_required')
  })
})

test('whoever signs in instead of the person that the hint names is told of no level', async () => {
  const { tokens } = await signedIn(world, { party: plain, citizen: proven })
  const browser = world.browser()
  await enter(browser, plain, low, { claims: essential, id_token_hint: tokens.id_token })
  expect(browser.callback.get('error')).toBe('login_required')
  expect(await waiting()).not.toContain(low.oid)
})
