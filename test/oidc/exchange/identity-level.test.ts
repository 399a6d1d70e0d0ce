import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { prove, unprove } from '../../proving.ts'
import { PAYMENTS, registerResourceServer } from '../../resource-server.ts'
import type { Citizen } from '../../world.ts'
import { type Rig, startRig } from './rig.ts'

/** Token exchange: nobody gets a person who is proven less than they demand by letting somebody else ask (R-E3). */

let rig: Rig
let citizen: Citizen
beforeAll(async () => {
  rig = await startRig()
})
beforeEach(async () => {
  citizen = await rig.world.citizen()
})
afterAll(() => rig.world.stop())

const refused = {
  status: 400,
  body: { error: 'invalid_target', error_description: expect.stringMatching(/demands a person of identity level/) },
}

/** A client with such a registration, and a token of one that may pass authority on to it or what stands for it. */
async function behind(metadata: Partial<RelyingParty>, target?: string) {
  const demanding = await rig.party(metadata)
  const { client_id } = demanding.registration
  const audience = target ?? client_id
  if (target !== undefined)
    await registerResourceServer(rig.world, { identifier: target, scopes: [{ name: 'x', title: 'Всё' }], client_id })
  const party = await rig.party({ exchange_audiences: [audience], resource_indicators: [PAYMENTS] })
  const { home } = await rig.signIn(citizen, party)
  return { demanding, party, audience, exchange: () => rig.exchange(party, home, { audience }) }
}

test('a client that demands a level is no target for a token of whoever is below it', async () => {
  const { exchange } = await behind({ minimum_identity_level: 'standard' })
  expect(await exchange()).toMatchObject(refused)
})

test('nor is a resource server whose client demands it', async () => {
  const { exchange } = await behind({ minimum_identity_level: 'verified' }, 'https://proven.example/api')
  await prove(rig.world, citizen, 'standard')
  expect(await exchange()).toMatchObject(refused)
})

test('a client that demands it exchanges nothing itself of whoever has lost it', async () => {
  await prove(rig.world, citizen, 'standard')
  const { demanding, party, audience } = await behind({})
  const { home } = await rig.signIn(citizen, party)
  const token = await rig.exchanged(party, home, { audience })
  await rig.change(demanding, { minimum_identity_level: 'standard', exchange_audiences: [audience] })
  expect((await rig.exchange(demanding, token, { audience })).status).toBe(200)
  await unprove(rig.world, citizen)
  expect(await rig.exchange(demanding, token, { audience })).toMatchObject(refused)
})

test('whoever has the level, or a higher one, is passed on', async () => {
  await prove(rig.world, citizen, 'verified')
  const { exchange } = await behind({ minimum_identity_level: 'standard' })
  expect((await exchange()).status).toBe(200)
})
