import { beforeEach, describe, expect, test } from 'vitest'
import { DeliveryFailed, type Outgoing } from '#src/notifications/channels.ts'
import { dump } from '../../hostile/dump.ts'
import { shownIn } from '../../hostile/encodings.ts'
import { codeOn } from '../../proofing/letter/pdf-text.ts'
import { prove } from '../../proving.ts'
import { type Citizen, type Sent, worldOfFile } from '../../world.ts'

/** A registered letter to somebody who leaves: what waits at the print service is not sent, and nothing of it stays. */

const ADDRESS = 'г. Казань, ул. Баумана, д. 1'
const owner = { actor: 'owner', origin: 'test' } as const
const court = { actor: 'cli', reason: 'Решение суда 2-1234/2026' }

const down = { post: false, mail: false }
const channel = (kind: Sent['channel']) => ({
  async send(message: Outgoing) {
    if (kind === 'post' ? down.post : down.mail) throw new DeliveryFailed('down')
    world.received({ channel: kind, ...message })
  },
})
const world = worldOfFile({
  replacements: { channels: { sms: channel('sms'), mail: channel('mail'), post: channel('post') } },
})
let citizen: Citizen
let id: string
beforeEach(async () => {
  Object.assign(down, { post: true, mail: false })
  world.travel(86_400)
  citizen = await world.citizen()
  await prove(world, citizen, 'standard')
  const ordered = await world.house.letters.order(await world.house.ownerNotices.ownerOf(citizen.oid), 'session-1')
  if (!ordered.ok) throw new Error(ordered.why)
  id = ordered.request.id
  await expect.poll(sheet, { timeout: 10_000 }).toMatchObject({ state: 'waiting' })
})

const sheet = () =>
  world.house.store.db
    .selectFrom('messages')
    .select(['state', 'recipient', 'body'])
    .where('oid', '=', citizen.oid)
    .where('id', '=', id)
    .executeTakeFirst()
const BLANK = { state: 'expired', recipient: null, body: null }
const letters = () => world.sent.filter((message) => message.id === id)
const stateOf = async () => (await world.house.requests.find(citizen.oid, id))?.state

/** Goes on as upkeep does. */
async function erased(): Promise<void> {
  const { erasure, closing } = world.house
  await expect
    .poll(
      async () => {
        await erasure.eraseDue()
        return (await closing.find(citizen.oid))?.erasedAt
      },
      { timeout: 10_000, interval: 50 },
    )
    .toBeDefined()
}

async function expectNothingLeft(): Promise<void> {
  expect(await sheet()).toBeUndefined()
  expect(await stateOf()).toBeUndefined()
  expect(shownIn(await dump(world.databaseUrl!), { address: ADDRESS, postcode: '420111' })).toEqual([])
}

describe('printed, and not taken by the print service', () => {
  test('it does not go out when the account is closed, nor when it is open again', async () => {
    await world.house.closing.close(citizen.oid, 'owner', owner)
    expect(await sheet()).toEqual(BLANK)
    expect(await stateOf()).toBe('withdrawn')
    down.post = false
    await world.house.closing.reopen(citizen.oid, owner)
    await world.house.letters.workDue()
    expect(await sheet()).toEqual(BLANK)
    expect(letters()).toEqual([])
  })

  test('nor while an erasure by order waits for the last message', async () => {
    down.mail = true
    await world.house.erasure.order(citizen.oid, court)
    expect(await world.house.closing.find(citizen.oid)).toMatchObject({ erasedAt: undefined })
    expect(await sheet()).toEqual(BLANK)
    expect(await stateOf()).toBe('withdrawn')
    down.mail = false
    await erased()
    await expectNothingLeft()
    expect(letters()).toEqual([])
  })
})

test('sent, its code is worth nothing in a closed account, and nothing of it stays after the erasure', async () => {
  down.post = false
  await expect.poll(letters, { timeout: 20_000 }).toHaveLength(1)
  const code = await codeOn(letters()[0]!.pdf!)
  const person = await world.house.ownerNotices.ownerOf(citizen.oid)
  await world.house.closing.close(citizen.oid, 'owner', owner)
  expect(await world.house.letters.redeem(person, id, code, 'session-1')).toMatchObject({ ok: false, why: 'gone' })
  world.travel(31 * 86_400)
  await erased()
  await expectNothingLeft()
})
