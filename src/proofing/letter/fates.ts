import type { Owner } from '#src/accounts/owner-notices.ts'
import { addSeconds } from '#src/kernel/clock.ts'
import type { Tx } from '#src/store/store.ts'
import { addStep } from '../request-store.ts'
import { letterSent } from './events.ts'
import { dueLetters, fateOfSheet, lockLetter, lookAgain, markSent, readLetter, type Which } from './letter-store.ts'
import { endLetter, type LetterParts, NOT_SENT, TRIES, TRIES_USED } from './parts.ts'

const BATCH = 100
const LOOK_SECONDS = 60

/** Follows what becomes of letters: sent, never sent, expired; any number of processes may do so at once. */
export function makeFates(parts: LetterParts): () => Promise<void> {
  const { store, ownerNotices, journal, clock, log } = parts

  async function follow(tx: Tx, owner: Owner, which: Which): Promise<void> {
    const request = await lockLetter(tx, which)
    if (request?.state !== 'waiting') return
    const now = clock.now()
    const { tries, sentAt, expiresAt } = await readLetter(tx, which)
    const end = (why: string) => endLetter(tx, parts, { owner, which, number: String(request.number) }, why)
    if (expiresAt <= now) return end('expired')
    if (tries >= TRIES) return end(TRIES_USED)
    if (sentAt) return lookAgain(tx, which, expiresAt)
    const sheet = await fateOfSheet(tx, which)
    if (sheet?.state === 'waiting') return lookAgain(tx, which, addSeconds(now, LOOK_SECONDS))
    if (sheet?.state !== 'sent') return end(NOT_SENT)
    const at = sheet.settled_at ?? now
    await markSent(tx, which, at)
    await addStep(tx, which, 'letter_sent', [], at)
    await journal.record(tx, letterSent({ account: which.oid, request: which.id }))
    return lookAgain(tx, which, expiresAt)
  }

  return async () => {
    for (const which of await dueLetters(store.db, clock.now(), BATCH)) {
      try {
        const owner = await ownerNotices.ownerOf(which.oid)
        await store.tx((tx) => follow(tx, owner, which))
      } catch (err) {
        // It is due again at the next run, and does not stand in the way of the others.
        log.error({ err, request: which.id }, 'letter not followed')
      }
    }
  }
}
