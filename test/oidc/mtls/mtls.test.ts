import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { answerPages, type SigningParty, signingParty } from '../../signing-party.ts'
import { type Citizen, startWorld, type World } from '../../world.ts'
import { type Issued, issue, type Name } from './certificates.ts'

/** Mutual TLS (RFC 8705) behind a proxy that hands the certificate over. */

const HEADER = 'Client-Cert'
const named = (cn: string): Name => [[['O', 'Ведомство']], [['CN', cn]]]
const root = issue({ subject: named('Root'), ca: true })
const client = issue({ subject: named('client'), issuer: root, san: [['dns', 'client.example']] })
const stranger = issue({ subject: named('client'), san: [['dns', 'client.example']] })

const shown = ({ certificate }: Issued) => ({ [HEADER]: `:${certificate.raw.toString('base64')}:` })
const x5c = ({ certificate, publicKey }: Issued) => ({
  ...publicKey.export({ format: 'jwk' }),
  x5c: [certificate.raw.toString('base64')],
})

let folder: string
let world: World
/** Where the peer is no proxy that the operator trusts. */
let distrustful: World
let citizen: Citizen
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mtls-'))
  const caFile = join(folder, 'authorities.pem')
  await writeFile(caFile, root.certificate.toString())
  const env = { MTLS_CERTIFICATE_HEADER: HEADER, MTLS_CA_FILE: caFile, MTLS_ORIGIN: 'https://mtls.id.example' }
  world = await startWorld({ env: { ...env, TRUSTED_PROXIES: '127.0.0.1,::1' } })
  distrustful = await startWorld({ beside: world, env: { ...env, TRUSTED_PROXIES: '192.0.2.1' } })
  citizen = await world.citizen()
})
afterAll(async () => {
  await distrustful?.stop()
  await world?.stop()
  await rm(folder, { recursive: true, force: true })
})

const byAuthority: Partial<RelyingParty> = {
  grant_types: ['client_credentials'],
  token_endpoint_auth_method: 'tls_client_auth',
  tls_client_auth_san_dns: 'client.example',
}
const bySelf: Partial<RelyingParty> = {
  grant_types: ['client_credentials'],
  token_endpoint_auth_method: 'self_signed_tls_client_auth',
  jwks: { keys: [x5c(stranger)] },
}

const ask = (party: SigningParty, headers: Record<string, string> = {}, listens = world.listens) =>
  party.send(
    '/oauth2/token',
    { grant_type: 'client_credentials', client_id: party.clientId },
    { assertion: null, headers, listens },
  )
const refusal = { status: 401, body: { error: 'invalid_client' } }

describe('tls_client_auth', () => {
  test.each([
    ['without a certificate', {}],
    ['with one that no authority has issued', shown(stranger)],
    [
      'with one of another name',
      shown(issue({ subject: named('client'), issuer: root, san: [['dns', 'other.example']] })),
    ],
    [
      'with one that has ended',
      shown(
        issue({
          subject: named('client'),
          issuer: root,
          san: [['dns', 'client.example']],
          from: new Date(0),
          to: new Date(1),
        }),
      ),
    ],
    ['with a header that is none', { [HEADER]: 'nonsense' }],
    ['with two headers in one', { [HEADER]: `${shown(client)[HEADER]}, ${shown(client)[HEADER]}` }],
  ])('refuses a client %s', async (_what, headers) => {
    expect(await ask(await signingParty(world, byAuthority), headers)).toMatchObject(refusal)
  })
  test('refuses the right certificate from anybody but a trusted proxy: a header is easily written', async () => {
    const party = await signingParty(world, byAuthority)
    expect((await ask(party, shown(client))).status).toBe(200)
    expect(await ask(party, shown(client), distrustful.listens)).toMatchObject(refusal)
  })
  test('refuses the certificate of a client for another', async () => {
    const party = await signingParty(world, { ...byAuthority, tls_client_auth_san_dns: 'other.example' })
    expect(await ask(party, shown(client))).toMatchObject(refusal)
  })
  test.each([
    { tls_client_auth_san_dns: 'client.example' },
    { tls_client_auth_san_dns: undefined as never, tls_client_auth_subject_dn: 'CN=client,O=Ведомство' },
  ])('takes %o', async (name) => {
    const party = await signingParty(world, { ...byAuthority, ...name })
    expect((await ask(party, shown(client))).status).toBe(200)
  })
  test('takes PEM with URL encoding as well', async () => {
    const party = await signingParty(world, byAuthority)
    const headers = { [HEADER]: encodeURIComponent(client.certificate.toString()) }
    expect((await ask(party, headers)).status).toBe(200)
  })
})

describe('self_signed_tls_client_auth', () => {
  test('takes the registered certificate and no other', async () => {
    const party = await signingParty(world, bySelf)
    expect((await ask(party, shown(stranger))).status).toBe(200)
    expect(await ask(party, shown(issue({ subject: stranger.name })))).toMatchObject(refusal)
    expect(await ask(party, shown(client))).toMatchObject(refusal)
    expect(await ask(party)).toMatchObject(refusal)
    expect(await ask(party, shown(stranger), distrustful.listens)).toMatchObject(refusal)
  })
  test('a certificate does not stand in for a key, nor for a secret', async () => {
    const withKey = await signingParty(world, { grant_types: ['client_credentials'] })
    expect(await ask(withKey, shown(stranger))).toMatchObject(refusal)
    const withSecret = await world.relyingParty({ grant_types: ['client_credentials'] })
    const { status } = await supertest(world.listens)
      .post('/oauth2/token')
      .type('form')
      .set(shown(stranger))
      .send({ grant_type: 'client_credentials', client_id: withSecret.registration.client_id })
      .ok(() => true)
    expect(status).toBe(401)
  })
})

