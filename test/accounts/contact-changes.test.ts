import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { WantedContact } from '#src/accounts/contact-changes.ts'
import type { ContactKind } from '#src/accounts/contact-store.ts'
import type { Owner } from '#src/accounts/owner-notices.ts'
import { type OwnerRig, type Process, startOwnerRig } from './owner-rig.ts'

const THREE_DAYS = 72 * 3600

let rig: OwnerRig
let one: Process
let other: Process
let numbers = 0

beforeAll(async () => {
  rig = await startOwnerRig()
  one = rig.process()
  other = rig.process()
})
beforeEach(async () => {
  await rig.store.db.deleteFrom('delayed_changes').execute()
  rig.sent.length = 0
})
afterAll(() => rig.stop())

const freshPhone = () => `+7926${2_000_000 + ++numbers}`
const change = async (oid: number, wanted: Partial<WantedContact> & { kind: ContactKind }, at: Process = one) => {
  const owner = await rig.ownerNotices.ownerOf(oid)
  const whole = { value: undefined, origin: 'session-1', weak: false, ...wanted }
  return rig.store.tx((tx) => at.contactChanges.change(tx, owner, whole))
}
const undo = (oid: number, ...origins: string[]) => rig.store.tx((tx) => one.contactChanges.undo(tx, oid, origins))
const kindsTo = (recipient: string | undefined) => rig.to(recipient).map(({ kind }) => kind)
const changedEvents = async (oid: number) =>
  (await rig.events(oid)).filter(({ type }) => type === 'contact.changed').map(({ fields }) => fields)

async function later(): Promise<void> {
  rig.clock.pass(THREE_DAYS)
  await Promise.all([one, other].map(({ delayedChanges }) => delayedChanges.applyDue()))
}

describe('a change with less proof than the account has', () => {
  test('takes effect after 72 hours: until then the old contact serves and the new one does not', async () => {
    const { oid, account } = await rig.person()
    const phone = freshPhone()
    expect(await change(oid, { kind: 'phone', value: phone, weak: true })).toMatchObject({ kind: 'waits' })
    expect((await rig.contactsOf(oid)).phone).toBe(account.phone)
    expect(await rig.accounts.ownerOf('phone', phone)).toBeUndefined()
    expect(rig.to(phone)).toEqual([])
    expect([kindsTo(account.phone), kindsTo(account.email)]).toEqual([['change_scheduled'], ['change_scheduled']])
    rig.clock.pass(THREE_DAYS - 1)
    await one.delayedChanges.applyDue()
    expect((await rig.contactsOf(oid)).phone).toBe(account.phone)
    rig.clock.pass(1)
    await one.delayedChanges.applyDue()
    expect((await rig.contactsOf(oid)).phone).toBe(phone)
    expect(await rig.accounts.ownerOf('phone', phone)).toBe(oid)
    expect(await rig.accounts.ownerOf('phone', account.phone!)).toBeUndefined()
    expect(await changedEvents(oid)).toEqual([
      { account: oid, contact: 'phone', how: 'replaced', cause: 'delayed', origin: 'session-1' },
    ])
    expect([kindsTo(account.phone).at(-1), kindsTo(phone)]).toEqual(['change_done', ['contact_phone_changed']])
  })

  test('waits alone: a second one is refused until the first is over, also at the same time', async () => {
    const { oid } = await rig.person()
    const outcomes = await Promise.all(
      [one, other, one, other].map((at) => change(oid, { kind: 'phone', value: freshPhone(), weak: true }, at)),
    )
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['busy', 'busy', 'busy', 'waits'])
    expect(await change(oid, { kind: 'email', value: 'new@example.org', weak: true })).toEqual({ kind: 'busy' })
    await later()
    expect(await change(oid, { kind: 'email', value: 'new@example.org', weak: true })).toMatchObject({ kind: 'waits' })
  })

  test.each<[string, (owner: Owner, phone: string) => Promise<unknown>]>([
    ['the owner has put in another one', ({ account }) => change(account.oid, { kind: 'phone', value: freshPhone() })],
    [
      'another account has got the new one',
      async (_, phone) => change((await rig.person()).oid, { kind: 'phone', value: phone }),
    ],
  ])('is void when %s meanwhile', async (_what, meanwhile) => {
    const owner = await rig.person()
    const phone = freshPhone()
    await change(owner.oid, { kind: 'phone', value: phone, weak: true })
    await meanwhile(owner, phone)
    const before = await rig.contactsOf(owner.oid)
    await later()
    expect(await rig.contactsOf(owner.oid)).toEqual(before)
    expect((await rig.events(owner.oid))[0]).toMatchObject({ type: 'change.stopped', fields: { reason: 'void' } })
  })

  test('of the last contact but one is void when the other one is gone', async () => {
    const { oid, account } = await rig.person()
    await change(oid, { kind: 'email', weak: true })
    await rig.store.tx((tx) => rig.accounts.release(tx, oid, 'phone', account.phone!))
    await later()
    expect(await rig.contactsOf(oid)).toEqual({ phone: undefined, email: account.email })
  })
})

