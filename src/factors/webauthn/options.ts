import { algorithms, type PublicKey, type Site } from './ceremony.ts'
import { CHALLENGE_SECONDS } from './challenges.ts'

/** Options as JSON that a script hands to the browser (section 5.1, `parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON`). */
type Options = Readonly<Record<string, unknown>>

const TIMEOUT_MS = CHALLENGE_SECONDS * 1000

const named = ({ credentialId, transports }: PublicKey) => ({ id: credentialId, type: 'public-key', transports })

/** @param allowed keys that may answer; none leave it to the browser to offer what it knows */
export function requestOptions(
  site: Site,
  challenge: string,
  { allowed, userVerification }: { allowed: readonly PublicKey[]; userVerification: 'required' | 'preferred' },
): Options {
  return { challenge, rpId: site.id, allowCredentials: allowed.map(named), userVerification, timeout: TIMEOUT_MS }
}

/** @param user how authenticators show and keep the account; the handle is random and stands for it alone */
export function creationOptions(
  site: Site,
  challenge: string,
  options: {
    rpName: string
    user: { readonly handle: string; readonly name: string; readonly displayName: string }
    excluded: readonly PublicKey[]
  },
): Options {
  const { handle: id, name, displayName } = options.user
  return {
    challenge,
    rp: { id: site.id, name: options.rpName },
    user: { id, name, displayName },
    pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: options.excluded.map(named),
    // A hardware key whose few places for discoverable keys are taken still serves as a further factor.
    authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'preferred' },
    attestation: 'none',
    extensions: { credProps: true },
    timeout: TIMEOUT_MS,
  }
}
