import { expect, test } from 'vitest'
import { keySetFaults, serves } from '#src/oidc/clients/jwks.ts'
import { issue } from '../mtls/certificates.ts'
import { keys, refused } from './checking.ts'

const flat = (jwks: unknown) => keySetFaults(jwks).map(({ field, remedy }) => `${field}: ${remedy}`)

test.each<[string, object, string, RegExp]>([
  ['a shared secret', { kty: 'oct', k: 'AAAA' }, 'kty', /shared secret/],
  ['another kind', { kty: 'AKP', pub: 'AAAA' }, 'kty', /RSA, EC or OKP/],
  ['a private key', keys.private, 'd', /burnt.*new pair/],
  ['a half private RSA key', { ...keys.rsa, dp: 'AAAA' }, 'dp', /burnt/],
  ['a short RSA key', keys.weak, 'n', /1024 bits.*2048/],
  ['a curve that is not offered', keys.secp256k1, 'crv', /P-256 or P-384 or P-521/],
  ['no curve', { ...keys.ec, crv: undefined }, 'crv', /P-256/],
  ['an Edwards curve that is not offered', { ...keys.ed25519, crv: 'Ed448' }, 'crv', /Ed25519 or X25519/],
  ['a point off the curve', { ...keys.ec, y: keys.ec.x }, 'x', /valid public key/],
  ['padding', { ...keys.ec, x: `${keys.ec.x}=` }, 'x', /base64url/],
  ['a missing coordinate', { ...keys.ec, y: undefined }, 'y', /base64url/],
  ['an algorithm of another kind', { ...keys.ec, alg: 'RS256' }, 'alg', /cannot be RS256/],
  ['an algorithm of another curve', { ...keys.ec384, alg: 'ES256' }, 'alg', /cannot be ES256/],
  ['an unknown use', { ...keys.ec, use: 'both' }, 'use', /sig or enc/],
  ['a kid that is no text', { ...keys.ec, kid: 7 }, 'kid', /text/],
  ['a certificate that is none', { ...keys.ec, x5c: ['AAAA'] }, 'x5c', /certificate/],
])('%s is refused by its member', (_title, key, member, remedy) => {
  const [fault, ...more] = flat({ keys: [keys.rsa, key] })
  expect(fault?.startsWith(`jwks.keys[1].${member}: `), fault).toBe(true)
  expect(fault).toMatch(remedy)
  expect(more).toEqual([])
})

test.each<[unknown, string]>([
  [null, 'jwks: '],
  [{}, 'jwks: '],
  [{ keys: {} }, 'jwks: '],
  [{ keys: [] }, 'jwks.keys: '],
  [{ keys: ['x'] }, 'jwks.keys[0]: '],
  [{ keys: Array(21).fill(keys.ec) }, 'jwks.keys: '],
])('%j is no key set', (jwks, start) => {
  expect(flat(jwks)[0]?.startsWith(start)).toBe(true)
})

test('two keys of one kid', () => {
  expect(
    flat({
      keys: [
        { ...keys.ec, kid: 'a' },
        { ...keys.rsa, kid: 'a' },
      ],
    }),
  ).toEqual(['jwks.keys[1].kid: is also that of jwks.keys[0]; give every key a kid of its own'])
})

test('RSA, EC and EdDSA keys are taken', async () => {
  const set = [keys.rsa, keys.ec, keys.ec384, keys.ed25519, keys.x25519].map((key, index) => ({
    ...key,
    kid: `${index}`,
  }))
  expect(await refused({ jwks: { keys: set } })).toEqual([])
})

test('the certificate of another key is refused, its own is taken', () => {
  const { certificate, publicKey } = issue({ subject: [[['CN', 'rp']]] })
  const x5c = [certificate.raw.toString('base64')]
  expect(flat({ keys: [{ ...keys.ec, x5c }] })[0]).toContain('jwks.keys[0].x5c: ')
  expect(flat({ keys: [{ ...publicKey.export({ format: 'jwk' }), x5c }] })).toEqual([])
})

test.each<[object, string, boolean]>([
  [keys.ec, 'ES256', true],
  [keys.ec, 'ES384', false],
  [keys.ec, 'ECDH-ES', true],
  [{ ...keys.ec, use: 'sig' }, 'ECDH-ES', false],
  [{ ...keys.ec, alg: 'ES256' }, 'ECDH-ES', false],
  [keys.rsa, 'PS256', true],
  [{ ...keys.rsa, alg: 'RS256' }, 'PS256', false],
  [keys.ed25519, 'EdDSA', true],
  [keys.x25519, 'ECDH-ES+A128KW', true],
  [keys.x25519, 'EdDSA', false],
])('a key serves what it can: %#', (key, algorithm, does) => {
  expect(serves(key as Record<string, unknown>, algorithm)).toBe(does)
})
