import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { units } from '#src/store/unit.ts'
import { cookiesOf, exchange } from '../../hostile/raw-http.ts'
import { startWorld, type World } from '../../world.ts'
import { enrol, factorOf } from './enrolled.ts'
import { type Ceremony, SoftKey } from './soft-key.ts'

let world: World
let statements: string[] = []

beforeAll(async () => {
  const query = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => unknown
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const { name, text } =
      typeof args[0] === 'string' ? { name: undefined, text: args[0] } : (args[0] as pg.QueryConfig)
    // Only what a request asks for. The relying party is read anew every few seconds, whoever signs in.
    if (units.getStore() && !text.includes('from "clients"')) statements.push(name ?? text)
    return query.apply(this, args)
  } as never)
  world = await startWorld()
})
afterAll(async () => {
  await world?.stop()
  vi.restoreAllMocks()
})

test('a passkey that nobody has and one that answers wrongly are one answer and one work', async () => {
  const party = await world.relyingParty()
  const passkey = new SoftKey(world.origin)
  await enrol(await factorOf(world), await world.citizen(), passkey)
  const forged = new SoftKey(world.origin, { credentialId: passkey.credentialId })
  const unknown = new SoftKey(world.origin)
  for (const key of [forged, unknown]) key.userHandle = passkey.userHandle

  const workOf = async (key: SoftKey, change: Partial<Ceremony> = {}) => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl())
    const { action } = browser.form('/open/webauthn')
    const headers = { Accept: 'application/json', Cookie: cookiesOf(browser, action) }
    const asked = JSON.parse((await exchange(world.listens, { target: action, headers })).body)
    const credential = key.get({ ...asked, ...change })
    statements = []
    const { status, html, errors, headers: answered } = await browser.submit({ credential }, '/open/webauthn')
    const { 'x-request-id': _id, date: _date, ...rest } = answered
    return { statements: [...statements], status, errors, bytes: Buffer.byteLength(html), headers: rest }
  }
  const nobody = await workOf(unknown)
  expect(nobody.status).toBe(422)
  expect(nobody.statements.length).toBeGreaterThan(3)
  expect(await workOf(forged)).toEqual(nobody)
  expect(await workOf(passkey, { origin: 'https://evil.example' })).toEqual(nobody)
  expect(await workOf(passkey, { userHandle: 'c29tZWJvZHkgZWxzZQ' })).toEqual(nobody)
})
