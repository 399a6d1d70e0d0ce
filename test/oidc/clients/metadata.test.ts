import { describe, expect, test } from 'vitest'
import { checkMetadata } from '#src/oidc/clients/check.ts'
import { paymentType } from '../../resource-server.ts'
import { alone, check, keys, refused, sound } from './checking.ts'
import { faulty } from './faulty.ts'

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code'
const CIBA = 'urn:openid:params:grant-type:ciba'
const jwks = { keys: [keys.ec] }
const list = (...words: string[]) => words

test('a sound registration is taken, and what follows from it is written down', async () => {
  expect(await refused({})).toEqual([])
  expect(await check({})).toEqual({
    ...sound,
    response_types: ['code'],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'client_secret_basic',
  })
  expect(await check({ grant_types: ['client_credentials'], redirect_uris: undefined })).toMatchObject({
    response_types: [],
    redirect_uris: [],
  })
})

test('everything that is wrong is told at once', async () => {
  const faults = await refused({ client_name: '', redirect_uris: 'x', logo_uri: 'data:image/png;base64,AA', foo: 1 })
  expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual(['client_name', 'foo', 'logo_uri', 'redirect_uris'])
})

faulty('names', [
  [{ client_id: undefined }, 'client_id', 'is needed'],
  [{ client_id: 'a b' }, 'client_id', 'letters'],
  [{ client_id: '../x' }, 'client_id', 'letters'],
  [{ client_name: undefined }, 'client_name', 'is needed'],
  [{ client_name: 7 }, 'client_name', 'text'],
  [{ client_name: 'a\nb' }, 'client_name', 'one line'],
  [{ 'client_name#en': 'a\u200bb' }, 'client_name#en', 'visible'],
  [{ purpose: 'x'.repeat(301) }, 'purpose', '300'],
  [{ contacts: ['nobody'] }, 'contacts[0]', 'e-mail'],
  [{ client_secret: 'mine' }, 'client_secret', 'no field'],
  [{ default_max_age: -1 }, 'default_max_age', 'negative'],
  [{ default_max_age: 1.5 }, 'default_max_age', 'whole number'],
  [{ require_auth_time: 'yes' }, 'require_auth_time', 'true or false'],
  [{ scope: 'openid  email' }, 'scope', 'one space'],
  [{ scope: 'openid secrets' }, 'scope', 'only'],
  [{ minimum_acr: 'aal4' }, 'minimum_acr', 'aal1, aal2 or aal3'],
])

faulty('grants and response types', [
  [{ grant_types: ['implicit'] }, 'grant_types[0]', 'authorization_code'],
  [{ response_types: ['code id_token'] }, 'response_types[0]', 'code or none'],
  [{ response_types: ['code'], grant_types: ['client_credentials'] }, 'grant_types', 'must hold authorization_code'],
  [{ response_types: [], grant_types: ['authorization_code'] }, 'response_types', 'must hold code'],
  [{ response_types: [], grant_types: [] }, 'grant_types', 'must hold a grant'],
  [{ grant_types: ['refresh_token'], redirect_uris: [] }, 'grant_types', 'refresh_token can prolong'],
  [
    { grant_types: ['client_credentials'], token_endpoint_auth_method: 'none' },
    'token_endpoint_auth_method',
    'must not be none',
  ],
  [{ response_modes: [] }, 'response_modes', 'left out'],
  [{ response_modes: ['okay'] }, 'response_modes[0]', 'form_post'],
  [{ pkce: 'optional', token_endpoint_auth_method: 'none' }, 'pkce', 'required'],
])

