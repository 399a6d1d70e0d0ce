import { generateKeyPairSync } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import type { PublicKey } from './ceremony.ts'

/** Checked in place of a key that nobody has, so that an unknown one costs what a wrong answer costs. Nobody keeps its private half. */
export const decoy: PublicKey = { credentialId: 'decoy', publicKey: coseKey(), transports: [] }

/** ES256, as RFC 9053 writes it: kty, alg, crv, x, y. */
function coseKey(): Uint8Array<ArrayBuffer> {
  const { x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
  const bytes = (part: string | undefined) => new Uint8Array(Buffer.from(part ?? '', 'base64url'))
  const key = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, bytes(x)],
    [-3, bytes(y)],
  ])
  return isoCBOR.encode(key as Parameters<typeof isoCBOR.encode>[0])
}
