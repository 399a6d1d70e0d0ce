import { afterAll, beforeAll, expect, test } from 'vitest'
import { PAYMENTS, readJwt } from '../../resource-server.ts'
import { type Rig, startRig } from './rig.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig({ store: 'pglite' })
})
afterAll(() => rig.world.stop())

test('on the embedded database tokens are exchanged, and end, as on PostgreSQL', async () => {
  const { home, payments, browser } = await rig.signIn(await rig.world.citizen())
  const jwt = await rig.exchanged(rig.parties.keeper, payments, { audience: PAYMENTS, scope: 'payments:read' })
  expect(await readJwt(rig.world, jwt)).toMatchObject({ scope: 'payments:read', act: { sub: 'keeper' } })
  const token = await rig.exchanged(rig.parties.front, home)
  expect(await rig.isActive(rig.parties.back, token)).toBe(true)
  await browser.open(`${rig.world.origin}/oauth2/logout`)
  await browser.submit({ logout: 'yes' })
  expect(await rig.isActive(rig.parties.back, token)).toBe(false)
  await rig.world.house.resourceServers.setState(PAYMENTS, 'suspended', 'test')
  expect(await rig.world.house.resourceServers.find(PAYMENTS)).toBeUndefined()
})
