import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../../browser-http.ts'
import { prepare, send } from '../../hostile/raw-http.ts'
import type { ActingParty } from '../../relying-party.ts'
import { saying } from '../../saying.ts'
import { enter, enterCode, signedIn } from '../../signing-in.ts'
import { type Citizen, startWorld, type World } from '../../world.ts'
import { type Ceremony, SoftKey } from './soft-key.ts'

const ADD = '/security/add/webauthn'
let world: World
let beside: World
let party: ActingParty
let citizen: Citizen

beforeAll(async () => {
  world = await startWorld()
  beside = await startWorld({ beside: world })
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
})
afterAll(async () => {
  await beside?.stop()
  await world?.stop()
})

/** A browser in a session as strong as the account can make it, on the page that adds a key. */
async function adding(person = citizen): Promise<Browser> {
  const browser = world.browser()
  await signedIn(world, { browser, party, citizen: person, parameters: { acr_values: 'aal2' } })
  await browser.open(world.origin + ADD)
  if (world.view !== 'factors/webauthn/enrol') throw new Error(`at ${world.view}`)
  return browser
}

function optionsOf({ page }: Browser): Ceremony & { readonly user: { readonly id: string } } {
  return JSON.parse((/data-options="([^"]*)"/.exec(page.html)?.[1] ?? '').replaceAll('&quot;', '"'))
}

const created = (browser: Browser) => new SoftKey(world.origin).create(optionsOf(browser))
const added = async (person = citizen) =>
  (await world.journal(person.oid)).filter(
    ({ type, fields }) => type === 'authenticator.added' && fields.kind === 'webauthn',
  )

describe('what the page refuses', () => {
  test('a session by password alone, where the account can do better: nothing is added by its form', async () => {
    const strong = await adding()
    const { hidden } = strong.form(ADD)
    const weak = world.browser()
    await enter(weak, party, citizen)
    await weak.open(`${world.origin}/requests`)
    const { hidden: own } = weak.form()
    const body = new URLSearchParams({ ...hidden, csrf: own.csrf ?? '', credential: created(strong), name: 'x' })
    await weak.post(ADD, body.toString())
    expect(world.view).toBe('login/code')
    expect(await added()).toEqual([])
  })

  test('an answer sent again, and the same one twice at once through two processes', async () => {
    const browser = await adding()
    const form = prepare(browser, { credential: created(browser), name: 'Ключ' }, ADD, world.origin)
    const answers = await Promise.all([world.listens, beside.listens].map((listens) => send(listens, form)))
    // Whoever comes later is refused, or asked for the key that the account has meanwhile.
    answers.push(await send(world.listens, form))
    const done = answers.filter(({ headers }) => headers.get('location')?.includes('/security?done=added'))
    expect(done).toHaveLength(1)
    expect(await added()).toHaveLength(1)
  })

  test('an answer to what another session was asked, of this account or another', async () => {
    const stranger = await world.citizen()
    const [here, there, theirs] = [await adding(), await adding(), await adding(stranger)]
    for (const other of [there, theirs]) {
      await here.submit({ credential: created(other), name: '' }, ADD)
      expect(here.page.status).toBe(422)
      expect(here.page.html).toMatch(saying('webauthn.expired'))
    }
    expect(await added()).toEqual([])
    expect(await added(stranger)).toEqual([])
  })

  test('an answer to what a sign-in asked, and one of another site', async () => {
    const browser = await adding()
    const key = new SoftKey(world.origin)
    await browser.submit({ credential: key.create({ ...optionsOf(browser), origin: 'http://localhost:3001' }) }, ADD)
    expect(browser.page.html).toMatch(saying('webauthn.wrong'))
    for (const credential of ['', '{}', 'nonsense', 'x'.repeat(30_000)]) {
      await browser.submit({ credential }, ADD)
      expect(browser.page.status).toBe(422)
    }
    expect(await added()).toEqual([])
  })

  test('a form from elsewhere', async () => {
    const browser = await adding()
    const credential = created(browser)
    await browser.post(ADD, new URLSearchParams({ credential, name: '' }).toString())
    expect(browser.page.status).toBe(403)
    expect(await added()).toEqual([])
  })
})

test('what is added is journalled, told to the owner, listed by its name, and wanted from then on', async () => {
  const browser = await adding()
  const before = world.sentTo(citizen.email)
  await browser.submit({ credential: created(browser), name: 'Рабочий ключ' }, ADD)
  expect(world.view).toBe('cabinet/security')
  expect(browser.page.html).toContain('Рабочий ключ')
  expect(await added()).toHaveLength(1)
  await world.message(citizen.email, before)
  // A hardware key that verifies its user reaches aal3, so that this session is not the strongest any more.
  await browser.open(ADD)
  expect(world.view).toBe('factors/webauthn/prove')
})

describe('inside a sign-in that asks for more than the account has', () => {
  test('a key is added and counts at once', async () => {
    const browser = world.browser()
    const before = world.sentTo(citizen.phone)
    await enter(browser, party, citizen, { acr_values: 'aal3' })
    expect(world.view).toBe('login/unmet')
    await browser.open(`${new URL(browser.page.url).pathname.split('/').slice(0, 3).join('/')}/enrol/webauthn`)
    expect(world.view).toBe('login/code')
    await enterCode(world, browser, citizen, before)
    expect(world.view).toBe('factors/webauthn/enrol')
    await browser.submit({ credential: created(browser), name: '' }, '/enrol/webauthn')
    await browser.submit({ decision: 'allow' }, '/consent')
    const { body } = await party.redeem(browser.callback.get('code')!)
    expect((await party.claims(body.id_token)).acr).toBe('aal3')
  })
})
