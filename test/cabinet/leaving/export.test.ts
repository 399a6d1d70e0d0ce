import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { formatSnils } from '#src/accounts/fields/snils.ts'
import { EXPORT_VERSION } from '#src/cabinet/leaving/account-export.ts'
import { ru } from '#src/cabinet/leaving/messages.ru.ts'
import { type Leaver, leaver } from '../../accounts/leaving/leaver.ts'
import { enterCabinet } from '../../authenticators.ts'
import type { Browser } from '../../browser-http.ts'
import { type Citizen, worldOfFile } from '../../world.ts'
import { inCabinet } from '../cabinet.ts'

const EXPORT = '/account/export'

type Document = Record<string, unknown> & { readonly journal: readonly { readonly type: string }[] }

const world = worldOfFile()
let simple: Citizen
let browser: Browser
beforeAll(async () => {
  simple = await world.citizen()
  browser = await enterCabinet(world, simple, EXPORT)
})

const exported = async (citizen: Citizen) =>
  (await world.journal(citizen.oid)).filter(({ type }) => type === 'account.exported')
const documentOf = ({ page }: Browser) => JSON.parse(page.html) as Document

describe('nothing is handed out', () => {
  test('to a sign-in that could be stronger', async () => {
    const weak = await inCabinet(world, simple, '/account')
    await weak.open(EXPORT)
    expect(world.view).toBe('login/code')
    await weak.open(`${world.origin}/account/contacts/email`)
    expect(await exported(simple)).toEqual([])
  })

  test('by a link, and without the form of the page', async () => {
    await browser.open(`${EXPORT}?format=json`)
    expect(world.view).toBe('cabinet/leaving/export')
    await browser.post(EXPORT, 'format=json')
    expect(browser.page.status).toBe(403)
    expect(await exported(simple)).toEqual([])
  })

  test('in a format that there is not', async () => {
    await browser.open(EXPORT)
    await browser.submit({ format: 'xml' }, EXPORT)
    expect(browser.page.status).toBe(422)
    expect(await exported(simple)).toEqual([])
  })
})

test('a file that no cache keeps, journalled and told', async () => {
  await browser.open(EXPORT)
  const before = world.sentTo(simple.email)
  await browser.submit({ format: 'json' }, EXPORT)
  const { headers, status } = browser.page
  expect(status).toBe(200)
  expect(headers['content-type']).toMatch(/^application\/json/)
  expect(headers['content-disposition']).toMatch(
    new RegExp(`^attachment; filename="account-${simple.oid}-[\\d-]+\\.json"$`),
  )
  expect(headers['cache-control']).toBe('no-store')
  expect(documentOf(browser)).toMatchObject({
    format: 'propusk-account-export',
    version: EXPORT_VERSION,
    issuer: world.origin,
    account: { number: simple.oid, state: 'active', identity_level: 'simplified' },
    person: { family_name: 'Ветрова', birth_date: '1990-04-12' },
    contacts: { phone: simple.phone, email: simple.email },
    documents: [],
  })
  expect(await exported(simple)).toHaveLength(1)
  expect((await world.message(simple.email, before)).text).toMatch(/not-me/)
})

test('each copy is journalled, and one session tells of it once an hour', async () => {
  const citizen = await world.citizen()
  const own = await enterCabinet(world, citizen, EXPORT)
  const told = async () =>
    (
      await world.house.store.script(`select 1 from messages where oid = $1 and kind = 'account_exported'`, [
        citizen.oid,
      ])
    ).rows.length
  for (const format of ['json', 'page', 'json']) {
    await own.open(EXPORT)
    await own.submit({ format }, EXPORT)
  }
  expect(await exported(citizen)).toHaveLength(3)
  // By SMS and by mail.
  expect(await told()).toBe(2)
  const other = await enterCabinet(world, citizen, EXPORT)
  await other.submit({ format: 'json' }, EXPORT)
  expect(await told()).toBe(4)
})

