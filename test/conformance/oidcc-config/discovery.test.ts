import { importJWK } from 'jose'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWorld, type World } from '../../world.ts'

const ISSUER = 'https://id.example'

let world: World
let metadata: Record<string, unknown>
let headers: Record<string, string>
beforeAll(async () => {
  world = await startWorld({ env: { ISSUER } })
  const answer = await supertest(world.listens).get('/.well-known/openid-configuration').expect(200)
  metadata = answer.body
  headers = answer.headers
})
afterAll(() => world.stop())

const list = (name: string) => metadata[name] as string[]

describe('oidcc-discovery-endpoint-verification', () => {
  test('the metadata are JSON at the well-known address of the issuer they name (Discovery, section 4.3)', () => {
    expect(headers['content-type']).toMatch(/^application\/json(;|$)/)
    expect(metadata.issuer).toBe(ISSUER)
  })

  test('every address is https and of the issuer', () => {
    const addresses = Object.entries(metadata).filter(([name]) => /_(endpoint|uri)$/.test(name))
    expect(addresses.map(([name]) => name)).toEqual(
      expect.arrayContaining(['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri']),
    )
    for (const [name, address] of addresses) expect(new URL(String(address)).origin, name).toBe(ISSUER)
  })

  test.each([
    ['response_types_supported', 'code'],
    ['subject_types_supported', 'public'],
    ['id_token_signing_alg_values_supported', 'RS256'],
    ['request_object_signing_alg_values_supported', 'RS256'],
    ['grant_types_supported', 'authorization_code'],
    ['response_modes_supported', 'form_post'],
    ['scopes_supported', 'openid'],
    ['claims_supported', 'sub'],
    ['code_challenge_methods_supported', 'S256'],
    ['token_endpoint_auth_methods_supported', 'client_secret_basic'],
    ['token_endpoint_auth_methods_supported', 'client_secret_post'],
    ['userinfo_signing_alg_values_supported', 'ES256'],
  ])('%s is a list that has "%s"', (name, value) => {
    expect(list(name)).toContain(value)
    expect(new Set(list(name)).size, 'each once').toBe(list(name).length)
  })

  test('what is optional is said either way, not left to defaults that mean the opposite', () => {
    expect(metadata).toMatchObject({
      claims_parameter_supported: true,
      request_parameter_supported: true,
      request_uri_parameter_supported: false,
      authorization_response_iss_parameter_supported: true,
    })
  })

  test('scopes are words of RFC 6749, section 3.3', () => {
    for (const scope of list('scopes_supported')) expect(scope).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/)
  })

  test('nothing is offered unsigned or under a shared secret', () => {
    for (const name of Object.keys(metadata).filter((name) => /_signing_alg_values_supported$/.test(name)))
      for (const alg of list(name)) expect(alg, name).not.toMatch(/^(none|HS\d+)$/)
  })

  test('jwks_uri has public keys only, each with a kid of its own, each one loads', async () => {
    const { pathname } = new URL(String(metadata.jwks_uri))
    const { body } = await supertest(world.listens).get(pathname).expect(200)
    const kids = body.keys.map(({ kid }: { kid: string }) => kid)
    expect(new Set(kids).size).toBe(kids.length)
    expect(kids).not.toContain(undefined)
    for (const key of body.keys) {
      expect(
        Object.keys(key).filter((member) => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].includes(member)),
      ).toEqual([])
      // The one of Ed25519 signs under two names and so carries neither.
      expect(await importJWK(key, key.alg ?? 'Ed25519')).toMatchObject({ type: 'public' })
    }
  })

  test('the metadata of OAuth say the same (RFC 8414)', async () => {
    const { body } = await supertest(world.listens).get('/.well-known/oauth-authorization-server').expect(200)
    expect(body).toEqual(metadata)
  })
})
