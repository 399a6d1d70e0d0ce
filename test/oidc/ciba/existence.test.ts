import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { units } from '#src/store/unit.ts'
import type { ActingParty } from '../../relying-party.ts'
import { startWorld, type World } from '../../world.ts'
import { ask, cibaClient, fetchResult, settled } from './acting-client.ts'

let world: World
let party: ActingParty
let statements: string[] = []

beforeAll(async () => {
  const query = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => unknown
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    // Only what a request asks for: the workers go their own way.
    if (units.getStore()) statements.push(textOf(args[0]))
    return query.apply(this, args)
  } as never)
  world = await startWorld()
  party = await cibaClient(world)
  await workOf('+79160009999')
})
afterAll(async () => {
  await world.stop()
  vi.restoreAllMocks()
})

function textOf(query: unknown): string {
  const { name, text } = typeof query === 'string' ? { name: undefined, text: query } : (query as pg.QueryConfig)
  return name ?? text.replace(/\s+/g, ' ')
}

/** What a request and a poll for its result cost and tell. */
async function workOf(login_hint: string) {
  statements = []
  const asked = await ask(world, party, { login_hint })
  // What the workers look up meanwhile would share a round trip with the poll.
  await settled(world)
  const polled = await fetchResult(party, asked.body)
  return [asked, polled].map(({ status, body, headers }) => {
    const { 'x-request-id': _id, date: _date, ...rest } = headers
    const told = 'auth_req_id' in body ? { ...body, auth_req_id: String(body.auth_req_id).length } : body
    return { status, told, headers: rest, statements: [...statements] }
  })
}

test.each(['phone', 'email', 'number', 'blocked'] as const)(
  'a hint (%s) of somebody and one of nobody are one answer and one piece of work',
  async (kind) => {
    const citizen = await world.citizen({ email: 'known@example.org'.replace('known', `known.${kind}`) })
    if (kind === 'blocked') await world.block(citizen)
    const known = { phone: citizen.phone, email: citizen.email, number: String(citizen.oid), blocked: citizen.phone }
    const nobody = {
      phone: '+79168888888',
      email: `other.${kind}@example.org`,
      number: '1999999999',
      blocked: '+79168888888',
    }
    const work = await workOf(known[kind])
    expect(work.map(({ status }) => status)).toEqual([200, 400])
    expect(work[0]!.statements.length).toBeGreaterThan(3)
    expect(await workOf(nobody[kind])).toEqual(work)
  },
)
