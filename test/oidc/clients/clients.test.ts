import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Clients, makeClients } from '#src/oidc/clients/clients.ts'
import { describe as describeClient, type RelyingParty } from '#src/oidc/clients.ts'
import { handClock, type OpenedStore, openedStore } from '../../store/opened.ts'

let opened: OpenedStore
let clients: Clients
beforeAll(async () => {
  opened = await openedStore()
  clients = makeClients({ ...opened, clock: handClock() })
})
afterAll(() => opened.close())

const party = (id: string, more: Partial<RelyingParty> = {}): RelyingParty => ({
  client_id: id,
  client_name: 'Соцвыплаты',
  redirect_uris: ['https://rp.example/cb'],
  ...more,
})
const another = () => makeClients({ ...opened, clock: handClock() })

describe('what is no relying party', () => {
  test('is not kept in memory, and costs no query where it could never have been registered', async () => {
    const run = vi.spyOn(pg.Client.prototype, 'query')
    for (const id of ['x'.repeat(256), 'имя', 'a\nb', '']) expect(await clients.find(id)).toBeUndefined()
    expect(run).not.toHaveBeenCalled()
    run.mockRestore()
    expect(await clients.find('arrives')).toBeUndefined()
    await another().save(party('arrives'))
    expect(await clients.find('arrives')).toBeDefined()
  })
})

describe('a relying party', () => {
  test('is found as it was saved, secret included, by every process', async () => {
    const saved = party('whole', { client_secret: 'тайна-secret', minimum_acr: 'aal2' })
    await clients.save(saved)
    expect(await clients.find('whole')).toEqual(saved)
    expect(await another().find('whole')).toEqual(saved)
  })
  test('keeps its secret sealed', async () => {
    await clients.save(party('sealed', { client_secret: 'marker-secret' }))
    const rows = await opened.store.db.selectFrom('clients').selectAll().where('client_id', '=', 'sealed').execute()
    expect(JSON.stringify(rows)).not.toContain('marker')
    expect(Buffer.from(rows[0]!.secret!).toString('latin1')).not.toContain('marker')
  })
  test('whose id is taken is refused unless it is to be replaced', async () => {
    await clients.save(party('taken', { client_secret: 'first' }))
    await expect(clients.save(party('taken', { client_secret: 'second' }))).rejects.toThrow('"taken" is taken')
    expect((await another().find('taken'))?.client_secret).toBe('first')
    await clients.save(party('taken', { client_secret: 'second' }), { replace: true })
    expect((await clients.find('taken'))?.client_secret).toBe('second')
  })
  test('that is saved is known at once to the process that had just asked in vain', async () => {
    expect(await clients.find('later')).toBeUndefined()
    await clients.save(party('later'))
    expect(await clients.find('later')).toBeDefined()
  })
  test('that is suspended is not found', async () => {
    await clients.save(party('suspended'))
    await opened.store.db
      .updateTable('clients')
      .set({ state: 'suspended' })
      .where('client_id', '=', 'suspended')
      .execute()
    expect(await another().find('suspended')).toBeUndefined()
  })
  test.each(['', '\0', 'a\0b', '\ud800', 'x'.repeat(100_000), '__proto__'])(
    'with a malformed id is not found: %#',
    async (id) => {
      expect(await clients.find(id)).toBeUndefined()
    },
  )
})

describe('its name and purpose', () => {
  const both = party('x', { 'client_name#en': 'Benefits', purpose: 'Зачем', 'purpose#en': 'Why' })
  test.each([
    ['ru', both, { name: 'Соцвыплаты', purpose: 'Зачем' }],
    ['en', both, { name: 'Benefits', purpose: 'Why' }],
    ['en', party('x', { purpose: 'Зачем' }), { name: 'Соцвыплаты', purpose: 'Зачем' }],
    ['ru', party('x'), { name: 'Соцвыплаты', purpose: undefined }],
  ] as const)('in %s', (locale, client, expected) => expect(describeClient(client, locale)).toEqual(expected))
})
