import { beforeAll, describe, expect, test } from 'vitest'
import { type SigningKey, signingKey } from '../../signing-party.ts'
import { worldOfFile } from '../../world.ts'

/** A registration that is weaker than its FAPI profile serves nobody, however it came into the database. */

const world = worldOfFile()
let key: SigningKey
beforeAll(async () => {
  key = await signingKey()
})

type Metadata = Readonly<Record<string, unknown>>
interface Built {
  readonly requirePushedAuthorizationRequests: boolean
  readonly requireSignedRequestObject: boolean
  responseModeAllowed(mode: string, type: string): boolean
}

/** The provider's client of a registration. @throws as the provider does when it takes the registration up */
function built(metadata: Metadata): Built {
  const Client = world.house.providers.current.Client as unknown as new (metadata: Metadata) => Built
  return new Client({
    client_id: 'fapi',
    redirect_uris: ['https://rp.example/cb'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [key.publicJwk] },
    dpop_bound_access_tokens: true,
    fapi_profile: 'security',
    ...metadata,
  })
}

describe('is refused', () => {
  test.each<[string, Metadata]>([
    [
      'token_endpoint_auth_method',
      { token_endpoint_auth_method: 'client_secret_basic', client_secret: 'x'.repeat(43) },
    ],
    ['token_endpoint_auth_method', { token_endpoint_auth_method: 'none' }],
    ['dpop_bound_access_tokens', { dpop_bound_access_tokens: false }],
    // Where the installation takes no certificates, the provider would pass the binding over.
    ['dpop_bound_access_tokens', { dpop_bound_access_tokens: false, tls_client_certificate_bound_access_tokens: true }],
    ['response_types', { response_types: ['code', 'none'] }],
    ['redirect_uris\\[0]', { redirect_uris: ['http://rp.example/cb'] }],
    ['token_endpoint_auth_signing_alg', { token_endpoint_auth_signing_alg: 'RS256' }],
    ['request_object_signing_alg', { request_object_signing_alg: 'RS256' }],
    ['id_token_signed_response_alg', { id_token_signed_response_alg: 'RS256' }],
    ['userinfo_signed_response_alg', { userinfo_signed_response_alg: 'RS256' }],
    ['authorization_signed_response_alg', { authorization_signed_response_alg: 'RS256' }],
    ['introspection_signed_response_alg', { introspection_signed_response_alg: 'RS256' }],
    ['response_modes', { fapi_profile: 'message_signing', response_modes: ['jwt', 'query'] }],
  ])('for its %s: %o', (field, metadata) => {
    expect(() => built(metadata)).toThrow(
      expect.objectContaining({
        error: expect.stringMatching(/^invalid_(client_metadata|redirect_uri)$/),
        error_description: expect.stringMatching(new RegExp(`^${field} must .*fapi_profile`)),
      }),
    )
  })
})

test('requests have to be pushed, and for Message Signing signed, whatever is registered', () => {
  const security = built({ require_pushed_authorization_requests: false })
  expect(security.requirePushedAuthorizationRequests).toBe(true)
  expect(security.requireSignedRequestObject).toBeFalsy()
  expect(security.responseModeAllowed('query', 'code')).toBe(true)
  const signing = built({ fapi_profile: 'message_signing' })
  expect(signing).toMatchObject({ requirePushedAuthorizationRequests: true, requireSignedRequestObject: true })
  expect(['jwt', 'query.jwt', 'query', 'form_post'].map((mode) => signing.responseModeAllowed(mode, 'code'))).toEqual([
    true,
    true,
    false,
    false,
  ])
})

test('other clients keep all that is theirs', () => {
  const plain = built({
    fapi_profile: undefined,
    token_endpoint_auth_method: 'client_secret_basic',
    client_secret: 'x'.repeat(43),
    dpop_bound_access_tokens: false,
    id_token_signed_response_alg: 'RS256',
  })
  expect(plain.requirePushedAuthorizationRequests).toBeFalsy()
  expect(plain.responseModeAllowed('query', 'code')).toBe(true)
})
