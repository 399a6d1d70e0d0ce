import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { sql } from 'kysely'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { keyAlgorithms } from '#src/oidc/algorithms.ts'
import { LEAD_SECONDS, RETIRED_SECONDS } from '#src/oidc/keys/schedule.ts'
import { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { signedIn } from '../signing-in.ts'
import { startWorld, type World } from '../world.ts'
import { type SecondProcess, startBeside } from './second-process.ts'

vi.setConfig({ testTimeout: 240_000 })

/** What the schedule counts on: within this time every process knows what another one has changed. */
const RENEWAL_MS = 60_000
const SLICE_SECONDS = 90
/** How long the load goes on between two slices of time. */
const SLICE_MS = 150
const FEWEST_ROUNDS = 150

let world: World
let second: SecondProcess
let both: readonly [string, string]
/** By how much the keys, and those that keep them, have aged beyond the clock; tokens and sessions have not. */
let passedSeconds = 0

beforeAll(async () => {
  world = await startWorld()
  second = await startBeside(world)
  both = [world.listens, second.listens]
})
afterAll(async () => {
  await second?.stop()
  await world?.stop()
})

/** Lets time pass for the keys only: all that was issued so far stays as young as it is. */
async function pass(seconds: number): Promise<void> {
  const by = sql`make_interval(secs => ${sql.lit(seconds)})`
  await sql`update signing_keys set created_at = created_at - ${by}, activated_at = activated_at - ${by},
    retired_at = retired_at - ${by}`.execute(world.house.store.db)
  passedSeconds += seconds
  await world.house.signingKeys.advance()
}

const keysOf = async (listens: string) => {
  const { body, headers } = await supertest(listens).get('/oauth2/jwks')
  const maxAge = Number(/max-age=(\d+)/.exec(headers['cache-control'] ?? '')?.[1] ?? 0)
  return { body: body as JSONWebKeySet, maxAge, kids: (body as JSONWebKeySet).keys.map(({ kid }) => kid!) }
}

/** Keeps the published keys for exactly as long as it may, and refuses what they do not verify. */
class CachingKeys {
  #kept: JSONWebKeySet = { keys: [] }
  #until = 0

  async verify(jwt: string, listens: string, audience: string): Promise<string> {
    const now = Date.now() / 1000 + passedSeconds
    if (now >= this.#until) {
      const { body, maxAge } = await keysOf(listens)
      this.#kept = body
      this.#until = now + maxAge
    }
    const verified = await jwtVerify(jwt, createLocalJWKSet(this.#kept), { issuer: world.origin, audience })
    return verified.protectedHeader.kid!
  }
}

interface Load {
  rounds: number
  readonly faults: string[]
  /** The `kid`s that each process has signed with, by its address. */
  readonly signed: ReadonlyMap<string, Set<string>>
  stop(): Promise<void>
}

/** One visitor for each algorithm and process, who signs in, redeems, refreshes and reads without a pause. */
async function putUnderLoad(): Promise<Load> {
  let going = true
  const load = { rounds: 0, faults: [] as string[], signed: new Map(both.map((at) => [at, new Set<string>()])) }
  const visits: Promise<void>[] = []
  for (const alg of keyAlgorithms)
    for (const [index, listens] of both.entries()) {
      const party = await world.relyingParty({ id_token_signed_response_alg: alg })
      const browser = new Browser({ origin: world.origin, listens })
      await signedIn(world, { party, browser, citizen: await world.citizen() })
      const keys = new CachingKeys()
      const visit = async () => {
        for (let turn = index; going; turn++) {
          await round(load, { party, browser, keys, first: both[turn % 2]!, last: both[(turn + 1) % 2]! }).catch(
            (fault: unknown) => void load.faults.push(`${alg}: ${fault}`),
          )
          load.rounds++
        }
      }
      visits.push(visit())
    }
  const stop = async () => {
    going = false
    await Promise.all(visits)
  }
  return Object.assign(load, { stop })
}

async function round(
  { signed }: Pick<Load, 'signed'>,
  visitor: { party: ActingParty; browser: Browser; keys: CachingKeys; first: string; last: string },
): Promise<void> {
  const { party, browser, keys, first, last } = visitor
  const check = async (idToken: string, by: string) =>
    signed.get(by)!.add(await keys.verify(idToken, by, party.registration.client_id))
  await browser.open(party.authorizationUrl())
  const redeemed = await party.redeem(browser.callback.get('code')!, {}, first)
  if (redeemed.status !== 200) throw new Error(`redeemed: ${JSON.stringify(redeemed.body)}`)
  await check(redeemed.body.id_token, first)
  const refreshed = await party.refresh(redeemed.body.refresh_token!, {}, last)
  if (refreshed.status !== 200) throw new Error(`refreshed: ${JSON.stringify(refreshed.body)}`)
  await check(refreshed.body.id_token, last)
  const userinfo = await party.userinfo(refreshed.body.access_token, first)
  if (userinfo.status !== 200) throw new Error(`userinfo: ${userinfo.status}`)
}

const kidsIn = async (state: string) =>
  (await world.house.signingKeys.list()).filter((key) => key.state === state).map(({ kid }) => kid)
const inBoth = (check: (listens: string) => Promise<void> | void) =>
  vi.waitFor(() => Promise.all(both.map(check)), { timeout: RENEWAL_MS, interval: 200 })

test('while keys change under load in two processes, no token is refused and no cache meets an unknown key', async () => {
  const old = await kidsIn('active')
  const load = await putUnderLoad()

  await world.house.signingKeys.rotate(keyAlgorithms)
  const fresh = await kidsIn('next')
  expect(fresh).toHaveLength(keyAlgorithms.length)
  await world.house.signingKeys.advance()
  await inBoth(async (listens) => expect((await keysOf(listens)).kids).toEqual(expect.arrayContaining(fresh)))
  for (let aged = 0; aged < LEAD_SECONDS; aged += SLICE_SECONDS) {
    await pass(SLICE_SECONDS)
    await new Promise((done) => setTimeout(done, SLICE_MS))
  }
  expect((await kidsIn('active')).sort()).toEqual([...fresh].sort())
  await pass(SLICE_SECONDS)
  await inBoth((listens) => expect([...load.signed.get(listens)!]).toEqual(expect.arrayContaining(fresh)))
  // The slower process signed with the old keys until now.
  await inBoth(async (listens) => expect((await keysOf(listens)).kids).toEqual(expect.arrayContaining(old)))
  await pass(RETIRED_SECONDS)
  await inBoth(async (listens) => expect((await keysOf(listens)).kids.sort()).toEqual([...fresh].sort()))

  await load.stop()
  expect(load.faults).toEqual([])
  expect(load.rounds).toBeGreaterThan(FEWEST_ROUNDS)
  for (const kids of load.signed.values()) expect([...kids].sort()).toEqual([...old, ...fresh].sort())
})