describe('tokens bound to a certificate', () => {
  const bound: Partial<RelyingParty> = { tls_client_certificate_bound_access_tokens: true }

  async function code(party: SigningParty): Promise<string> {
    const browser = world.browser()
    await browser.open(party.acting.authorizationUrl())
    await answerPages(browser, citizen)
    return browser.callback.get('code')!
  }
  const userinfo = async (accessToken: string, headers: Record<string, string>, listens = world.listens) =>
    (
      await supertest(listens)
        .get('/oauth2/userinfo')
        .set({ ...headers, Authorization: `Bearer ${accessToken}` })
        .ok(() => true)
    ).status

  test('are not given without one', async () => {
    const party = await signingParty(world, bound)
    expect(await party.redeem(await code(party), {}, { proof: undefined })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })
  test('serve with it only, and only through the proxy', async () => {
    const party = await signingParty(world, bound)
    const { status, body } = await party.redeem(await code(party), {}, { proof: undefined, headers: shown(stranger) })
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: 'Bearer' })
    expect(await userinfo(body.access_token, shown(stranger))).toBe(200)
    expect(await userinfo(body.access_token, shown(client))).toBe(401)
    expect(await userinfo(body.access_token, {})).toBe(401)
    expect(await userinfo(body.access_token, shown(stranger), distrustful.listens)).toBe(401)
    const { body: told } = await party.send('/oauth2/introspect', { token: body.access_token })
    expect(told).toMatchObject({ active: true, cnf: { 'x5t#S256': expect.any(String) } })
  })
  test('are refreshed with it only', async () => {
    const party = await signingParty(world, bound)
    const { body } = await party.redeem(await code(party), {}, { proof: undefined, headers: shown(stranger) })
    const refreshed = (headers: Record<string, string>) =>
      party.refresh(body.refresh_token!, { proof: undefined, headers })
    expect((await refreshed({})).status).toBe(400)
    const again = await refreshed(shown(stranger))
    expect(again.status).toBe(200)
    expect(await userinfo(again.body.access_token, {})).toBe(401)
  })
  test('cannot be bound twice', async () => {
    const party = await signingParty(world, bound)
    const proof = await party.proof('POST', '/oauth2/token')
    expect((await party.redeem(await code(party), {}, { proof, headers: shown(stranger) })).status).toBe(400)
  })
})

test('FAPI 2.0 by certificates alone: client and tokens', async () => {
  const party = await signingParty(world, {
    fapi_profile: 'security',
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_san_dns: 'client.example',
    tls_client_certificate_bound_access_tokens: true,
    jwks: undefined as never,
  })
  const by = { assertion: null, headers: shown(client) }
  const client_id = party.clientId
  expect((await party.push({}, { assertion: null })).status).toBe(401)
  const { status, body: pushed } = await party.push({}, by)
  expect(status).toBe(201)
  const code = (await party.arrive(citizen, pushed.request_uri)).callback.get('code')!
  const { body } = await party.redeem(code, { client_id }, { ...by, proof: undefined })
  expect(body).toMatchObject({ token_type: 'Bearer', refresh_token: expect.any(String) })
  const refresh = { grant_type: 'refresh_token', refresh_token: body.refresh_token!, client_id }
  for (let times = 0; times < 2; times++)
    expect((await party.token(refresh, { ...by, proof: undefined })).status).toBe(200)
  expect((await party.token(refresh, { assertion: null, proof: undefined })).status).toBe(401)
})

describe('discovery', () => {
  test('tells the methods, the binding and where to go with a certificate', async () => {
    const { body } = await supertest(world.listens).get('/.well-known/openid-configuration')
    expect(body.token_endpoint_auth_methods_supported).toEqual(
      expect.arrayContaining(['tls_client_auth', 'self_signed_tls_client_auth']),
    )
    expect(body.tls_client_certificate_bound_access_tokens).toBe(true)
    expect(body.mtls_endpoint_aliases).toMatchObject({
      token_endpoint: 'https://mtls.id.example/oauth2/token',
      pushed_authorization_request_endpoint: 'https://mtls.id.example/oauth2/par',
    })
    expect(body.token_endpoint).toBe(`${world.origin}/oauth2/token`)
  })
  test('is silent where certificates are not taken, and then nobody gets in by one', async () => {
    const plain = await startWorld({ beside: world, env: { TRUSTED_PROXIES: '127.0.0.1,::1' } })
    const { body } = await supertest(plain.listens).get('/.well-known/openid-configuration')
    expect(body.token_endpoint_auth_methods_supported.join()).not.toContain('tls')
    expect(body).not.toHaveProperty('mtls_endpoint_aliases')
    expect(body.tls_client_certificate_bound_access_tokens).toBeUndefined()
    const party = await signingParty(world, byAuthority)
    expect((await ask(party, shown(client), plain.listens)).status).toBeGreaterThanOrEqual(400)
    await plain.stop()
  })
})
