import { randomInt } from 'node:crypto'
import { type Challenge, createChallenge, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { z } from 'zod'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { constantTimeEqual, ticketHash } from '#src/kernel/ids.ts'
import type { Limit } from '#src/throttle/throttle.ts'

/** What a page with a challenge needs. */
export interface ShownChallenge {
  /** JSON of the challenge, which comes back with the form. */
  readonly payload: string
  /** So long whoever runs no script has to wait instead. */
  readonly seconds: number
}

/** The two inputs of a form that carry it, as typed. */
export interface TypedProof {
  readonly challenge: string
  readonly solution: string
}

export type CheckedProof =
  /** Nothing, or nothing that counts here and now. */
  | { readonly kind: 'none' }
  /** Without a solution, before the wait is over: to be shown again, or the wait would begin anew. */
  | { readonly kind: 'early'; readonly shown: ShownChallenge }
  /** `id` is what is spent. */
  | { readonly kind: 'solved' | 'waited'; readonly id: string; readonly hardness: number }

/** Proofs of work: signed, bound to one purpose, for a quarter of an hour. Nothing is stored; whoever takes one spends its `id`. */
export interface Challenges {
  /**
   * @param purpose what the proof is good for, e.g. one identifier in one sign-in; not readable from the challenge
   * @param hardness 1, 2, 4, 8 or 16 times the work of the easiest
   */
  make(purpose: string, hardness: number): Promise<ShownChallenge>
  check(purpose: string, typed: TypedProof): Promise<CheckedProof>
}

/** A proof counts once; the counter of its id lives longer than it does. */
export const proofLimit: Limit = {
  name: 'proof',
  windowSeconds: 3600,
  free: 1,
  delaySeconds: 3600,
  maxDelaySeconds: 3600,
}

const TTL_SECONDS = 900
/** Of the easiest; a harder one takes as many times longer to wait for. */
const WAIT_SECONDS = 30
/** So many keys are derived for the easiest one at most, half as many on average; nobody can know where not to begin. */
const MOST = 384

const Parameters = z.object({
  nonce: z.string(),
  expiresAt: z.number(),
  data: z.object({ purpose: z.string(), hardness: z.number(), readyAt: z.number() }),
})
const Solution = z.object({ counter: z.number(), derivedKey: z.string().max(128) })

/**
 * Each proof is up to 384 derivations of a key (PBKDF2 with SHA-256, which every browser has), times its hardness: the answer is fixed
 * when the challenge is made, so that no person waits long for bad luck, and checking it is one HMAC.
 * @param cost iterations of each derivation
 * @param key signs challenges
 */
export function makeChallenges({ key, cost, clock }: { key: Buffer; cost: number; clock: Clock }): Challenges {
  const secret = key.toString('base64url')
  const secrets = { hmacSignatureSecret: `challenge:${secret}`, hmacKeySignatureSecret: `solution:${secret}` }
  const seconds = (at: Date) => Math.floor(at.getTime() / 1000)
  const bound = (purpose: string) => ticketHash(`${secret}:${purpose}`)

  return {
    async make(purpose, hardness) {
      const wait = WAIT_SECONDS * hardness
      const now = clock.now()
      const challenge = await createChallenge({
        algorithm: 'PBKDF2/SHA-256',
        cost,
        counter: randomInt(MOST * hardness),
        deriveKey,
        expiresAt: seconds(addSeconds(now, TTL_SECONDS)),
        data: { purpose: bound(purpose), hardness, readyAt: seconds(addSeconds(now, wait)) },
        ...secrets,
      })
      return { payload: JSON.stringify(challenge), seconds: wait }
    },
    async check(purpose, typed) {
      const challenge = readJson(typed.challenge) as Challenge | undefined
      const parameters = Parameters.safeParse(challenge?.parameters).data
      if (!challenge || !parameters || typeof challenge.signature !== 'string') return { kind: 'none' }
      const solution = Solution.safeParse(readJson(typed.solution)).data
      const verified = await verifySolution({
        challenge,
        solution: solution ?? { counter: 0, derivedKey: '' },
        deriveKey,
        ...secrets,
      }).catch(() => undefined)
      // Without a solution it is the signature that counts.
      if (verified?.invalidSignature !== false) return { kind: 'none' }
      const { data, expiresAt, nonce: id } = parameters
      const now = seconds(clock.now())
      if (expiresAt < now || !constantTimeEqual(data.purpose, bound(purpose))) return { kind: 'none' }
      if (verified.verified) return { kind: 'solved', id, hardness: data.hardness }
      if (data.readyAt <= now) return { kind: 'waited', id, hardness: data.hardness }
      return { kind: 'early', shown: { payload: typed.challenge, seconds: data.readyAt - now } }
    },
  }
}

function readJson(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