test('what waits is told with the contact that it is about, masked', async () => {
  const { oid, account } = await rig.person()
  await change(oid, { kind: 'phone', value: freshPhone(), weak: true })
  expect(rig.to(account.email).at(-1)!.values.what).toMatch(/^новый телефон \+7\u00a0•••/)
  const other = await rig.person()
  await change(other.oid, { kind: 'email', weak: true })
  expect(rig.to(other.account.phone).at(-1)!.values.what).toMatch(/^удаление почты \S*\*|^удаление почты \S*•/)
})

describe('a change at once', () => {
  test('frees the old value, and is told on the old contacts and the new one', async () => {
    const { oid, account } = await rig.person()
    const phone = freshPhone()
    expect(await change(oid, { kind: 'phone', value: phone })).toEqual({ kind: 'changed' })
    expect(await rig.contactsOf(oid)).toEqual({ phone, email: account.email })
    for (const recipient of [account.phone, account.email, phone])
      expect(kindsTo(recipient)).toEqual(['contact_phone_changed'])
    expect(rig.to(account.phone)[0]!.values).toMatchObject({
      contact: expect.stringMatching(/^\+7\u00a0•••/),
      link: expect.stringContaining('https://id.example.ru/not-me/'),
    })
    const { oid: next } = await rig.person()
    expect(await change(next, { kind: 'phone', value: account.phone })).toEqual({ kind: 'changed' })
  })

  test('to what another account has, changes nothing and tells nobody', async () => {
    const [mine, theirs] = [await rig.person(), await rig.person()]
    expect(await change(mine.oid, { kind: 'phone', value: theirs.account.phone })).toEqual({ kind: 'clash' })
    expect((await rig.contactsOf(mine.oid)).phone).toBe(mine.account.phone)
    expect(await changedEvents(mine.oid)).toEqual([])
    expect(rig.sent).toEqual([])
  })

  test('of two accounts for one number is one', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = [await rig.person(), await rig.person()]
      const value = freshPhone()
      const outcomes = await Promise.all([
        change(a.oid, { kind: 'phone', value }, one),
        change(b.oid, { kind: 'phone', value }, other),
      ])
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['changed', 'clash'])
    }
  })

  test('of two accounts that exchange their numbers clashes instead of a deadlock', async () => {
    const [a, b] = [await rig.person(), await rig.person()]
    const outcomes = await Promise.all([
      change(a.oid, { kind: 'phone', value: b.account.phone }, one),
      change(b.oid, { kind: 'phone', value: a.account.phone }, other),
    ])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['clash', 'clash'])
  })

  test('leaves a phone or an e-mail', async () => {
    const { oid, account } = await rig.person()
    const lonely = await rig.person({ email: false })
    expect(await change(oid, { kind: 'email' })).toEqual({ kind: 'changed' })
    expect(kindsTo(account.email)).toEqual(['contact_email_removed'])
    expect(await change(oid, { kind: 'phone' })).toEqual({ kind: 'last' })
    expect(await change(oid, { kind: 'email' })).toEqual({ kind: 'same' })
    expect(await change(lonely.oid, { kind: 'phone' })).toEqual({ kind: 'last' })
    expect(await change(lonely.oid, { kind: 'email', value: 'second@example.org' })).toEqual({ kind: 'changed' })
    expect(kindsTo(lonely.account.phone)).toEqual(['contact_email_added'])
  })
})

