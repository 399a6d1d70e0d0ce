import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Clients, makeClients } from '#src/oidc/clients/clients.ts'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { UnitLost } from '#src/store/unit.ts'
import { handClock, type OpenedStore, openedStore } from '../../store/opened.ts'

const party = (client_id: string, more: Partial<RelyingParty> = {}) => ({
  client: { client_id, client_name: 'Соцвыплаты', redirect_uris: [], ...more },
  state: 'active' as const,
})

describe.each(['postgres', 'pglite'] as const)('clients on %s', (kind) => {
  let opened: OpenedStore
  let clients: Clients
  const clock = handClock()
  beforeAll(async () => {
    opened = await openedStore(kind)
    clients = makeClients({ ...opened, clock })
  })
  afterAll(() => opened.close())

  test('of an id that is taken are not added', async () => {
    await clients.add(party('taken', { client_secret: 'first' }))
    await expect(clients.add(party('taken', { client_secret: 'second' }))).rejects.toMatchObject({ code: '23505' })
    expect((await clients.read('taken'))?.client.client_secret).toBe('first')
  })
  test('are changed from the version that was read, once', async () => {
    await clients.add({ ...party('changing', { client_secret: 'old' }), allowance: { purpose: true } })
    const read = (await clients.read('changing'))!
    const until = new Date(clock.now().getTime() + 1000)
    const client = { ...read.client, client_secret: 'new' }
    await clients.change({ ...read, client, previous: { secret: 'old', until } })
    await expect(clients.change({ ...read, state: 'suspended' })).rejects.toThrow(UnitLost)
    expect(await clients.read('changing')).toEqual({
      ...read,
      client,
      previous: { secret: 'old', until },
      version: read.version + 1,
    })
  })
  test('are found by any text of their registration, none of which is a pattern', async () => {
    await clients.add(party('paged1', { redirect_uris: ['https://one.example/100%_done'] }))
    await clients.add(party('paged2', { redirect_uris: ['https://two.example/100%_done'] }))
    const ids = async (page: Parameters<Clients['page']>[0]) =>
      (await clients.page(page)).map(({ client }) => client.client_id)
    expect(await ids({ text: '100%_DONE', limit: 10 })).toEqual(['paged1', 'paged2'])
    expect(await ids({ text: '100%_done', limit: 10, after: 'paged1' })).toEqual(['paged2'])
    expect(await ids({ text: '100__done', limit: 10 })).toEqual([])
    expect(await ids({ text: '\\', limit: 10 })).toEqual([])
  })
  test('that are deleted are on no list but their own', async () => {
    await clients.add(party('gone'))
    await clients.change({ ...(await clients.read('gone'))!, state: 'deleted' })
    expect(await clients.active('gone')).toBeUndefined()
    expect((await clients.page({ limit: 100 })).map(({ client }) => client.client_id)).not.toContain('gone')
    expect((await clients.page({ limit: 100, state: 'deleted' })).map(({ client }) => client.client_id)).toEqual([
      'gone',
    ])
  })
  test('are one object in memory for as long as the row is the same', async () => {
    await clients.add(party('same'))
    const first = await clients.active('same')
    clients.forget('same')
    expect(await clients.active('same')).toBe(first)
    await clients.change({ ...first!, client: { ...first!.client, client_name: 'Иначе' } })
    expect((await clients.active('same'))?.client.client_name).toBe('Иначе')
  })
})
