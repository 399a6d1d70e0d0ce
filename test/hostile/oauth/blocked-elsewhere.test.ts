import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runCommand } from '#src/commands.ts'
import type { ActingParty } from '#test/relying-party.ts'
import { registerResourceServer } from '#test/resource-server.ts'
import { startWorld, type World } from '#test/world.ts'
import { holdingsOf, uses, versatileParty } from './holdings.ts'

/** An operator blocks an account by a process that has nothing to do with the one that serves. */

vi.setConfig({ testTimeout: 60_000 })

let world: World
let beside: World
let party: ActingParty
beforeAll(async () => {
  world = await startWorld()
  beside = await startWorld({ beside: world })
  await registerResourceServer(world)
  party = await versatileParty(world)
})
afterAll(async () => {
  await beside.stop()
  await world.stop()
})

const operate = (verb: string, oid: number) =>
  runCommand(['accounts', verb, String(oid), '--reason', 'Заявление 12-345'], {
    store: beside.house.store,
    house: async () => beside.house,
  })

test.each([
  ['blocks an account', ['block']],
  ['blocks an account and lets it in again', ['block', 'unblock']],
  ['ends its sessions', ['end-sessions']],
])('once another process %s, nothing that was given out can be used', async (_what, verbs) => {
  const held = await holdingsOf(world, party)
  for (const verb of verbs) expect((await operate(verb, held.citizen.oid)).exitCode).toBe(0)
  for (const [name, use] of Object.entries(uses(world, party, held))) {
    // Of no session, and approved by a code from a message: of somebody who is active again it may still be fetched, for minutes.
    if (verbs.at(-1) !== 'block' && name === 'the approved request') continue
    expect([name, await use()]).toEqual([name, false])
  }
})