describe('undo', () => {
  test('brings back what it was before those sessions, and leaves what others did', async () => {
    const { oid, account } = await rig.person()
    await change(oid, { kind: 'phone', value: freshPhone(), origin: 'bad' })
    await change(oid, { kind: 'phone', value: freshPhone(), origin: 'worse' })
    await change(oid, { kind: 'email', value: 'good@example.org', origin: 'good' })
    expect(await undo(oid, 'bad', 'worse')).toBe(1)
    expect(await rig.contactsOf(oid)).toEqual({ phone: account.phone, email: 'good@example.org' })
    expect((await changedEvents(oid))[0]).toMatchObject({ contact: 'phone', how: 'restored', cause: 'undone' })
    expect(await undo(oid, 'bad', 'worse')).toBe(0)
  })

  test('goes back no further than to what the owner put in between', async () => {
    const { oid } = await rig.person()
    const [, owners] = [await change(oid, { kind: 'phone', value: freshPhone(), origin: 'bad' }), freshPhone()]
    await change(oid, { kind: 'phone', value: owners, origin: 'good' })
    expect(await undo(oid, 'bad')).toBe(0)
    await change(oid, { kind: 'phone', value: freshPhone(), origin: 'bad-2' })
    expect(await undo(oid, 'bad-2')).toBe(1)
    expect((await rig.contactsOf(oid)).phone).toBe(owners)
  })

  test('takes away what was added, and brings back what was removed', async () => {
    const [lonely, whole] = [await rig.person({ email: false }), await rig.person()]
    await change(lonely.oid, { kind: 'email', value: 'intruder@example.org', origin: 'bad' })
    await change(whole.oid, { kind: 'email', origin: 'bad' })
    expect([await undo(lonely.oid, 'bad'), await undo(whole.oid, 'bad')]).toEqual([1, 1])
    expect((await rig.contactsOf(lonely.oid)).email).toBeUndefined()
    expect((await rig.contactsOf(whole.oid)).email).toBe(whole.account.email)
  })

  test('takes the intruder’s contact away even where the former one belongs to somebody else by now', async () => {
    const { oid, account } = await rig.person()
    await change(oid, { kind: 'phone', value: freshPhone(), origin: 'bad' })
    await change((await rig.person()).oid, { kind: 'phone', value: account.phone })
    expect(await undo(oid, 'bad')).toBe(1)
    expect(await rig.contactsOf(oid)).toEqual({ phone: undefined, email: account.email })
  })

  test('reaches a change that had waited for its 72 hours', async () => {
    const { oid, account } = await rig.person()
    await change(oid, { kind: 'phone', value: freshPhone(), weak: true, origin: 'bad' })
    await later()
    expect(await undo(oid, 'bad')).toBe(1)
    expect((await rig.contactsOf(oid)).phone).toBe(account.phone)
  })
})

test('the history holds no contact in the clear', async () => {
  const { oid, account } = await rig.person()
  const phone = freshPhone()
  await change(oid, { kind: 'phone', value: phone })
  const rows = await rig.store.db.selectFrom('contact_history').selectAll().where('oid', '=', oid).execute()
  const dump = JSON.stringify(rows.map((row) => ({ ...row, before: String(row.before), after: String(row.after) })))
  for (const value of [phone, account.phone!]) expect(dump).not.toContain(value.slice(2))
})
