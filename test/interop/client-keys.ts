import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type { DecryptionKey } from 'openid-client'

/** A key pair of a client: one half for its library, the other for its registration. */
export interface ClientKeys {
  readonly privateKey: CryptoKey
  /** The private half as openid-client wants it: it looks for the `kid` that the server encrypted to. */
  readonly decryption: DecryptionKey
  /** With `kid`, `alg` and `use`. */
  readonly publicJwk: JWK
}

/** @param alg JOSE algorithm, which also tells whether the key signs or is encrypted to */
export async function clientKeys(alg: string): Promise<ClientKeys> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const use = alg.startsWith('ECDH') || alg.startsWith('RSA-OAEP') ? 'enc' : 'sig'
  const kid = `${use}-${alg}`
  return {
    privateKey,
    decryption: { key: privateKey, kid },
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use },
  }
}
