import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server'
import { COSEALG, decodeAttestationObject, isoCBOR } from '@simplewebauthn/server/helpers'
import type { Locale } from '#src/kernel/locale.ts'
import type { Assertion, Registration } from './answers.ts'

/** Algorithms that keys may have, the preferred one first. */
export const algorithms = [COSEALG.ES256, COSEALG.EdDSA, COSEALG.RS256]

/** Whose keys they are: the site, as browsers see it. */
export interface Site {
  /** The RP ID: the host of the issuer. */
  readonly id: string
  readonly name: Readonly<Record<Locale, string>>
  /** Where a key may be used: the issuer, and its related origins. */
  readonly origins: readonly string[]
}

/** What an authenticator says of itself with each answer (authenticator data, section 6.1). */
export interface Flags {
  readonly counter: number
  /** UV. */
  readonly userVerified: boolean
  /** BE: the key may be copied to further devices by its provider. */
  readonly synced: boolean
  /** BS. */
  readonly backedUp: boolean
}

/** A key as it is kept; ids in base64url. */
export interface PublicKey {
  readonly credentialId: string
  /** COSE. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly transports: readonly string[]
}

/**
 * Checks a new key (section 7.1). No attestation is asked for, so whatever statement comes along is left out of account unread: certificates
 * of somebody's choice would only send us to fetch the lists that they name.
 * @returns undefined when it does not hold
 */
export async function checkRegistration(site: Site, answer: Registration): Promise<(PublicKey & Flags) | undefined> {
  try {
    const { registrationInfo: made } = await verifyRegistrationResponse({
      response: { ...answer, response: { ...answer.response, attestationObject: withoutStatement(answer) } },
      expectedChallenge: answer.challenge,
      expectedOrigin: [...site.origins],
      expectedRPID: site.id,
      requireUserVerification: false,
      supportedAlgorithmIDs: algorithms,
    })
    if (made?.credential.id !== answer.id) return undefined
    const { credential, userVerified, credentialDeviceType, credentialBackedUp: backedUp } = made
    const { id: credentialId, publicKey, counter } = credential
    const synced = credentialDeviceType === 'multiDevice'
    return {
      credentialId,
      publicKey,
      transports: answer.response.transports,
      counter,
      userVerified,
      synced,
      backedUp,
    }
  } catch {
    // Every fault in what was sent ends as an error of the library.
    return undefined
  }
}

function withoutStatement({ response }: Registration): string {
  const sent = decodeAttestationObject(new Uint8Array(Buffer.from(response.attestationObject, 'base64url')))
  const object = new Map<string, string | Uint8Array | Map<string, string>>([
    ['fmt', 'none'],
    ['attStmt', new Map()],
    ['authData', sent.get('authData')],
  ])
  return Buffer.from(isoCBOR.encode(object)).toString('base64url')
}

/**
 * Checks the answer of an enrolled key (section 7.2) but for its counter, which is for the statement that stores it to compare.
 * @returns undefined when it does not hold
 */
export async function checkAssertion(site: Site, answer: Assertion, key: PublicKey): Promise<Flags | undefined> {
  try {
    const { verified, authenticationInfo: said } = await verifyAuthenticationResponse({
      response: { ...answer, response: { ...answer.response, userHandle: answer.response.userHandle ?? '' } },
      expectedChallenge: answer.challenge,
      expectedOrigin: [...site.origins],
      expectedRPID: site.id,
      requireUserVerification: false,
      credential: { id: key.credentialId, publicKey: key.publicKey, counter: 0 },
    })
    if (!verified) return undefined
    const { newCounter: counter, userVerified, credentialBackedUp: backedUp } = said
    return { counter, userVerified, synced: said.credentialDeviceType === 'multiDevice', backedUp }
  } catch {
    return undefined
  }
}
