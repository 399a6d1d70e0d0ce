import { addressLine } from '#src/accounts/identity/addresses.ts'
import type { Owner } from '#src/accounts/owner-notices.ts'
import { addSeconds } from '#src/kernel/clock.ts'
import { findRequest, readPayload } from '../request-store.ts'
import { letterCodeHash, newLetterCode } from './code.ts'
import { printLetter } from './letter-pdf.ts'
import { LOOK_SECONDS, lockLetter, lookAgain, readLetter, setCode, type Which } from './letter-store.ts'
import { letterText, recipientName } from './letter-text.ts'
import { addressOrdered, type OrderedFor } from './ordered-for.ts'
import { endLetter, type LetterParts, RECORD_CHANGED } from './parts.ts'

/** The print service may be down for so long before the citizen has to order anew. */
const POSTING_SECONDS = 7 * 86_400

/**
 * Prints a letter that was ordered: its code is made with the sheet, outside any transaction, and both are stored together. Whoever is quicker
 * of two processes has printed it; one that dies before has left nothing behind.
 */
export function makePrinting(parts: LetterParts): (owner: Owner, which: Which) => Promise<void> {
  const { store, keyring, dataKeys, clock, postOffice, sender } = parts

  return async (owner, which) => {
    const { account, settings } = owner
    const request = await findRequest(store.db, which)
    if (request?.state !== 'waiting') return
    const { number, dueAt: until } = request
    const key = await dataKeys.of(which.oid)
    const address = addressOrdered(key, account, await readPayload<OrderedFor>(store.db, key, which))
    const code = newLetterCode()
    const letter = address && { person: account.person, address, number, code, at: clock.now(), until }
    const text = letter && letterText(parts.translate(settings.locale), settings.locale, sender, letter)
    const pdf = text && (await printLetter(text))
    await store.tx(async (tx) => {
      const now = await lockLetter(tx, which)
      if (now?.state !== 'waiting' || (await readLetter(tx, which)).isPrinted) return
      if (!address || !pdf) return endLetter(tx, parts, { owner, which, number }, RECORD_CHANGED)
      await setCode(tx, which, letterCodeHash(keyring.key('letters'), which, code))
      const recipient = `${recipientName(account.person)}, ${addressLine(address)}`
      await postOffice.post(tx, { ...which, kind: 'letter', recipient, pdf, ttlSeconds: POSTING_SECONDS })
      await lookAgain(tx, which, addSeconds(clock.now(), LOOK_SECONDS))
    })
  }
}
