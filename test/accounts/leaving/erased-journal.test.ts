import { beforeAll, expect, test, vi } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { makeDataKeys } from '#src/store/keyring.ts'
import { signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

const world = worldOfFile()
let citizen: Citizen
beforeAll(async () => {
  citizen = await world.citizen()
  await signedIn(world, { party: await world.relyingParty(), citizen })
})

const run = (...argv: string[]) => runCommand(argv, { store: world.house.store, house: async () => world.house })

test('the journal of an erased account cannot be read, is verified and proven as before, and goes on', async () => {
  const { house } = world
  // Some of its events are sealed before the erasure, the others after it.
  await house.sealer.seal()
  await signedIn(world, { party: await world.relyingParty(), citizen })
  const events = (await house.journal.read(citizen.oid, { limit: 100 })).length
  await house.erasure.order(citizen.oid, { actor: 'cli', reason: 'Решение суда 2-1234/2026' })
  await vi.waitFor(
    async () => {
      await house.erasure.eraseDue()
      expect((await house.closing.find(citizen.oid))?.erasedAt).toBeDefined()
    },
    { timeout: 10_000, interval: 50 },
  )
  await house.sealer.seal()
  expect(await run('journal', 'verify')).toMatchObject({ exitCode: 0, output: expect.stringContaining('is as it was') })
  const { output } = await run('journal', 'prove', '--account', String(citizen.oid))
  expect(JSON.parse(output).length).toBeGreaterThanOrEqual(events)
  await expect(makeDataKeys(house.store.db, house.keyring).of(citizen.oid)).rejects.toThrow('no data key')
})
