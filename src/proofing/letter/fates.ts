import type { Owner } from '#src/accounts/owner-notices.ts'
import { addSeconds } from '#src/kernel/clock.ts'
import type { Tx } from '#src/store/store.ts'
import { type Claim, claimDue } from '../due.ts'
import type { Letters } from '../proofing.ts'
import { addStep, endRequest } from '../request-store.ts'
import { letterSent } from './events.ts'
import { fateOfSheet, LOOK_SECONDS, lockLetter, lookAgain, markSent, readLetter, type Which } from './letter-store.ts'
import { endLetter, type LetterParts, NOT_SENT, TRIES, TRIES_USED } from './parts.ts'
import { makePrinting } from './printing.ts'

/** At once in one process: printing takes some tenths of a second each, and nobody else shall take them over meanwhile. */
const BATCH = 10

/** Follows letters: printed, sent, never sent, expired; any number of processes may do so at once. */
export function makeFates(parts: LetterParts): Pick<Letters, 'work' | 'workDue'> {
  const { store, ownerNotices, journal, clock, log } = parts
  const print = makePrinting(parts)

  /** @returns `print` where that is the next step: it takes too long for a transaction */
  async function follow(tx: Tx, owner: Owner, which: Which): Promise<'print' | undefined> {
    const request = await lockLetter(tx, which)
    if (request?.state !== 'waiting') return
    const now = clock.now()
    const { isPrinted, tries, sentAt, expiresAt } = await readLetter(tx, which)
    const end = (why: string) => endLetter(tx, parts, { owner, which, number: String(request.number) }, why)
    if (request.isLeft) await endRequest(tx, which, 'withdrawn', { at: now })
    else if (expiresAt <= now) await end('expired')
    else if (tries >= TRIES) await end(TRIES_USED)
    else if (sentAt) await lookAgain(tx, which, expiresAt)
    else if (!isPrinted) return 'print'
    else await followSheet(tx, which, { now, expiresAt, end })
  }

  async function followSheet(
    tx: Tx,
    which: Which,
    { now, expiresAt, end }: { now: Date; expiresAt: Date; end: (why: string) => Promise<void> },
  ): Promise<void> {
    const sheet = await fateOfSheet(tx, which)
    if (sheet?.state === 'waiting') return lookAgain(tx, which, addSeconds(now, LOOK_SECONDS))
    if (sheet?.state !== 'sent') return end(NOT_SENT)
    const at = sheet.settled_at ?? now
    await markSent(tx, which, at)
    await addStep(tx, which, 'letter_sent', [], at)
    await journal.record(tx, letterSent({ account: which.oid, request: which.id }))
    await lookAgain(tx, which, expiresAt)
  }

  async function goOn(which: Which): Promise<void> {
    try {
      const owner = await ownerNotices.ownerOf(which.oid)
      const next = await store.tx((tx) => follow(tx, owner, which))
      if (next === 'print') await print(owner, which)
    } catch (err) {
      // It is due again when its lease ends, and does not stand in the way of the others.
      log.error({ err, request: which.id }, 'letter not followed')
    }
  }

  async function workAll(claim: Claim): Promise<void> {
    for (;;) {
      const due = await claimDue(store.db, clock.now(), 'letters', claim)
      if (due.length === 0) return
      for (const which of due) await goOn(which)
    }
  }

  return {
    work: (only) => workAll({ limit: 1, only }),
    workDue: () => workAll({ limit: BATCH }),
  }
}
