import { describe, expect, test, vi } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { NOBODY } from '#src/kernel/ids.ts'
import { ActingParty } from '../../relying-party.ts'
import { worldOfFile } from '../../world.ts'

const world = worldOfFile()

const run = async (...argv: string[]) =>
  runCommand(['clients', ...argv], { store: world.house.store, house: async () => world.house })
const machine = () => world.relyingParty({ grant_types: ['client_credentials'], response_types: [], redirect_uris: [] })
const answers = async ({ registration }: ActingParty, client_secret: string | undefined) => {
  const party = new ActingParty({
    origin: world.origin,
    listens: world.listens,
    registration: { ...registration, ...(client_secret !== undefined && { client_secret }) },
  })
  return (await party.token({ grant_type: 'client_credentials' })).status
}
const renewed = async (id: string, ...options: string[]) => {
  const { output } = await run('secret', id, ...options, '--json')
  return JSON.parse(output) as { client_secret: string; former_secret_until?: string }
}

describe('a new secret', () => {
  test('is refused to a client that has none, and to one that there is not', async () => {
    const party = await world.relyingParty({ token_endpoint_auth_method: 'none' })
    await world.house.clients.save({ ...party.registration, client_secret: undefined } as never, { replace: true })
    expect((await run('secret', party.registration.client_id)).output).toContain('has no secret')
    expect((await run('secret', 'nobody')).exitCode).toBe(1)
    for (const span of ['7', '-1d', '1y', 'x'])
      expect((await run('secret', party.registration.client_id, '--overlap', span)).output).toContain('--overlap')
  })
  test('works at once; the former one until the overlap ends, and not a moment longer', async () => {
    const party = await machine()
    const { client_id, client_secret } = party.registration
    const made = await renewed(client_id, '--overlap', '1h')
    expect(await answers(party, made.client_secret)).toBe(200)
    expect(await answers(party, client_secret)).toBe(200)
    expect(await answers(party, `${client_secret}x`)).toBe(401)
    expect(await answers(party, 'undefined')).toBe(401)
    const [event] = await world.house.journal.read(NOBODY, { limit: 1 })
    expect(event).toMatchObject({
      type: 'client.secret_renewed',
      fields: { client: client_id, overlap_until: made.former_secret_until },
    })
    world.travel(3601)
    expect(await answers(party, client_secret)).toBe(401)
    expect(await answers(party, made.client_secret)).toBe(200)
    vi.useRealTimers()
  })
  test('without overlap ends the former one, as does the end of an overlap', async () => {
    const party = await machine()
    const { client_id, client_secret } = party.registration
    await renewed(client_id, '--overlap', '0')
    expect(await answers(party, client_secret)).toBe(401)
    const second = await renewed(client_id, '--overlap', '0')
    const third = await renewed(client_id)
    expect(await answers(party, second.client_secret)).toBe(200)
    expect((await run('secret', client_id, '--end-overlap')).exitCode).toBe(0)
    expect(await answers(party, second.client_secret)).toBe(401)
    expect(await answers(party, third.client_secret)).toBe(200)
    expect((await run('secret', client_id, '--end-overlap')).output).toContain('only one secret')
  })
  test('is refused while an overlap runs, as the former one was promised to work; the ways out are named and lead out', async () => {
    const party = await machine()
    const { client_id, client_secret: first } = party.registration
    const second = (await renewed(client_id, '--overlap', '1h')).client_secret
    const { output, exitCode } = await run('secret', client_id, '--overlap', '7d')
    expect(exitCode).toBe(1)
    expect(output).toMatch(/until .*Z.*--end-overlap.*--overlap 0/)
    expect([await answers(party, first), await answers(party, second)]).toEqual([200, 200])
    const third = (await renewed(client_id, '--overlap', '0')).client_secret
    const statuses = [await answers(party, first), await answers(party, second), await answers(party, third)]
    expect(statuses).toEqual([401, 401, 200])
  })
  test('may follow an overlap that is over', async () => {
    const { client_id } = (await machine()).registration
    await renewed(client_id, '--overlap', '1h')
    world.travel(3601)
    expect(await run('secret', client_id)).toMatchObject({ exitCode: 0 })
    vi.useRealTimers()
  })
  test('of several at once is made once, and the one that everybody has goes on working', async () => {
    const party = await machine()
    const { client_id, client_secret } = party.registration
    const all = await Promise.all(Array.from({ length: 5 }, () => run('secret', client_id)))
    expect(all.filter(({ exitCode }) => exitCode === 0)).toHaveLength(1)
    expect(await answers(party, client_secret)).toBe(200)
  })
})

describe('secrets', () => {
  test('are sealed in the database, the former ones too', async () => {
    const party = await world.relyingParty({ client_secret: 'marker-of-the-former' })
    await renewed(party.registration.client_id)
    const row = await world.house.store.db
      .selectFrom('clients')
      .selectAll()
      .where('client_id', '=', party.registration.client_id)
      .executeTakeFirstOrThrow()
    expect(row.previous_secret).not.toBeNull()
    const bytes = [row.secret!, row.previous_secret!].map((sealed) => Buffer.from(sealed).toString('latin1'))
    expect(JSON.stringify([row, bytes])).not.toContain('marker')
  })
  test("stand in nothing that the provider's client object lists", async () => {
    const party = await machine()
    const { client_id, client_secret } = party.registration
    const { client_secret: made } = await renewed(client_id)
    expect(await answers(party, made)).toBe(200)
    const client = (await world.house.providers.current.Client.find(client_id))!
    for (const seen of [
      JSON.stringify(client.metadata()),
      JSON.stringify(client),
      JSON.stringify(Object.entries(client)),
    ]) {
      expect(seen).not.toContain(made)
      expect(seen).not.toContain(client_secret)
    }
  })
})

describe('finding a client', () => {
  test('costs no JSON, and gives the same object until its registration changes', async () => {
    const { registration } = await machine()
    const { Client } = world.house.providers.current
    const first = await Client.find(registration.client_id)
    const [written, read] = [vi.spyOn(JSON, 'stringify'), vi.spyOn(JSON, 'parse')]
    const again = await Client.find(registration.client_id)
    const costs = [written.mock.calls.length, read.mock.calls.length]
    vi.restoreAllMocks()
    expect(costs).toEqual([0, 0])
    expect(again).toBe(first)
    world.house.clients.forget(registration.client_id)
    expect(await Client.find(registration.client_id)).toBe(first)
    await run('change', registration.client_id, '--name', 'Иначе')
    const changed = await Client.find(registration.client_id)
    expect(changed).not.toBe(first)
    expect(changed?.clientName).toBe('Иначе')
  })
  test('of no such id finds nothing', async () => {
    for (const id of ['nobody', '', '\0', undefined])
      expect(await world.house.providers.current.Client.find(id as string)).toBeUndefined()
  })
})
