import type { Configuration } from 'oidc-provider'

/** Kinds of our own signing keys, ES256 first as the default. The key of EdDSA also signs as Ed25519, the newer name of the same (RFC 9864). */
export const keyAlgorithms = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const
export type KeyAlgorithm = (typeof keyAlgorithms)[number]

/** What signs here and what clients may sign with: no shared secrets (RFC 8725, section 3.2), nothing below 128 bits of strength. */
const signatures = [...keyAlgorithms, 'Ed25519'] as const

/** Client keys may be larger than ours. */
const clientSignatures = [...signatures, 'ES384', 'ES512', 'PS384', 'PS512'] as const

/** A proof names no registration that could tell FAPI from others, so for all what is modern (FAPI 2.0 Security Profile, section 5.4). */
const proofSignatures = clientSignatures.filter((alg) => alg !== 'RS256')

/** FAPI 2.0 Security Profile, section 5.4. */
export const fapiSignatures: readonly string[] = ['PS256', 'ES256', 'EdDSA', 'Ed25519']

const keyWraps = ['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW', 'RSA-OAEP', 'RSA-OAEP-256'] as const
const contentEncryptions = ['A128CBC-HS256', 'A256CBC-HS512', 'A128GCM', 'A256GCM'] as const

/** Algorithms by use; a client is registered with one of each kind that it needs. */
export const enabledJwa: NonNullable<Configuration['enabledJWA']> = {
  idTokenSigningAlgValues: [...signatures],
  userinfoSigningAlgValues: [...signatures],
  introspectionSigningAlgValues: [...signatures],
  authorizationSigningAlgValues: [...signatures],
  clientAuthSigningAlgValues: [...clientSignatures],
  requestObjectSigningAlgValues: [...clientSignatures],
  dPoPSigningAlgValues: proofSignatures,
  idTokenEncryptionAlgValues: [...keyWraps],
  idTokenEncryptionEncValues: [...contentEncryptions],
  userinfoEncryptionAlgValues: [...keyWraps],
  userinfoEncryptionEncValues: [...contentEncryptions],
  introspectionEncryptionAlgValues: [...keyWraps],
  introspectionEncryptionEncValues: [...contentEncryptions],
  authorizationEncryptionAlgValues: [...keyWraps],
  authorizationEncryptionEncValues: [...contentEncryptions],
  requestObjectEncryptionAlgValues: [],
  requestObjectEncryptionEncValues: [],
}
