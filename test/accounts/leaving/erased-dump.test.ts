import { beforeAll, describe, expect, test, vi } from 'vitest'
import { erasedTables, keptTables } from '#src/accounts/leaving/tables.ts'
import { open } from '#src/store/seal.ts'
import { dump } from '../../hostile/dump.ts'
import { encodingsOf, shownIn } from '../../hostile/encodings.ts'
import { worldOfFile } from '../../world.ts'
import { type Leaver, leaver } from './leaver.ts'

const DAY = 86_400

const world = worldOfFile()
let person: Leaver
let keys: { readonly dataKey: string; readonly wrapped: string }
let held: Map<string, number>
beforeAll(async () => {
  person = await leaver(world)
  held = await rowsByTable()
  const { house } = world
  const [row] = (await house.store.script('select wrapped from data_keys where oid = $1', [person.oid])).rows
  const kek = Buffer.from(world.keks.split(':')[1]!, 'base64')
  const wrapped = Buffer.from(row!.wrapped as Uint8Array)
  keys = {
    wrapped: wrapped.toString('base64url'),
    dataKey: open(kek, { table: 'keyring', column: 'wrapped', key: `data:${person.oid}` }, wrapped).toString(
      'base64url',
    ),
  }
  await house.closing.close(person.oid, 'owner', { actor: 'owner', origin: 'test' })
  world.travel(31 * DAY)
  await eraseCompletely()
})

/** Again and again, as upkeep does, until the last message is sent. */
const eraseCompletely = () =>
  vi.waitFor(
    async () => {
      await world.house.erasure.eraseDue()
      expect((await world.house.closing.find(person.oid))?.erasedAt).toBeDefined()
    },
    { timeout: 10_000, interval: 50 },
  )

async function rowsByTable(): Promise<Map<string, number>> {
  const tables = [...Object.entries(erasedTables), ...Object.keys(keptTables).map((table) => [table, 'oid'] as const)]
  const counts = tables.map(async ([table, column]): Promise<[string, number]> => {
    const { rows } = await world.house.store.script(`select from ${table} where ${column} = $1`, [person.oid])
    return [table, rows.length]
  })
  return new Map(await Promise.all(counts))
}

/** The value as people write it: in other letters, with and without what stands between digits. */
function spellings(value: string): string[] {
  const digits = value.replace(/\D/g, '')
  const isNumber = /^[\d+]+$/.test(value)
  const grouped = isNumber
    ? [
        digits,
        digits.slice(-10),
        digits.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1-$2-$3 $4'),
        digits.replace(/^7(\d{3})(\d{3})(\d{2})(\d{2})$/, '+7 $1 $2-$3-$4'),
        digits.replace(/^7(\d{3})(\d{3})(\d{2})(\d{2})$/, '8 ($1) $2-$3-$4'),
        digits.replace(/^(\d{4})(\d{6})$/, '$1 $2'),
        digits.replace(/^(\d{2})(\d{2})(\d{6})$/, '$1 $2 $3'),
      ]
    : [value.toLowerCase(), value.toUpperCase(), value.split('-').reverse().join('.'), value.replaceAll(' ', '')]
  return [...new Set([value, ...grouped])]
}

const secrets = () =>
  Object.fromEntries(
    Object.entries(person.values).flatMap(([name, value]) =>
      spellings(value).map((spelling) => [`${name} ${spelling}`, spelling]),
    ),
  )

test('there was something in every table that can be filled by hand', () => {
  const empty = [...held].filter(([, rows]) => rows === 0).map(([table]) => table)
  const fleeting =
    /^(drafts|evidence|recoveries|ciba_requests|logout_notices|detachments|incidents|delayed_changes|hardware_tokens|totp_enrolments|password_history|contact_proposals|authenticator_uses|awaited_levels|releases|closings|account_settings|level_ends|level_notices)$/
  expect(empty.filter((table) => !fleeting.test(table))).toEqual([])
})

test('a dump shows nothing of the person, nor the key that would open what is left', async () => {
  const haystack = await dump(world.databaseUrl!)
  expect(haystack.length).toBeGreaterThan(10_000)
  expect(shownIn(haystack, secrets())).toEqual([])
  expect(shownIn(haystack, keys)).toEqual([])
})

test('only rows are left that say nothing of the person', async () => {
  const left = [...(await rowsByTable())].filter(([, rows]) => rows > 0).map(([table]) => table)
  expect(left.filter((table) => !Object.hasOwn(keptTables, table))).toEqual([])
  expect(left).toEqual(expect.arrayContaining(['accounts', 'agreements', 'closings', 'journal']))
  expect(left).not.toContain('data_keys')
})

test('the journal has all its rows, which nobody can read any more', async () => {
  expect((await rowsByTable()).get('journal')).toBeGreaterThanOrEqual(held.get('journal')!)
  await expect(world.journal(person.oid)).rejects.toThrow(/no data key/)
  const { rows } = await world.house.store.script(`select 1 from journal where oid = 0 and type = 'account.erased'`)
  expect(rows).toHaveLength(1)
})

test('the owner got the last message', async () => {
  await expect
    .poll(() => world.sent.flatMap(({ recipient, text }) => (recipient === person.email ? [text] : [])).join())
    .toMatch(/стёрта/)
})

describe('the search', () => {
  const plant = (value: string | Buffer) =>
    typeof value === 'string'
      ? world.house.store.script('insert into account_settings (oid, chosen, changed_at) values (1, $1, now())', [
          value,
        ])
      : world.house.store.script('insert into persons (oid, core) values ($1, $2)', [person.oid, value])

  test.each(['familyName', 'email', 'snils', 'phone', 'birthDate'])(
    'finds %s planted in any encoding',
    async (name) => {
      const value = person.values[name]!
      for (const spelling of spellings(value))
        for (const [form, bytes] of encodingsOf(spelling)) {
          await world.house.store.script('delete from account_settings where oid = 1')
          await world.house.store.script('delete from persons where oid = $1', [person.oid])
          await plant(bytes.every((byte) => byte >= 32 && byte < 128) ? bytes.toString() : bytes)
          const found = shownIn(await planted(), { [name]: spelling })
          expect([form, found]).toEqual([form, expect.arrayContaining([`${name} (${form})`])])
        }
    },
  )

  /** What the two tables hold; the whole dump is searched above in the same way. */
  async function planted(): Promise<Buffer> {
    const { store } = world.house
    const { rows: texts } = await store.script('select chosen from account_settings where oid = 1')
    const { rows: bytes } = await store.script('select core from persons where oid = $1', [person.oid])
    return Buffer.concat([
      ...texts.map(({ chosen }) => Buffer.from(String(chosen))),
      ...bytes.map(({ core }) => Buffer.from(core as Uint8Array)),
    ])
  }

  test('finds a value in the whole dump, the tables of jobs included', async () => {
    await world.house.store.script('delete from account_settings where oid = 1')
    await plant(Buffer.from(person.values.givenName!))
    expect(shownIn(await dump(world.databaseUrl!), { name: person.values.givenName! })).toContain('name (plain)')
    await world.house.store.script('delete from persons where oid = $1', [person.oid])
    await world.house.store.script(
      'insert into pgboss.job (name, data) select name, $1::jsonb from pgboss.queue limit 1',
      [JSON.stringify({ planted: person.values.address })],
    )
    expect(shownIn(await dump(world.databaseUrl!), { address: person.values.address! }).length).toBeGreaterThan(0)
  })
})
