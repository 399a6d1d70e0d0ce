import { generateKeyPairSync } from 'node:crypto'
import { checkMetadata } from '#src/oidc/clients/check.ts'
import { MetadataRefused } from '#src/oidc/clients/faults.ts'
import type { Neighbours } from '#src/oidc/clients/neighbours.ts'
import type { RelyingParty } from '#src/oidc/clients.ts'

type Input = Readonly<Record<string, unknown>>

/** A registration without a fault. */
export const sound: Input = {
  client_id: 'benefits',
  client_name: 'Соцвыплаты',
  redirect_uris: ['https://rp.example/cb'],
}

const nothing: typeof fetch = async () => {
  throw new Error('nothing is fetched')
}

class Undemanding {
  readonly #metadata: object
  constructor(metadata: object) {
    this.#metadata = metadata
  }
  metadata() {
    return this.#metadata
  }
}

/** Nobody else is registered. */
export const alone: Neighbours = {
  clients: { read: async () => undefined },
  resourceServers: { list: async () => [] },
}

/** The check alone, in front of a provider that takes everything. */
export function check(metadata: Input, fetch: typeof globalThis.fetch = nothing): Promise<RelyingParty> {
  return checkMetadata({ ...sound, ...metadata }, { fetch, Client: Undemanding, neighbours: alone })
}

/** @returns `field: remedy` of everything that is refused */
export async function refused(metadata: Input, fetch?: typeof globalThis.fetch): Promise<string[]> {
  try {
    await check(metadata, fetch)
    return []
  } catch (fault) {
    if (!(fault instanceof MetadataRefused)) throw fault
    return fault.message.split('\n')
  }
}

const publicJwk = (pair: { publicKey: { export(options: { format: 'jwk' }): object } }) =>
  pair.publicKey.export({ format: 'jwk' }) as Record<string, string>

/** Public keys of each kind, and what a private one looks like. */
export const keys = {
  rsa: publicJwk(generateKeyPairSync('rsa', { modulusLength: 2048 })),
  weak: publicJwk(generateKeyPairSync('rsa', { modulusLength: 1024 })),
  ec: publicJwk(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  ec384: publicJwk(generateKeyPairSync('ec', { namedCurve: 'P-384' })),
  secp256k1: publicJwk(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })),
  ed25519: publicJwk(generateKeyPairSync('ed25519')),
  x25519: publicJwk(generateKeyPairSync('x25519')),
  private: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }) as Record<
    string,
    string
  >,
}
