import { deepStrictEqual } from 'node:assert/strict'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import type { Bed, Site } from './bed.ts'
import { codeFlow, DEVICE_COOKIE, PLACE_COOKIE } from './flows.ts'
import { terms } from './terms.ts'

/** Ours alone: what the other side's page does without. */
const OWN_COOKIES = new Set(['__Host-csrf', '__Host-csrf.sig', DEVICE_COOKIE, PLACE_COOKIE])

/**
 * Both sides must publish the same metadata and keys and issue tokens of the same kind, or their figures cannot be compared.
 * @throws AssertionError that shows the difference
 */
export async function assertTwins(bed: Bed, ours: Site, other: Site): Promise<void> {
  const [a, b] = await Promise.all([portrait(bed, ours), portrait(bed, other)])
  deepStrictEqual(a, b)
}

async function portrait(bed: Bed, site: Site) {
  const visitor = site.visitor()
  const json = async <T>(path: string): Promise<T> => JSON.parse((await visitor.get(path)).text)
  const metadata = await json<Record<string, unknown>>('/.well-known/openid-configuration')
  const jwks = await json<JSONWebKeySet>('/oauth2/jwks')
  const { id_token, access_token, refresh_token, ...rest } = await codeFlow(visitor, bed.client, bed.nextResident())
  const { payload, protectedHeader } = await jwtVerify(id_token, createLocalJWKSet(jwks), {
    issuer: terms.issuer,
    audience: bed.client.client_id,
  })
  return {
    metadata,
    jwks,
    tokens: { ...rest, accessTokenLength: access_token.length, refreshTokenLength: refresh_token.length },
    idToken: { header: protectedHeader, claims: Object.keys(payload).sort(), lives: payload.exp! - payload.iat! },
    cookies: visitor.cookieNames.filter((name) => !OWN_COOKIES.has(name)),
  }
}