test('more of the journal than is in memory at once, each event once', async () => {
  const { journal } = world.house
  const { sessionsEnded } = await import('#src/accounts/events.ts')
  for (let n = 0; n < 450; n++)
    await journal.note(sessionsEnded({ account: simple.oid, actor: 'cli', reason: `event ${n}` }))
  await browser.open(EXPORT)
  await browser.submit({ format: 'json' }, EXPORT)
  const events = documentOf(browser).journal.filter(({ type }) => type === 'account.sessions_ended')
  expect(new Set(events.map((event) => JSON.stringify(event))).size).toBe(450)
})

describe('of somebody with everything', () => {
  let person: Leaver
  let document: Document
  let text: string
  beforeAll(async () => {
    person = await leaver(world)
    await world.house.store.db.deleteFrom('webauthn_credentials').where('oid', '=', person.oid).execute()
    const mine = await enterCabinet(world, person, EXPORT)
    await mine.submit({ format: 'json' }, EXPORT)
    text = mine.page.html
    document = documentOf(mine)
  })

  test('it holds every value, and when each was recorded', () => {
    const { phone, device: _device, keptForm: _form, keyName: _key, passport, ...values } = person.values
    for (const value of [...Object.values(values), phone!, passport!.slice(0, 4), passport!.slice(4)])
      expect(text).toContain(value)
    const times = [...text.matchAll(/"[a-z_]*_at":"([^"]*)"/g)].map(([, time]) => time!)
    expect(times.length).toBeGreaterThan(20)
    expect(times.filter((time) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(time))).toEqual([])
  })

  test('it holds nothing that opens the account', async () => {
    const { rows } = await world.house.store.script(
      `select digest as id from recovery_codes where oid = $1 union select handle from webauthn_handles where oid = $1
        union select hash from identifiers where oid = $1`,
      [person.oid],
    )
    expect(rows.length).toBeGreaterThan(5)
    expect(rows.map(({ id }) => String(id)).filter((id) => text.includes(id))).toEqual([])
    expect(text).not.toMatch(/secret|"wrapped"|argon2/)
  })

  test('every section and member has words in the page and a line in the description', async () => {
    const described = await readFile(new URL('../../../docs/export.md', import.meta.url), 'utf8')
    for (const [section, content] of Object.entries(document)) {
      expect(described).toContain(`\`${section}\``)
      if (typeof content !== 'object' || content === null) continue
      expect(ru).toHaveProperty([`export.section.${section}`])
      for (const row of [content].flat() as object[])
        for (const member of Object.keys(row)) {
          expect(Object.keys(ru), `${section}.${member}`).toContain(`export.field.${member}`)
          expect(described, `${section}.${member}`).toContain(`\`${member}\``)
        }
    }
  })

  test.each(['ru', 'en'])('the page says the same in words: %s', async (locale) => {
    world.travel(61)
    const mine = world.browser({ locale })
    await enterCabinet(world, person, EXPORT, mine)
    await mine.submit({ format: 'page' }, EXPORT)
    expect(world.view).toBe('cabinet/leaving/export-readable')
    expect(mine.page.headers['cache-control']).toBe('no-store')
    expect(mine.page.html).toContain(formatSnils(person.values.snils!))
    for (const name of ['familyName', 'address', 'draft', 'appName'] as const)
      expect(mine.page.html).toContain(person.values[name])
    expect(mine.page.html).not.toMatch(/export\.(field|section)|journal\.[a-z]+\./)
    expect(world.logLines.filter((line) => line.includes('text missing'))).toEqual([])
  })
})

test('whoever has nothing but a password has the same right', async () => {
  const bare = await world.citizen({ email: null })
  await world.house.store.db.deleteFrom('contacts').where('oid', '=', bare.oid).where('kind', '=', 'phone').execute()
  const mine = await inCabinet(world, bare, EXPORT)
  expect(world.view).toBe('cabinet/leaving/export')
  await mine.submit({ format: 'json' }, EXPORT)
  expect(documentOf(mine)).toMatchObject({ account: { number: bare.oid } })
})

test('the page has no line for what there is none of', async () => {
  await browser.open(EXPORT)
  await browser.submit({ format: 'page' }, EXPORT)
  expect(world.view).toBe('cabinet/leaving/export-readable')
  expect(browser.page.html).not.toMatch(/summary-list__value">\s*<\/dd>/)
})
