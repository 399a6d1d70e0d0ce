import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defineEvent, type Journal, makeJournal } from '#src/journal/journal.ts'
import { type DataKeys, makeDataKeys } from '#src/store/keyring.ts'
import { Unit, units } from '#src/store/unit.ts'
import { handClock, type OpenedStore, openedStore } from '../store/opened.ts'

const moved = defineEvent('marker.moved', { account: 'oid', place: 'text' })
const nobodys = defineEvent('marker.lost', { place: 'text' })
const [ME, OTHER] = [1_000_000_001, 1_000_000_002]
const clock = handClock()
let opened: OpenedStore
let dataKeys: DataKeys
let journal: Journal
beforeAll(async () => {
  opened = await openedStore()
  dataKeys = makeDataKeys(opened.store.db, opened.keyring)
  journal = makeJournal({ ...opened, dataKeys, clock, retentionDays: 365 })
  await opened.store.tx(async (tx) => {
    for (const oid of [ME, OTHER]) await dataKeys.create(tx, oid)
  })
})
afterAll(() => opened.close())

describe('an event', () => {
  test.each<[string, unknown]>([
    ['a field that it does not declare', { account: ME, place: 'x', extra: 'y' }],
    ['a field missing', { account: ME }],
    ['a field of another type', { account: String(ME), place: 'x' }],
  ])('is refused with %s', (_what, values) => {
    expect(() => moved(values as Parameters<typeof moved>[0])).toThrow('marker.moved')
  })
  test('carries no control characters, no half surrogates, and no more than 512 characters of a field', () => {
    const { fields } = moved({ account: ME, place: `a\r\nb\0\u2028\ud800${'x'.repeat(600)}` })
    expect(fields.place).toMatch(/^a {2}b {2}\ufffdx+$/)
    expect(String(fields.place)).toHaveLength(512)
  })
  test('about no account belongs to nobody', () => expect(nobodys({ place: 'x' }).account).toBe(0))
})

describe('the journal', () => {
  test('reads one account’s events, newest first, page by page', async () => {
    for (const place of ['one', 'two', 'three']) {
      clock.pass(1)
      await journal.note(moved({ account: ME, place }))
    }
    await journal.note(moved({ account: OTHER, place: 'elsewhere' }))
    const first = await journal.read(ME, { limit: 2 })
    expect(first.map((event) => event.fields.place)).toEqual(['three', 'two'])
    const rest = await journal.read(ME, { limit: 2, beforeSeq: first[1]!.seq })
    expect(rest.map((event) => event.fields.place)).toEqual(['one'])
    expect(first[0]).toMatchObject({ type: 'marker.moved', account: ME, at: clock.now() })
  })
  test('commits with the change that it tells of, and is undone with it', async () => {
    const before = (await journal.read(OTHER, { limit: 100 })).length
    const undone = opened.store.tx(async (tx) => {
      await journal.record(tx, moved({ account: OTHER, place: 'undone' }))
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await opened.store.tx((tx) => journal.record(tx, moved({ account: OTHER, place: 'done' })))
    const after = await journal.read(OTHER, { limit: 100 })
    expect(after).toHaveLength(before + 1)
    expect(after[0]?.fields.place).toBe('done')
  })
  test('of one request keeps all events, also equal ones of the same moment', async () => {
    const unit = new Unit()
    const before = (await journal.read(OTHER, { limit: 100 })).length
    await units.run(unit, async () => {
      for (let i = 0; i < 3; i++) await journal.note(moved({ account: OTHER, place: 'same' }))
    })
    await unit.flush(opened.store)
    expect(await journal.read(OTHER, { limit: 100 })).toHaveLength(before + 3)
  })
  test('is sealed, for each account with its own key', async () => {
    await journal.note(moved({ account: ME, place: 'geheim' }))
    const rows = await opened.store.db.selectFrom('journal').selectAll().execute()
    for (const row of rows) expect(Buffer.from(row.payload).toString('latin1')).not.toContain('geheim')
    await opened.store.db.deleteFrom('data_keys').where('oid', '=', ME).execute()
    const later = makeJournal({
      ...opened,
      dataKeys: makeDataKeys(opened.store.db, opened.keyring),
      clock,
      retentionDays: 365,
    })
    await expect(later.read(ME, { limit: 1 })).rejects.toThrow('no data key')
    expect((await later.read(OTHER, { limit: 1 })).length).toBe(1)
  })
})
