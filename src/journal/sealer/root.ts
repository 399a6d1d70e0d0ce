import { createPublicKey, hash, verify } from 'node:crypto'

/** What is signed about a batch of events. */
export interface Root {
  /** 1, 2, 3 … */
  readonly number: number
  /** Hash of the root before, `none` for the first. */
  readonly previous: string
  readonly at: Date
  readonly events: number
  /** Numbers of the first and the last event. */
  readonly first: number
  readonly last: number
  /** When the last of its events expires, as `2027-11-23`. */
  readonly expires: string
  /** Root of the Merkle tree over its events, base64url. */
  readonly tree: string
  /** The public key that signs it: 32 bytes of Ed25519, base64url. */
  readonly key: string
}

export interface SignedRoot extends Root {
  /** Ed25519 (RFC 8032) over `statementOf`, base64url. */
  readonly signature: string
}

export const NO_ROOT = 'none'

/** The text that is signed: lines of a word and its value, each ended by a line feed. */
export function statementOf(root: Root): string {
  return `propusk journal root 1
number ${root.number}
previous ${root.previous}
at ${root.at.toISOString()}
events ${root.events}
first ${root.first}
last ${root.last}
expires ${root.expires}
tree ${root.tree}
key ${root.key}
`
}

/** SHA-256 of the text, base64url: by it the next root names this one, and whoever keeps it holds everything up to here. */
export const hashOf = (root: Root): string => hash('sha256', statementOf(root), 'base64url')

export function isSigned(root: SignedRoot): boolean {
  try {
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: root.key } })
    return verify(null, Buffer.from(statementOf(root)), key, Buffer.from(root.signature, 'base64url'))
  } catch {
    // No key at all.
    return false
  }
}
