import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import type { ActingParty } from '../relying-party.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { type ClientKeys, clientKeys } from './client-keys.ts'
import { discover, parametersFor, wayBack } from './openid-client.ts'

let world: World
let citizen: Citizen
let signing: ClientKeys
let decrypting: ClientKeys
let dpop: client.CryptoKeyPair
beforeAll(async () => {
  ;[world, signing, decrypting, dpop] = await Promise.all([
    startWorld(),
    clientKeys('ES256'),
    clientKeys('ECDH-ES'),
    client.randomDPoPKeyPair(),
  ])
  citizen = await world.citizen()
})
afterAll(() => world.stop())

interface Ways {
  readonly metadata?: Partial<RelyingParty>
  readonly auth?: client.ClientAuth
  readonly execute?: Parameters<typeof discover>[2] extends { execute?: infer E } | undefined ? E : never
}

async function registered(ways: Ways = {}) {
  const party = await world.relyingParty(ways.metadata)
  const { id_token_encrypted_response_alg, userinfo_signed_response_alg, userinfo_encrypted_response_alg } =
    party.registration
  const configuration = await discover(world, party, {
    ...(ways.auth && { auth: ways.auth }),
    ...(ways.execute && { execute: ways.execute }),
    metadata: {
      ...(id_token_encrypted_response_alg && { id_token_encrypted_response_alg }),
      ...(userinfo_signed_response_alg && { userinfo_signed_response_alg }),
      ...(userinfo_encrypted_response_alg && { userinfo_encrypted_response_alg }),
    },
  })
  return { party, configuration }
}

type Asked = Record<string, string>
type Request = (configuration: client.Configuration, parameters: Asked) => URL | Promise<URL>

const plain: Request = client.buildAuthorizationUrl
const pushed: Request = client.buildAuthorizationUrlWithPAR
const signed: Request = (configuration, parameters) =>
  client.buildAuthorizationUrlWithJAR(configuration, parameters, signing.privateKey)
const signedAndPushed: Request = async (configuration, parameters) =>
  client.buildAuthorizationUrlWithPAR(configuration, (await signed(configuration, parameters)).searchParams)

async function signIn(by: { party: ActingParty; configuration: client.Configuration }, ask: Request, more: Asked = {}) {
  const { parameters, checks } = await parametersFor(by.party, more)
  const back = await wayBack(world, citizen, await ask(by.configuration, parameters))
  return client.authorizationCodeGrant(by.configuration, back, checks)
}

const withKey = (): Partial<RelyingParty> => ({ jwks: { keys: [signing.publicJwk] } })

describe('openid-client is refused', () => {
  test('a pushed request to an address that is not registered', async () => {
    const { configuration, party } = await registered()
    const { parameters } = await parametersFor(party, { redirect_uri: 'https://evil.example/cb' })
    const refusal = client.buildAuthorizationUrlWithPAR(configuration, parameters)
    await expect(refusal).rejects.toMatchObject({ name: 'ResponseBodyError', status: 400 })
  })

  test('a pushed request with a wrong secret', async () => {
    const { configuration, party } = await registered({ auth: client.ClientSecretPost('wrong') })
    const { parameters } = await parametersFor(party)
    const refusal = client.buildAuthorizationUrlWithPAR(configuration, parameters)
    await expect(refusal).rejects.toMatchObject({ status: 401 })
  })

  test('a plain request where its registration demands pushed ones', async () => {
    const by = await registered({ metadata: { require_pushed_authorization_requests: true } })
    await expect(signIn(by, plain)).rejects.toMatchObject({ error: 'invalid_request' })
  })

  test('an unsigned request where its registration demands signed ones', async () => {
    const by = await registered({ metadata: { ...withKey(), require_signed_request_object: true } })
    await expect(signIn(by, plain)).rejects.toMatchObject({ error: 'invalid_request' })
  })

  test('a request signed with a key that is not its own', async () => {
    const by = await registered({ metadata: { jwks: { keys: [(await clientKeys('ES256')).publicJwk] } } })
    await expect(signIn(by, signedAndPushed)).rejects.toMatchObject({ error: 'invalid_request_object' })
  })
})

describe('openid-client asks', () => {
  test.each<[string, Request]>([
    ['by a pushed request', pushed],
    ['by a signed request', signed],
    ['by a signed request that it pushes', signedAndPushed],
  ])('%s', async (_way, ask) => {
    const by = await registered({ metadata: withKey() })
    const tokens = await signIn(by, ask, { acr_values: 'aal2' })
    expect(tokens.claims()).toMatchObject({ sub: String(citizen.oid), acr: 'aal2' })
  })
})

