import { expect, test } from 'vitest'
import { migrate } from '#src/store/migrate.ts'
import { openStore } from '#src/store/store.ts'
import { finish, startRig, walkTo } from './rig.ts'

// One connection: whatever reaches past its transaction waits for itself for ever there.
test('a person registers on the embedded database, and the next one with the same phone clashes', async () => {
  const store = await openStore({ kind: 'pglite', folder: undefined }, () => {})
  await migrate(store)
  const rig = await startRig(store)
  const [first, second] = [rig.newBrowser(), rig.newBrowser()]
  await walkTo(rig, first, 'check')
  await finish(first)
  expect(first.location).toBe('/registration/done')
  rig.pass(61)
  await walkTo(rig, second, 'email')
  expect(rig.views[0]).toBe('registration/clash')
  await store.close()
})
