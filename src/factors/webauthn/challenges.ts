import { createHmac, timingSafeEqual } from 'node:crypto'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { ticketHash } from '#src/kernel/ids.ts'
import { randomBytes } from '#src/kernel/random.ts'
import type { Statement } from '#src/store/statement.ts'
import type { Store } from '#src/store/store.ts'

const NONCE_BYTES = 16
/** Milliseconds, as two answers of one key are told apart by when they were asked for. */
const EXPIRY_BYTES = 6
const MAC_BYTES = 16
const HEAD_BYTES = NONCE_BYTES + EXPIRY_BYTES

/** How long a challenge waits for its answer. */
export const CHALLENGE_SECONDS = 300

/**
 * Challenges of 38 bytes that carry their own term and a MAC over what they are for. Nothing is stored until one is answered: every page of
 * the sign-in makes one, and most are never answered.
 */
export interface Challenges {
  /** @param purpose what the answer shall count for, such as one sign-in. @returns base64url */
  make(purpose: string): string
  /**
   * Takes the one answer that a challenge may have, committed at once: of two answers, in whichever processes, one is first.
   * @returns when it was made; undefined for one that is answered, too old, made for something else, or not ours
   */
  spend(challenge: string, purpose: string): Promise<Date | undefined>
}

const spend: Statement = {
  name: 'webauthn:spend',
  text: 'insert into webauthn_spent (id, expires_at) values ($1, $2) on conflict do nothing returning id',
}

export function makeChallenges(deps: { store: Pick<Store, 'run'>; key: Buffer; clock: Clock }): Challenges {
  const { store, key, clock } = deps
  const macOf = (head: Buffer, purpose: string) =>
    createHmac('sha256', key).update(head).update(purpose).digest().subarray(0, MAC_BYTES)

  return {
    make(purpose) {
      const expiry = Buffer.alloc(EXPIRY_BYTES)
      expiry.writeUIntBE(addSeconds(clock.now(), CHALLENGE_SECONDS).getTime(), 0, EXPIRY_BYTES)
      const head = Buffer.concat([randomBytes(NONCE_BYTES), expiry])
      return Buffer.concat([head, macOf(head, purpose)]).toString('base64url')
    },
    async spend(challenge, purpose) {
      const bytes = Buffer.from(challenge, 'base64url')
      // Only the spelling that was sent: another one of the same bytes would be spent anew.
      if (bytes.length !== HEAD_BYTES + MAC_BYTES || bytes.toString('base64url') !== challenge) return undefined
      const head = bytes.subarray(0, HEAD_BYTES)
      if (!timingSafeEqual(bytes.subarray(HEAD_BYTES), macOf(head, purpose))) return undefined
      const expiresAt = new Date(head.readUIntBE(NONCE_BYTES, EXPIRY_BYTES))
      if (expiresAt <= clock.now()) return undefined
      const [spent] = await store.run<{ id: string }>(spend, [ticketHash(challenge), expiresAt])
      return spent && addSeconds(expiresAt, -CHALLENGE_SECONDS)
    },
  }
}
