import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { type Issued, issue } from '../oidc/mtls/certificates.ts'
import type { ActingParty } from '../relying-party.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { begin, discover, wayBack } from './openid-client.ts'
import { CERTIFICATE_HEADER, startTlsProxy, type TlsProxy } from './tls-proxy.ts'

const authority = issue({ subject: [[['CN', 'Authority']]], ca: true })
const certificate = issue({ subject: [[['O', 'Library']], [['CN', 'rp']]], issuer: authority })
const selfSigned = issue({ subject: [[['CN', 'rp']]] })

let folder: string
let world: World
let proxy: TlsProxy
let citizen: Citizen
beforeAll(async () => {
  proxy = await startTlsProxy()
  folder = await mkdtemp(join(tmpdir(), 'propusk-authority-'))
  const file = join(folder, 'authority.pem')
  await writeFile(file, authority.certificate.toString())
  world = await startWorld({
    env: {
      MTLS_CERTIFICATE_HEADER: CERTIFICATE_HEADER,
      MTLS_CA_FILE: file,
      MTLS_ORIGIN: proxy.origin,
      TRUSTED_PROXIES: '127.0.0.1,::1',
    },
  })
  proxy.forwardTo(world.origin)
  citizen = await world.citizen()
})
afterAll(async () => {
  await proxy?.close()
  await world?.stop()
  await rm(folder, { recursive: true, force: true })
})

const byName = { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'CN=rp,O=Library' }
const byKey = () => ({
  token_endpoint_auth_method: 'self_signed_tls_client_auth',
  jwks: {
    keys: [{ ...selfSigned.publicKey.export({ format: 'jwk' }), x5c: [selfSigned.certificate.raw.toString('base64')] }],
  },
})

const registered = (metadata: Partial<RelyingParty>) =>
  world.relyingParty({
    client_secret: undefined as never,
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    ...metadata,
  })

/** @param shown the certificate that the library's connections show, if any */
async function configured(party: ActingParty, shown: Issued | undefined): Promise<client.Configuration> {
  const configuration = await discover(world, party, {
    auth: client.TlsClientAuth(),
    metadata: { use_mtls_endpoint_aliases: true },
  })
  configuration[client.customFetch] = proxy.fetchWith(shown) as client.CustomFetch
  return configuration
}

describe('openid-client with mutual TLS is refused', () => {
  test.each<[string, Partial<RelyingParty>, Issued | undefined]>([
    ['without a certificate', byName, undefined],
    ['with one of another name', byName, issue({ subject: [[['CN', 'other']]], issuer: authority })],
    ['with one of nobody that is trusted', byName, issue({ subject: [[['O', 'Library']], [['CN', 'rp']]] })],
    ['with one that it has not registered', byKey(), certificate],
  ])('%s', async (_what, metadata, shown) => {
    const configuration = await configured(await registered(metadata), shown)
    const refusal = client.clientCredentialsGrant(configuration)
    await expect(refusal).rejects.toMatchObject({ error: 'invalid_client', status: 401 })
  })

  test('with a certificate that it only writes into the header', async () => {
    const configuration = await configured(await registered(byName), undefined)
    const plain = configuration[client.customFetch]!
    configuration[client.customFetch] = (url, options) =>
      plain(url, {
        ...options,
        headers: { ...options.headers, [CERTIFICATE_HEADER]: `:${certificate.certificate.raw.toString('base64')}:` },
      })
    await expect(client.clientCredentialsGrant(configuration)).rejects.toMatchObject({ error: 'invalid_client' })
  })
})

describe('openid-client with mutual TLS', () => {
  test('finds the endpoints that ask for certificates', async () => {
    const configuration = await configured(await registered(byName), certificate)
    expect(configuration.serverMetadata().mtls_endpoint_aliases).toMatchObject({
      token_endpoint: `${proxy.origin}/oauth2/token`,
    })
  })

  test.each<[string, () => Partial<RelyingParty>, Issued]>([
    ['by a certificate of an authority', () => byName, certificate],
    ['by a certificate of its own', byKey, selfSigned],
  ])('%s signs a person in, with tokens bound to it', async (_way, metadata, shown) => {
    const party = await registered({ ...metadata(), tls_client_certificate_bound_access_tokens: true })
    const configuration = await configured(party, shown)
    const { url, checks } = await begin(configuration, party)
    const tokens = await client.authorizationCodeGrant(configuration, await wayBack(world, citizen, url), checks)
    const renewed = await client.refreshTokenGrant(configuration, tokens.refresh_token!)
    const person = await client.fetchUserInfo(configuration, renewed.access_token, String(citizen.oid))
    expect(person.email).toBe(citizen.email)
    expect(await client.tokenIntrospection(configuration, renewed.access_token)).toMatchObject({
      cnf: { 'x5t#S256': expect.any(String) },
    })

    const thief = await configured(party, issue({ subject: [[['CN', 'rp']]], issuer: authority }))
    const stolen = client.fetchUserInfo(thief, renewed.access_token, String(citizen.oid))
    await expect(stolen).rejects.toMatchObject({ status: 401 })
  })
})
