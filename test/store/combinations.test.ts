import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Part, Unit, UnitLost } from '#src/store/unit.ts'
import { type OpenedStore, openedStore } from './opened.ts'

let opened: OpenedStore
beforeAll(async () => {
  opened = await openedStore('postgres')
  await opened.store.script('create table notes (id text primary key)')
  await opened.store.script("create table tickets as select 'a' as id, false as spent")
})
afterAll(() => opened.close())

const parts = Array.from(
  { length: 7 },
  (_, n): Part => ({
    name: `note_${n}`,
    columns: { id: 'text' },
    sql: (rows) => `insert into notes (id) select id from ${rows}`,
  }),
)
const spend: Part = {
  name: 'spend',
  columns: { id: 'text' },
  spends: true,
  sql: (rows) => `update tickets t set spent = true from ${rows} r where t.id = r.id and not t.spent
    returning r.unit, r.position`,
}

function store(...rows: [Part, string][]): Promise<void> {
  const unit = new Unit()
  for (const [part, id] of rows) unit.put(part, id, [id])
  return unit.flush(opened.store)
}
const notes = async () => (await opened.store.script('select id from notes')).rows.map(({ id }) => String(id))

test('any number of combinations of parts is stored by a few dozen statements, each row once', async () => {
  const run = vi.spyOn(opened.store, 'run')
  const expected: string[] = []
  for (let mask = 1; mask < 2 ** parts.length; mask++) {
    const rows = parts
      .filter((_, n) => mask & (1 << n))
      .map((part): [Part, string] => [part, `${part.name} in ${mask}`])
    expected.push(...rows.map(([, id]) => id))
    await store(...rows)
  }
  expect(new Set(run.mock.calls.map(([{ name }]) => name)).size).toBeLessThan(50)
  expect((await notes()).sort()).toEqual(expected.sort())
})

test('what was spent before loses all the same where the statement writes more than the unit brings', async () => {
  await store([spend, 'a'], [parts[0]!, 'won'])
  await expect(store([spend, 'a'], [parts[1]!, 'lost'])).rejects.toThrow(UnitLost)
  const stored = await notes()
  expect(stored).toContain('won')
  expect(stored).not.toContain('lost')
})
