import { expect, test } from 'vitest'
import { addSeconds, systemClock } from '#src/kernel/clock.ts'
import { Secret } from '#src/kernel/secret.ts'
import { makeDeviceStore } from '#src/login/device-store.ts'
import { makeDataKeys, openKeyring } from '#src/store/keyring.ts'
import { startWorld } from '../world.ts'

test('of more than fifty known devices those that were used longest ago are forgotten', async () => {
  const world = await startWorld()
  try {
    const { store } = world.house
    const [id = '', key = ''] = world.keks.split(/:(.*)/s)
    const keyring = await openKeyring(store.db, [{ id, key: new Secret(key) }])
    const devices = makeDeviceStore({ store, dataKeys: makeDataKeys(store.db, keyring), clock: systemClock })
    const [citizen, other] = [await world.citizen(), await world.citizen()]
    const now = systemClock.now()
    const seen = { address: '192.0.2.1', device: '', client: 'rp', origin: '' }
    for (const { oid } of [citizen, other])
      for (let n = 0; n < 52; n++) {
        const at = addSeconds(now, -60 * n)
        const device = {
          oid,
          ref: `${oid}-${n}`,
          at,
          seen,
          trustedUntil: undefined,
          expiresAt: addSeconds(now, 86_400),
        }
        await devices.remember(device)
      }
    await store.tx((tx) => devices.trim(tx, citizen.oid))
    const left = async (oid: number) =>
      (await store.script('select ref from devices where oid = $1 order by last_seen_at desc', [oid])).rows
    expect(await left(other.oid)).toHaveLength(52)
    const kept = await left(citizen.oid)
    expect([kept.length, kept[0]?.ref, kept.at(-1)?.ref]).toEqual([50, `${citizen.oid}-0`, `${citizen.oid}-49`])
  } finally {
    await world.stop()
  }
})
