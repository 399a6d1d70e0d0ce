import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OwnerRig, startOwnerRig } from './owner-rig.ts'

let rig: OwnerRig
beforeAll(async () => {
  rig = await startOwnerRig()
})
afterAll(() => rig.stop())

/** The tickets in what was sent to this person, by channel. */
async function ticketsOf(oid: number) {
  const rows = await rig.store.db.selectFrom('not_me_tickets').select(['undoes']).where('oid', '=', oid).execute()
  return rows.map(({ undoes }) => undoes).sort()
}

test('a notice that can be answered has a link for each contact, and that of a text message undoes nothing', async () => {
  const owner = await rig.person()
  const notice = { kind: 'new_device', values: { from: 'Firefox' }, reportable: 'sign-in' }
  await rig.store.tx((tx) => rig.ownerNotices.tell(tx, owner, notice))
  const [texted] = rig.to(owner.account.phone)
  const [mailed] = rig.to(owner.account.email)
  expect(texted!.values).toEqual({ from: 'Firefox', link: expect.stringContaining('/not-me/') })
  expect(mailed!.values.link).not.toBe(texted!.values.link)
  expect(await ticketsOf(owner.oid)).toEqual([false, true])
})

test('one that cannot has none', async () => {
  const owner = await rig.person()
  await rig.store.tx((tx) => rig.ownerNotices.tell(tx, owner, { kind: 'account_blocked', values: {} }))
  expect(rig.to(owner.account.phone)[0]!.values).toEqual({})
  expect(await ticketsOf(owner.oid)).toEqual([])
})