describe('openid-client is answered', () => {
  test('by a signed response, and sees one that is not', async () => {
    const by = await registered({ execute: [client.useJwtResponseMode] })
    expect((await signIn(by, plain)).claims()?.sub).toBe(String(citizen.oid))
    const { parameters, checks } = await parametersFor(by.party, { prompt: 'none' })
    const back = await wayBack(world, citizen, client.buildAuthorizationUrl(by.configuration, parameters))
    const [head, , signature] = back.searchParams.get('response')!.split('.')
    back.searchParams.set('response', `${head}.e30.${signature}`)
    await expect(client.authorizationCodeGrant(by.configuration, back, checks)).rejects.toThrow()
  })

  test('by a signed refusal', async () => {
    const by = await registered({ execute: [client.useJwtResponseMode] })
    await expect(signIn(by, plain, { prompt: 'none' })).rejects.toMatchObject({ error: 'login_required' })
  })

  test.each([
    ['ECDH-ES', 'A256GCM'],
    ['RSA-OAEP-256', 'A128CBC-HS256'],
  ])('by an encrypted id_token and signed, encrypted userinfo: %s, %s', async (alg, enc) => {
    const keys = alg === 'ECDH-ES' ? decrypting : await clientKeys(alg)
    const by = await registered({
      metadata: {
        jwks: { keys: [keys.publicJwk] },
        id_token_encrypted_response_alg: alg,
        id_token_encrypted_response_enc: enc,
        userinfo_signed_response_alg: 'ES256',
        userinfo_encrypted_response_alg: alg,
        userinfo_encrypted_response_enc: enc,
      },
      execute: [(configuration) => client.enableDecryptingResponses(configuration, [enc], keys.decryption)],
    })
    const tokens = await signIn(by, plain)
    expect(tokens.id_token!.split('.')).toHaveLength(5)
    const person = await client.fetchUserInfo(by.configuration, tokens.access_token, String(citizen.oid))
    expect(person).toMatchObject({ email: citizen.email })
  })

  test('by an encrypted response', async () => {
    const by = await registered({
      metadata: {
        jwks: { keys: [decrypting.publicJwk] },
        authorization_encrypted_response_alg: 'ECDH-ES',
        authorization_encrypted_response_enc: 'A256GCM',
      },
      execute: [
        client.useJwtResponseMode,
        (configuration) => client.enableDecryptingResponses(configuration, ['A256GCM'], decrypting.decryption),
      ],
    })
    expect((await signIn(by, plain)).claims()?.sub).toBe(String(citizen.oid))
  })
})

describe('openid-client keeps to FAPI 2.0', () => {
  const fapi = (profile: 'security' | 'message_signing'): Ways => ({
    metadata: {
      ...withKey(),
      fapi_profile: profile,
      token_endpoint_auth_method: 'private_key_jwt',
      client_secret: undefined as never,
      dpop_bound_access_tokens: true,
    },
    auth: client.PrivateKeyJwt(signing.privateKey),
    execute: profile === 'message_signing' ? [client.useJwtResponseMode, client.enableNonRepudiationChecks] : [],
  })

  async function signInWithDpop(by: Awaited<ReturnType<typeof registered>>, ask: Request) {
    const DPoP = client.getDPoPHandle(by.configuration, dpop)
    const { parameters, checks } = await parametersFor(by.party)
    const back = await wayBack(world, citizen, await ask(by.configuration, parameters))
    const tokens = await client.authorizationCodeGrant(by.configuration, back, checks, undefined, { DPoP })
    return { tokens, DPoP }
  }

  test('security profile: pushed request, signed assertion, bound tokens that a refresh does not replace', async () => {
    const by = await registered(fapi('security'))
    const { tokens, DPoP } = await signInWithDpop(by, pushed)
    expect(tokens.token_type).toBe('dpop')
    const person = await client.fetchUserInfo(by.configuration, tokens.access_token, String(citizen.oid), { DPoP })
    expect(person.sub).toBe(String(citizen.oid))
    const renewed = await client.refreshTokenGrant(by.configuration, tokens.refresh_token!, undefined, { DPoP })
    expect([undefined, tokens.refresh_token]).toContain(renewed.refresh_token)
  })

  test('message signing: signed request, signed response', async () => {
    const by = await registered(fapi('message_signing'))
    const { tokens } = await signInWithDpop(by, signedAndPushed)
    expect(tokens.claims()?.sub).toBe(String(citizen.oid))
  })
})
