import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from '#test/world.ts'
import { identityOf, registeredAs } from './rig.ts'

const WORLDS = ['postgres', 'pglite'] as const
const worlds: World[] = []

beforeAll(async () => {
  for (const store of WORLDS) worlds.push(await startWorld({ store }))
})
afterAll(async () => {
  for (const world of worlds) await world.stop()
})

test.each(WORLDS)('whoever opens a request has the answer in a moment, on %s', async (kind) => {
  const world = worlds[WORLDS.indexOf(kind)]!
  const { oid, phone } = await world.citizen()
  const { requests, ownerNotices, identityRecords, store, accounts } = world.house
  const reason = { cause: 'operator', actor: 'cli', origin: '' }
  const before = await ownerNotices.ownerOf(oid)
  await store.tx((tx) =>
    identityRecords.change(tx, before, reason, (record) => record.setPerson(registeredAs('maria'))),
  )
  const owner = await ownerNotices.ownerOf(oid)
  const opened = await requests.open(owner, { kind: 'identity', proposal: identityOf('maria'), origin: 'session-1' })
  if (!opened.ok) throw new Error(opened.why)
  expect(await requests.settled(oid, opened.request.id, 4_000)).toMatchObject({ state: 'confirmed' })
  expect((await accounts.read(oid)).identity.level).toBe('standard')
  // What the level has settled at is told a little later.
  world.travel(21)
  await world.house.levelNotices.tellDue()
  await world.message(phone)
  const { snils, document } = identityOf('maria')
  const log = world.logLines.join('\n')
  for (const value of [snils!, document.number, 'Иванова']) expect(log).not.toContain(value)
})
