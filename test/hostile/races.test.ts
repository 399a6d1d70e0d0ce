import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { CONSENT_VERSION } from '#src/registration/consent.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter, signedIn } from '../signing-in.ts'
import type { Citizen, World } from '../world.ts'
import { type Exchanged, type PreparedForm, prepare, send } from './raw-http.ts'
import { newcomer, register } from './registering.ts'
import { startTwoProcesses, statuses, type TwoProcesses } from './two-processes.ts'

// All rounds together take a second or two, and many times that on a machine that is busy with other things.
vi.setConfig({ testTimeout: 90_000 })

const ROUNDS = 8
const WRONG_IN_PARALLEL = 12
const TRIES = 5

let two: TwoProcesses
let world: World
let party: ActingParty

beforeAll(async () => {
  two = await startTwoProcesses()
  world = two.world
  party = await world.relyingParty()
})
afterAll(() => two?.stop())
// All rounds come from one address; what it may do in an hour is the business of other tests.
beforeEach(() => world.forgetAttempts())

async function rounds(work: (round: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) await work(round)
}

/** Sends one form to both processes at once. */
const raced = (form: PreparedForm): Promise<Exchanged[]> => two.raced([form, form])

test('of two redeemers of one code one gets tokens, and then the grant is dead', async () => {
  const citizen = await world.citizen()
  await rounds(async () => {
    const { browser } = await signedIn(world, { party, citizen })
    await browser.open(party.authorizationUrl())
    const code = browser.callback.get('code')!
    const answers = await Promise.all(two.both.map((listens) => party.redeem(code, {}, listens)))
    expect(statuses(answers)).toEqual([200, 400])
    const won = answers.find(({ status }) => status === 200)!.body
    expect(answers.find(({ status }) => status === 400)!.body).toMatchObject({ error: 'invalid_grant' })
    expect((await party.userinfo(won.access_token)).status).toBe(401)
    expect(await party.refresh(won.refresh_token!)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })
})

test('of two refreshes of one token one succeeds, and its tokens work', async () => {
  const citizen = await world.citizen()
  let { tokens } = await signedIn(world, { party, citizen })
  await rounds(async () => {
    const answers = await Promise.all(two.both.map((listens) => party.refresh(tokens.refresh_token!, {}, listens)))
    expect(statuses(answers)).toEqual([200, 400])
    expect(answers.find(({ status }) => status === 400)!.body).toMatchObject({ error: 'invalid_grant' })
    tokens = answers.find(({ status }) => status === 200)!.body
    expect((await party.userinfo(tokens.access_token)).status).toBe(200)
  })
  expect((await party.refresh(tokens.refresh_token!)).status).toBe(200)
})

test('one SMS code lets a sign-in pass once', async () => {
  await rounds(async () => {
    const citizen = await world.citizen()
    const browser = world.browser()
    await enter(browser, party, citizen, { acr_values: 'aal2' })
    const code = await world.code(citizen.phone)
    const answers = await raced(prepare(browser, { code }, '/factor/code', world.origin))
    // The slower one finds its code used, or the page behind it already due.
    expect(statuses(answers)[0]).toBe(303)
    expect([303, 422]).toContain(statuses(answers)[1])
    expect(await passes(citizen)).toBe(1)
  })
})

test('one SMS code confirms a phone of a registration once', async () => {
  await rounds(async (round) => {
    const phone = phoneOf(1_000 + round)
    const browser = world.browser()
    await register(world, browser, { ...newcomer, phone }, '/registration/phone-code')
    const before = await draftVersions()
    const form = prepare(browser, { code: await world.code(phone) }, '/phone-code', world.origin)
    const answers = await raced(form)
    expect(statuses(answers)[0]).toBe(303)
    expect([303, 422]).toContain(statuses(answers)[1])
    expect(await draftVersions()).toBe(before + 1)
    await world.forgetAttempts()
  })
})

test('the last button of a registration pressed twice makes one account', async () => {
  await rounds(async (round) => {
    const browser = world.browser()
    await register(world, browser, fresh(2_000 + round), '/registration/check')
    const before = await accounts()
    const answers = await raced(lastForm(browser))
    expect(statuses(answers)).toEqual([303, 303])
    expect(answers.map(({ headers }) => headers.get('location'))).toEqual([
      ['/registration/done'],
      ['/registration/done'],
    ])
    expect(await accounts()).toBe(before + 1)
    await world.forgetAttempts()
  })
})

test('of two registrations with one phone one gets the account, the other the page that says so', async () => {
  await rounds(async (round) => {
    const browsers = [world.browser(), world.browser()]
    for (const browser of browsers) {
      await register(world, browser, fresh(3_000 + round), '/registration/check')
      await world.forgetAttempts()
    }
    const before = await accounts()
    const forms = browsers.map(lastForm)
    const answers = await two.raced(forms)
    expect(answers.map(({ headers }) => headers.get('location')?.[0]).sort()).toEqual([
      '/registration/clash',
      '/registration/done',
    ])
    expect(await accounts()).toBe(before + 1)
  })
})

test('parallel guesses of an SMS code are never more than its tries', async () => {
  await rounds(async (round) => {
    const phone = phoneOf(4_000 + round)
    const browser = world.browser()
    await register(world, browser, { ...newcomer, phone }, '/registration/phone-code')
    const code = await world.code(phone)
    const wrong = await guesses(WRONG_IN_PARALLEL, (guess) =>
      prepare(browser, { code: otherThan(code, guess) }, '/phone-code', world.origin),
    )
    expect(statuses(wrong)).toEqual(wrong.map(() => 422))
    // Of the tries the last one says that there are no more.
    expect(wrong.filter(({ body }) => body.includes('осталось попыток'))).toHaveLength(TRIES - 1)
    const right = await send(world.listens, prepare(browser, { code }, '/phone-code', world.origin))
    expect(right.status).toBe(422)
    await world.forgetAttempts()
  })
})

test('parallel guesses of a password are never more than are free', async () => {
  await rounds(async () => {
    const citizen = await world.citizen()
    const browsers = await Promise.all(
      Array.from({ length: WRONG_IN_PARALLEL }, async () => {
        const browser = world.browser()
        await browser.open(party.authorizationUrl())
        return browser
      }),
    )
    const typed = (password: string) => ({ identifier: citizen.phone, password })
    const answers = await guesses(WRONG_IN_PARALLEL, (guess) =>
      prepare(browsers[guess]!, typed(`wrong ${guess}`), '/identify', world.origin),
    )
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(TRIES)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(WRONG_IN_PARALLEL - TRIES)
    const refused = (await world.journal(citizen.oid)).filter(({ fields }) => fields.code === 'sign_in.wrong')
    expect(refused).toHaveLength(TRIES)
    const right = await send(world.listens, prepare(browsers[0]!, typed(citizen.password), '/identify', world.origin))
    expect(right.status).toBe(429)
    await world.forgetAttempts()
  })
})

function guesses(count: number, form: (guess: number) => PreparedForm): Promise<Exchanged[]> {
  return two.raced(Array.from({ length: count }, (_, guess) => form(guess)))
}

function otherThan(code: string, by: number): string {
  return String((Number(code) + 1 + by) % 1_000_000).padStart(6, '0')
}

function lastForm(browser: Parameters<typeof prepare>[0]): PreparedForm {
  return prepare(browser, { consent: CONSENT_VERSION }, '/registration/check', world.origin)
}

const phoneOf = (n: number) => `+7926${String(2_000_000 + n)}`
/** A person nobody has seen yet, without e-mail. */
function fresh(n: number) {
  const { email: _none, ...person } = newcomer
  return { ...person, phone: phoneOf(n) }
}

async function passes({ oid }: Citizen): Promise<number> {
  const events = await world.journal(oid)
  return events.filter(({ type, fields }) => type === 'factor.passed' && fields.kind === 'code').length
}

async function accounts(): Promise<number> {
  const { db } = world.house.store
  const { count } = await db
    .selectFrom('accounts')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function draftVersions(): Promise<number> {
  const { db } = world.house.store
  const { sum } = await db
    .selectFrom('drafts')
    .select(({ fn }) => fn.sum<string>('version').as('sum'))
    .executeTakeFirstOrThrow()
  return Number(sum)
}
