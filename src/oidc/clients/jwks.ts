import { createPublicKey, type KeyObject, type webcrypto, X509Certificate } from 'node:crypto'
import type { MetadataFault } from './faults.ts'

/** A public key of a client (RFC 7517). */
export type ClientKey = Readonly<Record<string, unknown>>

const MOST_KEYS = 20
const LEAST_RSA_BITS = 2048
/** Larger ones make each verification a burden that the client puts on us. */
const MOST_RSA_BITS = 8192

const curves: Readonly<Record<string, readonly string[]>> = {
  EC: ['P-256', 'P-384', 'P-521'],
  OKP: ['Ed25519', 'X25519'],
}
/** Members of private and symmetric keys (RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1; AKP's `priv`). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

/** Algorithms that a key of one kind and curve can serve. */
const algorithmsOf: Readonly<Record<string, RegExp>> = {
  RSA: /^([RP]S(256|384|512)|RSA-OAEP(-256)?)$/,
  'P-256': /^(ES256|ECDH-ES(\+A\d+KW)?)$/,
  'P-384': /^(ES384|ECDH-ES(\+A\d+KW)?)$/,
  'P-521': /^(ES512|ECDH-ES(\+A\d+KW)?)$/,
  Ed25519: /^(EdDSA|Ed25519)$/,
  X25519: /^ECDH-ES(\+A\d+KW)?$/,
}

/**
 * What is wrong with a client's inline key set; faults are named below `jwks`, as in `jwks.keys[0].crv`. A private key that was sent here
 * has been seen by others than its owner: the remedy says so.
 */
export function keySetFaults(jwks: unknown): MetadataFault[] {
  const keys = (jwks as { keys?: unknown } | null)?.keys
  if (!Array.isArray(keys)) return [{ field: 'jwks', remedy: 'must be a JWK set: {"keys": [...]}' }]
  if (keys.length === 0) return [{ field: 'jwks.keys', remedy: 'must hold a key' }]
  if (keys.length > MOST_KEYS) return [{ field: 'jwks.keys', remedy: `must hold ${MOST_KEYS} keys at most` }]
  const kids = keys.map((key) => (key as ClientKey | null)?.kid)
  return keys.flatMap((key, index) => {
    const at = `jwks.keys[${index}]`
    if (typeof key !== 'object' || key === null || Array.isArray(key)) return [{ field: at, remedy: 'must be a JWK' }]
    const twin = kids.indexOf(key.kid)
    if (key.kid !== undefined && twin < index)
      return [{ field: `${at}.kid`, remedy: `is also that of jwks.keys[${twin}]; give every key a kid of its own` }]
    return keyFault(key, at) ?? []
  })
}

function keyFault(key: ClientKey, at: string): MetadataFault | undefined {
  const fault = (member: string, remedy: string) => ({ field: `${at}.${member}`, remedy })
  if (key.kty === 'oct') return fault('kty', 'is a shared secret; register a public RSA, EC or OKP key')
  const leaked = privateMembers.find((member) => key[member] !== undefined)
  if (leaked !== undefined)
    return fault(leaked, 'is private: this key is burnt. Make a new pair and register only its public part')
  if (key.kty !== 'RSA' && key.kty !== 'EC' && key.kty !== 'OKP') return fault('kty', 'must be RSA, EC or OKP')
  const allowed = curves[key.kty]
  if (allowed && !allowed.includes(String(key.crv))) return fault('crv', `must be ${allowed.join(' or ')}`)
  for (const member of ['kid', 'alg', 'use'])
    if (key[member] !== undefined && (typeof key[member] !== 'string' || key[member] === ''))
      return fault(member, 'must be text, or be left out')
  if (key.use !== undefined && key.use !== 'sig' && key.use !== 'enc') return fault('use', 'must be sig or enc')
  if (key.alg !== undefined && !algorithmsOf[kindOf(key)]!.test(String(key.alg)))
    return fault('alg', `cannot be ${key.alg} for a key of this kind; leave it out or correct it`)
  return materialFault(key, fault)
}

/** Whether the numbers make a key: base64url, of the right length, a point on the curve, strong enough. */
function materialFault(key: ClientKey, fault: (member: string, remedy: string) => MetadataFault) {
  const members = key.kty === 'RSA' ? ['n', 'e'] : key.kty === 'EC' ? ['x', 'y'] : ['x']
  for (const member of members)
    if (typeof key[member] !== 'string' || !/^[A-Za-z0-9_-]+$/.test(key[member]))
      return fault(member, 'must be base64url without padding')
  const opened = openKey(key)
  if (!opened) return fault(members[0]!, 'does not make a valid public key with the other members')
  const bits = opened.asymmetricKeyDetails?.modulusLength
  if (bits !== undefined && (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS))
    return fault('n', `has ${bits} bits; an RSA key must have ${LEAST_RSA_BITS} to ${MOST_RSA_BITS}`)
  if (key.x5c !== undefined && !certifies(key.x5c, opened))
    return fault('x5c', 'must begin with the certificate of this very key, as base64 of its DER form')
  return undefined
}

function openKey(key: ClientKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: key as webcrypto.JsonWebKey, format: 'jwk' })
  } catch {
    return undefined
  }
}

function certifies(chain: unknown, key: KeyObject): boolean {
  if (!Array.isArray(chain) || chain.length === 0 || !chain.every((item) => typeof item === 'string')) return false
  try {
    const [first] = chain.map((item) => new X509Certificate(Buffer.from(item, 'base64')))
    return first!.publicKey.equals(key)
  } catch {
    return false
  }
}

const kindOf = (key: ClientKey) => (key.kty === 'RSA' ? 'RSA' : String(key.crv))

/** Whether a key that is free of faults can serve an algorithm, for signing or for encryption as its name says. */
export function serves(key: ClientKey, algorithm: string): boolean {
  const use = /^(RSA-OAEP|ECDH)/.test(algorithm) ? 'enc' : 'sig'
  if (key.use !== undefined && key.use !== use) return false
  return (key.alg === undefined || key.alg === algorithm) && algorithmsOf[kindOf(key)]?.test(algorithm) === true
}
