import { expect, test } from 'vitest'
import { openStore } from '#src/store/store.ts'
import { createEmbedded } from '#test/setup/embedded.ts'
import { finish, startRig, walkTo } from './rig.ts'

// One connection: whatever reaches past its transaction waits for itself for ever there.
test('a person registers on the embedded database, and the next one with the same phone clashes', async () => {
  const { folder, remove } = await createEmbedded()
  const store = await openStore({ kind: 'pglite', folder }, () => {})
  const rig = await startRig(store)
  const [first, second] = [rig.newBrowser(), rig.newBrowser()]
  await walkTo(rig, first, 'check')
  await finish(first)
  expect(first.location).toBe('/registration/done')
  rig.pass(61)
  await walkTo(rig, second, 'email')
  expect(rig.views[0]).toBe('registration/clash')
  await store.close()
  await remove()
})
