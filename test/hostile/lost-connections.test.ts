import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONSENT_VERSION } from '#src/registration/consent.ts'
import type { Browser } from '../browser-http.ts'
import type { ActingParty, Answer, Tokens } from '../relying-party.ts'
import { signedIn } from '../signing-in.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { type PreparedForm, prepare, send } from './raw-http.ts'
import { newcomer, register } from './registering.ts'

const STORM_MS = 5_000
const EVERY_MS = 200
const REGISTRATIONS = 12

let world: World
let killer: pg.Client
let storming = false
const unhandled: unknown[] = []
const noteUnhandled = (fault: unknown) => void unhandled.push(fault)

/** Tokens and whose they are. */
interface Held {
  readonly party: ActingParty
  readonly tokens: Tokens
}

/** A browser with a live session; each has a relying party of its own, which remembers one request at a time. */
interface Seat {
  readonly browser: Browser
  readonly party: ActingParty
}

/** What was answered with success while connections were being cut. */
const acknowledged = { tokens: [] as Held[], families: [] as Held[], registered: [] as string[] }
/** Everything else that was answered. */
const refusals: { where: string; status: number; error: string }[] = []

beforeAll(async () => {
  process.on('unhandledRejection', noteUnhandled)
  world = await startWorld()
  killer = new pg.Client({ connectionString: world.databaseUrl, application_name: 'killer' })
  await killer.connect()
})
afterAll(async () => {
  await killer?.end()
  await world?.stop()
  process.off('unhandledRejection', noteUnhandled)
})

test('connections cut under load fail their requests cleanly, and what was acknowledged holds', async () => {
  const citizens = await Promise.all(Array.from({ length: 4 }, () => world.citizen()))
  const [first, second, third, fourth] = await Promise.all(citizens.map(seated))
  const drafts = await nearlyRegistered()

  storming = true
  const storm = cutConnections()
  const load = [
    signsIn(first!.party, citizens[0]!),
    signsIn(fourth!.party, citizens[3]!),
    redeems(second!),
    refreshes(third!),
    registers(drafts),
  ]
  await pause(STORM_MS)
  storming = false
  const [cuts] = await Promise.all([storm, ...load])

  // It was a storm, and enough came through it to tell.
  expect(cuts).toBeGreaterThan(20)
  expect(refusals.length).toBeGreaterThan(5)
  expect(acknowledged.tokens.length).toBeGreaterThan(5)
  expect(acknowledged.registered).toHaveLength(REGISTRATIONS)
  expect(refusals.filter(({ status, error }) => !isClean(status, error))).toEqual([])
  expect(unhandled).toEqual([])

  // The pool throws dead connections away: a whole sign-in goes through again.
  await seated(citizens[1]!)
  for (const { party, tokens } of acknowledged.tokens)
    expect((await party.userinfo(tokens.access_token)).status).toBe(200)
  for (const { party, tokens } of acknowledged.families)
    expect((await party.refresh(tokens.refresh_token!)).status).toBe(200)
  for (const phone of acknowledged.registered) {
    const oid = await world.house.accounts.ownerOf('phone', phone)
    expect(await world.house.passwords.matches(oid, newcomer.password)).toBe(true)
  }
}, 120_000)

/** A page or answer of status 503, or the error codes that OAuth has for it. */
function isClean(status: number, error: string): boolean {
  return status === 503 || ['server_error', 'temporarily_unavailable'].includes(error)
}

async function seated(citizen: Citizen): Promise<Seat> {
  const party = await world.relyingParty()
  const { browser } = await signedIn(world, { party, citizen })
  return { browser, party }
}

async function cutConnections(): Promise<number> {
  let cuts = 0
  while (storming) {
    const { rowCount } = await killer.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'propusk'`,
    )
    cuts += rowCount ?? 0
    await pause(EVERY_MS)
  }
  return cuts
}

/** Sign-ins of fresh browsers. */
async function signsIn(party: ActingParty, citizen: Citizen): Promise<void> {
  while (storming) {
    const browser = world.browser()
    await browser.open(party.authorizationUrl())
    if (!browser.page.html.includes('/identify')) {
      refused('authorization', browser)
      continue
    }
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    if (browser.page.html.includes('/consent')) await browser.submit({ decision: 'allow' }, '/consent')
    await redeemed('sign-in', { browser, party })
  }
}

/** Codes for a live session. */
async function redeems(seat: Seat): Promise<void> {
  while (storming) {
    await seat.browser.open(seat.party.authorizationUrl())
    await redeemed('session', seat)
  }
}

/** A family of refresh tokens for as long as each answer is known: after a failure nobody knows which token is the last. */
async function refreshes(seat: Seat): Promise<void> {
  const { browser, party } = seat
  while (storming) {
    await browser.open(party.authorizationUrl())
    let tokens = await redeemed('refresh', seat)
    let known = tokens !== undefined
    while (storming && tokens && known) {
      const answer = await party.refresh(tokens.refresh_token!)
      known = answer.status === 200
      if (known) tokens = answer.body
      else refusedAnswer('refresh', answer)
    }
    if (tokens && known) acknowledged.families.push({ party, tokens })
    if (tokens) acknowledged.tokens.push({ party, tokens })
  }
}

/** Redeems the code that the browser came back with, if it did. */
async function redeemed(where: string, { browser, party }: Seat): Promise<Tokens | undefined> {
  const { url } = browser.page
  const code = url.startsWith(party.redirectUri) ? browser.callback.get('code') : null
  if (code === null) {
    refused(where, browser)
    return undefined
  }
  const answer = await party.redeem(code)
  if (answer.status !== 200) {
    refusedAnswer('token', answer)
    return undefined
  }
  acknowledged.tokens.push({ party, tokens: answer.body })
  return answer.body
}

function refused(where: string, { page }: Browser): void {
  const error = page.url.startsWith(world.origin) ? page.title : (new URL(page.url).searchParams.get('error') ?? '')
  refusals.push({ where, status: page.status, error })
}

function refusedAnswer(where: string, { status, body }: Answer<Tokens>): void {
  refusals.push({ where, status, error: String((body as unknown as { error?: unknown }).error) })
}

/** Registrations that lack only the last button. */
async function nearlyRegistered(): Promise<{ phone: string; form: PreparedForm }[]> {
  const drafts: { phone: string; form: PreparedForm }[] = []
  for (let n = 0; n < REGISTRATIONS; n++) {
    const { email: _none, ...person } = { ...newcomer, phone: `+7926${String(7_000_000 + n)}` }
    const browser = world.browser()
    await register(world, browser, person, '/registration/check')
    const form = prepare(browser, { consent: CONSENT_VERSION }, '/registration/check', world.origin)
    drafts.push({ phone: person.phone, form })
  }
  return drafts
}

/** Presses each last button until it is acknowledged. */
async function registers(drafts: readonly { phone: string; form: PreparedForm }[]): Promise<void> {
  for (const { phone, form } of drafts) {
    for (;;) {
      const { status, headers } = await send(world.listens, form)
      if (headers.get('location')?.[0] === '/registration/done') break
      refusals.push({ where: 'registration', status, error: headers.get('location')?.[0] ?? '' })
      await pause(10)
    }
    acknowledged.registered.push(phone)
    await pause(STORM_MS / REGISTRATIONS / 2)
  }
}
