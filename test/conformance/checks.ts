import { createLocalJWKSet, type JWTHeaderParameters, type JWTPayload, jwtVerify } from 'jose'
import supertest from 'supertest'
import { expect } from 'vitest'
import type { Answer, Tokens } from '../relying-party.ts'
import type { World } from '../world.ts'

export interface IdToken {
  readonly header: JWTHeaderParameters
  readonly claims: JWTPayload & {
    readonly sub: string
    readonly iat: number
    readonly auth_time?: number
    readonly acr?: string
  }
}

/** RFC 6749, appendix A.7 and A.8: neither quotation marks nor line breaks nor anything beyond ASCII. */
export const NQCHAR = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/

/** JSON types of the standard claims (Core, section 5.1); of others nothing is said. */
const TYPES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    `sub name given_name family_name middle_name nickname preferred_username profile picture website email gender birthdate zoneinfo
    locale phone_number`
      .split(/\s+/)
      .map((claim) => [claim, 'string']),
  ),
  email_verified: 'boolean',
  phone_number_verified: 'boolean',
  updated_at: 'number',
  address: 'object',
}

/** An error of the authorization endpoint (RFC 6749, section 4.1.2.1) that the relying party got. */
export function checkAuthorizationError(answer: URLSearchParams, allowed: readonly string[]): void {
  expect(allowed).toContain(answer.get('error'))
  const known = ['error', 'error_description', 'error_uri', 'state', 'iss']
  expect([...answer.keys()].filter((name) => !known.includes(name))).toEqual([])
  if (answer.has('error_description')) expect(answer.get('error_description')).toMatch(NQCHAR)
}

/** A token answer (RFC 6749, section 5.1; Core, section 3.1.3.3). */
export function checkTokenAnswer({ status, headers, body }: Answer<Tokens>): Tokens {
  expect(status, JSON.stringify(body)).toBe(200)
  expect(headers['content-type']).toMatch(/^application\/json(;|$)/)
  expect(headers['cache-control']).toContain('no-store')
  expect(body.access_token).toMatch(/^[\x20-\x7e]{22,}$/)
  expect(body).toMatchObject({ token_type: 'Bearer', id_token: expect.any(String) })
  expect(Number.isInteger(body.expires_in) && body.expires_in > 0).toBe(true)
  if (body.refresh_token !== undefined) expect(body.refresh_token).toMatch(/^[\x20-\x7e]{22,}$/)
  return body
}

/** An error of the token endpoint (RFC 6749, section 5.2). */
export function checkTokenError({ status, headers, body }: Answer<object>, error: string): void {
  expect(status).toBe(400)
  expect(headers['content-type']).toMatch(/^application\/json(;|$)/)
  expect(headers['cache-control']).toContain('no-store')
  expect(body).toMatchObject({ error })
  const { error_description: description } = body as { error_description?: string }
  if (description !== undefined) expect(description).toMatch(NQCHAR)
}

/** Core, section 3.1.3.7, and what the suite checks in every id_token: its key named, no personal claims by the way. */
export async function checkIdToken(
  world: World,
  jwt: string,
  expected: { clientId: string; nonce: string | undefined },
): Promise<IdToken> {
  const { body: jwks } = await supertest(world.listens).get('/oauth2/jwks')
  const { payload, protectedHeader } = await jwtVerify(jwt, createLocalJWKSet(jwks), {
    issuer: world.origin,
    audience: expected.clientId,
    currentDate: new Date(),
    requiredClaims: ['sub', 'exp', 'iat'],
  })
  const key = jwks.keys.filter(({ kid }: { kid: string }) => kid === protectedHeader.kid)
  expect(key).toEqual([expect.objectContaining({ alg: protectedHeader.alg, use: 'sig' })])
  expect(payload.aud).toBe(expected.clientId)
  expect(payload.nonce).toBe(expected.nonce)
  expect(payload.sub).toMatch(/^[\x20-\x7e]{1,255}$/)
  expect(Object.keys(payload)).not.toContain('name')
  if (payload.auth_time !== undefined) expect(Number.isInteger(payload.auth_time)).toBe(true)
  checkTypes(payload)
  return { header: protectedHeader, claims: payload as IdToken['claims'] }
}

/** An answer of userinfo in JSON (Core, sections 5.1 and 5.3.2). */
export function checkUserinfo({ status, headers, body }: Answer, sub: string): Record<string, unknown> {
  expect(status).toBe(200)
  expect(headers['content-type']).toMatch(/^application\/json(;|$)/)
  expect(body.sub).toBe(sub)
  checkTypes(body)
  if (body.birthdate !== undefined) expect(body.birthdate).toMatch(/^\d{4}(-\d\d-\d\d)?$/)
  if (body.updated_at !== undefined) {
    expect(body.updated_at).toBeLessThanOrEqual(Date.now() / 1000)
    expect(body.updated_at).toBeGreaterThan(Date.UTC(1990, 0) / 1000)
  }
  return body
}

function checkTypes(claims: Readonly<Record<string, unknown>>): void {
  const wrong = Object.keys(claims).filter(
    (claim) => TYPES[claim] !== undefined && typeof claims[claim] !== TYPES[claim],
  )
  expect(wrong, 'claims of the wrong type').toEqual([])
}