faulty('how a client proves itself', [
  [{ token_endpoint_auth_method: 'client_secret_jwt' }, 'token_endpoint_auth_method', 'private_key_jwt'],
  [{ token_endpoint_auth_method: 'private_key_jwt' }, 'jwks', 'jwks_uri is needed'],
  [
    { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ ...keys.ec, use: 'enc' }] } },
    'jwks',
    'key to check signatures',
  ],
  [
    { token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'RS256', jwks },
    'token_endpoint_auth_signing_alg',
    'served by a key',
  ],
  [
    { token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'HS256', jwks },
    'token_endpoint_auth_signing_alg',
    'ES256',
  ],
  [{ token_endpoint_auth_signing_alg: 'ES256', jwks }, 'token_endpoint_auth_signing_alg', 'private_key_jwt'],
  [{ jwks, jwks_uri: 'https://rp.example/keys' }, 'jwks_uri', 'one place'],
  [{ token_endpoint_auth_method: 'self_signed_tls_client_auth' }, 'jwks', 'is needed'],
  [{ token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks }, 'jwks', 'x5c'],
  [{ token_endpoint_auth_method: 'tls_client_auth' }, 'tls_client_auth_subject_dn', 'is needed'],
  [
    {
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: 'CN=rp',
      tls_client_auth_san_dns: 'rp.example',
    },
    'tls_client_auth_san_dns',
    'exactly one',
  ],
  [{ tls_client_auth_san_ip: '10.0.0.1' }, 'tls_client_auth_san_ip', 'only belongs'],
  [
    { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_ip: '10.0.0.300' },
    'tls_client_auth_san_ip',
    'IP address',
  ],
  [
    { dpop_bound_access_tokens: true, tls_client_certificate_bound_access_tokens: true },
    'dpop_bound_access_tokens',
    'one way',
  ],
])

faulty('signatures and encryption', [
  [{ require_signed_request_object: true }, 'jwks', 'require_signed_request_object'],
  [{ request_object_signing_alg: 'none' }, 'request_object_signing_alg', 'ES256'],
  [{ request_object_signing_alg: 'ES256' }, 'jwks', 'request_object_signing_alg'],
  [{ request_object_signing_alg: 'RS256', jwks }, 'request_object_signing_alg', 'served by a key'],
  [{ id_token_signed_response_alg: 'HS256' }, 'id_token_signed_response_alg', 'ES256'],
  [{ id_token_encrypted_response_alg: 'RSA1_5', jwks }, 'id_token_encrypted_response_alg', 'RSA-OAEP'],
  [{ id_token_encrypted_response_enc: 'A128GCM' }, 'id_token_encrypted_response_alg', 'is needed'],
  [{ id_token_encrypted_response_alg: 'ECDH-ES' }, 'jwks', 'to encrypt to'],
  [{ id_token_encrypted_response_alg: 'RSA-OAEP', jwks }, 'id_token_encrypted_response_alg', 'served by a key'],
  [
    { id_token_encrypted_response_alg: 'ECDH-ES', jwks: { keys: [{ ...keys.ec, use: 'sig' }] } },
    'id_token_encrypted_response_alg',
    'not kept for signatures',
  ],
  [
    { userinfo_encrypted_response_alg: 'ECDH-ES', jwks: { keys: [keys.x25519] } },
    'userinfo_signed_response_alg',
    'is signed first',
  ],
])

faulty('pairwise subjects', [
  [
    { subject_type: 'pairwise', redirect_uris: list('https://a.example/', 'https://b.example/') },
    'sector_identifier_uri',
    'several hosts',
  ],
  [
    { subject_type: 'pairwise', application_type: 'native', redirect_uris: ['com.example.app:/cb'] },
    'sector_identifier_uri',
    'no host',
  ],
  [
    { subject_type: 'pairwise', grant_types: ['client_credentials'], redirect_uris: [] },
    'sector_identifier_uri',
    'without',
  ],
  [
    {
      subject_type: 'pairwise',
      grant_types: [DEVICE],
      redirect_uris: [],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks,
    },
    'jwks_uri',
    'pairwise',
  ],
  [
    { subject_type: 'pairwise', grant_types: [DEVICE], redirect_uris: [], jwks_uri: 'https://rp.example/keys' },
    'token_endpoint_auth_method',
    'private_key_jwt',
  ],
  [{ sector_identifier_uri: 'http://rp.example/' }, 'sector_identifier_uri', 'https'],
])

