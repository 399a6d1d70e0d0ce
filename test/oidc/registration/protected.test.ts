import { describe, expect, test } from 'vitest'
import { worldOfFile } from '../../world.ts'
import { keys } from '../clients/checking.ts'
import { invited, type Metadata, manage, minimal, newcomer, type Registered, register } from './newcomer.ts'

/** What an invited client cannot loosen by managing its registration (RFC 7592), nor change after it was looked at. */

const world = worldOfFile({ env: { MTLS_CERTIFICATE_HEADER: 'Client-Cert', TRUSTED_PROXIES: '127.0.0.1,::1' } })

const NOT_COVERED = 'is not covered by the initial access token; leave it out or ask the operator'
const { client_name: _name, ...nameless } = minimal
const stored = async ({ client_id }: Registered) => (await world.house.clients.read(client_id))!.client
/** Asks for a registration in place of the one there is. */
const replace = (client: Registered, metadata: Metadata) =>
  manage(world, 'put', client, { ...minimal, client_id: client.client_id, ...metadata })

describe.each([
  'require_pushed_authorization_requests',
  'require_signed_request_object',
  'dpop_bound_access_tokens',
  'tls_client_certificate_bound_access_tokens',
])('%s', (field) => {
  const keyed = { jwks: { keys: [keys.ec] } }
  test('that an operator has turned on is not turned off by the client', async () => {
    const client = await newcomer(world, { ...keyed, [field]: false })
    await world.house.registrar.change(client.client_id, { [field]: true })
    const { status, body } = await replace(client, { ...keyed, [field]: false })
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata'])
    expect(body.error_description).toBe(`${field}: must stay true, which is in force; ask the operator`)
    expect(await stored(client)).toMatchObject({ [field]: true })
  })
  test('that an operator has turned on stays on where it is left out', async () => {
    const client = await newcomer(world, keyed)
    await world.house.registrar.change(client.client_id, { [field]: true })
    const leftOut = await replace(client, keyed)
    expect([leftOut.status, leftOut.body[field]]).toEqual([200, true])
    const emptied = await replace(leftOut.body, { ...keyed, [field]: null })
    expect([emptied.status, emptied.body[field]]).toEqual([200, true])
    expect(await stored(client)).toMatchObject({ [field]: true })
  })
  test('is turned on by the client itself, for good', async () => {
    const client = await newcomer(world, { ...keyed, [field]: false })
    const { status, body } = await replace(client, { ...keyed, [field]: true })
    expect([status, body[field]]).toEqual([200, true])
    expect((await replace(body, { ...keyed, [field]: false })).status).toBe(400)
  })
})

describe('how citizens are shown it', () => {
  const names = { client_name: 'Новичок', 'client_name#en': 'Newcomer', logo_uri: 'https://new.example/logo' }
  const others: [string, string][] = [
    ['client_name', 'Портал государства'],
    ['client_name#en', 'State portal'],
    ['logo_uri', 'https://new.example/arms'],
  ]
  test.each(others)('is not changed after the registration: %s', async (field, value) => {
    for (const metadata of [names, {}]) {
      const client = await newcomer(world, metadata)
      const before = await stored(client)
      const { status, body } = await replace(client, { ...metadata, [field]: value })
      expect([status, body.error_description]).toEqual([400, `${field}: ${NOT_COVERED}`])
      expect(await stored(client)).toEqual(before)
    }
  })
  test('is not what an operator has put right since', async () => {
    const client = await newcomer(world, names)
    await world.house.registrar.change(client.client_id, { client_name: 'Новичок, частная компания' })
    expect((await replace(client, names)).body.error_description).toBe(`client_name: ${NOT_COVERED}`)
  })
  test('stays where it is left out, or sent as before', async () => {
    const client = await newcomer(world, { ...names, client_name: ' Новичок ' })
    const { client_id } = client
    const leftOut = await manage(world, 'put', client, { ...nameless, client_id, 'client_name#en': '' })
    expect([leftOut.status, leftOut.body]).toEqual([200, expect.objectContaining(names)])
    expect((await replace(leftOut.body, { client_name: ' Новичок ' })).body).toMatchObject(names)
  })
  test.each(others)('changes with permission for client_name: %s', async (field, value) => {
    const client = await newcomer(world, names, { client_name: true })
    const { status, body } = await replace(client, { ...names, [field]: value })
    expect([status, body[field]]).toEqual([200, value])
  })
  test('keeps to the names of the initial access token from the beginning, where it lists some', async () => {
    const allowance = { client_name: ['Новичок', 'Служба выплат'] }
    const other = await register(world, await invited(world, { allowance }), { ...minimal, client_name: 'Портал' })
    expect([other.status, other.body.error_description]).toEqual([400, `client_name: ${NOT_COVERED}`])
    const english = await register(world, await invited(world, { allowance }), { ...minimal, 'client_name#en': 'Us' })
    expect(english.body.error_description).toBe(`client_name#en: ${NOT_COVERED}`)
    const client = await newcomer(world, { logo_uri: names.logo_uri }, allowance)
    const { status, body } = await replace(client, { client_name: 'Служба выплат' })
    expect([status, body.client_name]).toEqual([200, 'Служба выплат'])
    expect((await replace(body, { logo_uri: 'https://new.example/arms' })).status).toBe(400)
  })
})