faulty('backchannel authentication', [
  [{ grant_types: [CIBA], redirect_uris: [] }, 'backchannel_token_delivery_mode', 'poll or ping'],
  [
    { grant_types: [CIBA], redirect_uris: [], backchannel_token_delivery_mode: 'push' },
    'backchannel_token_delivery_mode',
    'ping',
  ],
  [
    { grant_types: [CIBA], redirect_uris: [], backchannel_token_delivery_mode: 'ping' },
    'backchannel_client_notification_endpoint',
    'is needed',
  ],
  [
    {
      grant_types: [CIBA],
      redirect_uris: [],
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: 'http://localhost/',
    },
    'backchannel_client_notification_endpoint',
    'https',
  ],
  [
    {
      grant_types: [CIBA],
      redirect_uris: [],
      backchannel_token_delivery_mode: 'poll',
      token_endpoint_auth_method: 'none',
    },
    'token_endpoint_auth_method',
    'must not be none',
  ],
  [{ backchannel_token_delivery_mode: 'poll' }, 'backchannel_token_delivery_mode', 'only belongs'],
])

const fapi = {
  fapi_profile: 'security',
  token_endpoint_auth_method: 'private_key_jwt',
  dpop_bound_access_tokens: true,
  jwks,
}
const signing = { ...fapi, fapi_profile: 'message_signing' }

faulty('FAPI 2.0', [
  [{ ...fapi, token_endpoint_auth_method: 'client_secret_basic' }, 'token_endpoint_auth_method', 'private_key_jwt'],
  [{ ...fapi, dpop_bound_access_tokens: undefined }, 'dpop_bound_access_tokens', 'must be true'],
  [{ ...fapi, require_pushed_authorization_requests: false }, 'require_pushed_authorization_requests', 'must be true'],
  [{ ...fapi, id_token_signed_response_alg: 'RS256' }, 'id_token_signed_response_alg', 'PS256'],
  [{ ...fapi, redirect_uris: ['https://rp.example/cb', 'http://localhost/cb'] }, 'redirect_uris[1]', 'https'],
  [{ ...fapi, response_types: ['code', 'none'] }, 'response_types', 'code'],
  [{ ...fapi, pkce: 'optional' }, 'pkce', 'required'],
  [{ ...signing, require_signed_request_object: false }, 'require_signed_request_object', 'must be true'],
  [{ ...signing, response_modes: ['jwt', 'query'] }, 'response_modes', 'jwt'],
  [{ ...signing, authorization_signed_response_alg: 'RS256' }, 'authorization_signed_response_alg', 'PS256'],
  [{ ...signing, introspection_signed_response_alg: 'RS256' }, 'introspection_signed_response_alg', 'PS256'],
])

test('a FAPI profile brings what it asks for', async () => {
  expect(await check(fapi)).toMatchObject({ require_pushed_authorization_requests: true })
  expect(await check(signing)).toMatchObject({
    require_pushed_authorization_requests: true,
    require_signed_request_object: true,
    authorization_signed_response_alg: 'ES256',
    introspection_signed_response_alg: 'ES256',
  })
})

describe('behind our check the provider has its own, and its word counts', () => {
  const against = (Client: new () => { metadata(): object }) =>
    checkMetadata(sound, { fetch, Client, neighbours: alone }).catch((fault: Error) => fault.message)
  const refusing = (message: string) =>
    class {
      constructor() {
        throw Object.assign(new Error('invalid_client_metadata'), { error_description: message })
      }
      metadata = () => ({})
    }
  test('what it refuses is told by the field', async () => {
    expect(await against(refusing('grant_types can only contain x'))).toBe('grant_types: can only contain x')
    expect(await against(refusing('client JSON Web Key Set is invalid'))).toMatch(/^jwks: /)
  })
  test('a type of details that is described by now, and that it has not heard of yet, is worth another try', async () => {
    const server = { identifier: 'urn:payments', name: 'Выплаты', scopes: [], token_lifetime: 300 }
    const described = {
      ...server,
      token_format: 'jwt',
      authorization_details_types: [paymentType],
      state: 'active',
    } as const
    const neighbours = { ...alone, resourceServers: { list: async () => [described] } }
    const Client = refusing('authorization_details_types must be empty (no values allowed)')
    const answer = checkMetadata({ ...sound, authorization_details_types: ['payment'] }, { fetch, Client, neighbours })
    await expect(answer).rejects.toThrow(
      'authorization_details_types: holds a type that was described a moment ago; repeat',
    )
  })
  test('what it would drop is refused', async () => {
    const dropping = class {
      metadata = () => ({ client_id: 'x', client_name: 'x' })
    }
    expect(await against(dropping)).toMatch(/^redirect_uris: is switched off/)
  })
})
