import { randomUUID } from 'node:crypto'
import type { Address } from '#src/accounts/fields/address.ts'
import { addressLine } from '#src/accounts/identity/addresses.ts'
import { digestOf } from '#src/accounts/identity/digests.ts'
import { provenAddressOf } from '#src/accounts/identity/proven-data.ts'
import type { Owner } from '#src/accounts/owner-notices.ts'
import { addSeconds } from '#src/kernel/clock.ts'
import type { Tx } from '#src/store/store.ts'
import type { Letters } from '../proofing.ts'
import { findOpen, findRequest, insertRequest } from '../request-store.ts'
import { letterCodeHash, newLetterCode } from './code.ts'
import { letterOrdered } from './events.ts'
import { makeFates } from './fates.ts'
import { printLetter } from './letter-pdf.ts'
import { insertLetter, type OrderedFor, ordersSince } from './letter-store.ts'
import { letterText, recipientName } from './letter-text.ts'
import { type LetterParts, NOT_SENT } from './parts.ts'
import { makeRedeem } from './redeeming.ts'

const DAY_SECONDS = 86_400
const LIFE_SECONDS = 60 * DAY_SECONDS
/** The print service may be down for so long before the citizen has to order anew. */
const POSTING_SECONDS = 7 * DAY_SECONDS
const YEAR_SECONDS = 365 * DAY_SECONDS
const A_YEAR = 3
/** When it is first looked whether the sheet is sent. */
const LOOK_SECONDS = 60

/** Registered letters: ordered, sent, redeemed (R-A5). What became of the sheets is found by `workDue`. */
export function makeLetters(parts: LetterParts): Letters {
  const { store, ownerNotices, keyring, dataKeys, journal, clock, available } = parts

  /** @returns why not; undefined when it is done */
  async function insert(tx: Tx, owner: Owner, address: Address, id: string, origin: string) {
    const { account, settings } = owner
    const { oid, person } = account
    const now = clock.now()
    const until = addSeconds(now, LIFE_SECONDS)
    const key = await dataKeys.of(oid, tx)
    const payload: OrderedFor = {
      letter: { person: digestOf(key, 'person', person), address: digestOf(key, 'address', addressLine(address)) },
    }
    const ordered = await ordersSince(tx, oid, addSeconds(now, -YEAR_SECONDS), NOT_SENT)
    if (ordered >= A_YEAR) return 'too_many'
    const number = await insertRequest(
      tx,
      { key, numbersKey: keyring.key('requests') },
      {
        oid,
        id,
        kind: 'letter',
        state: 'waiting',
        origin,
        createdAt: now,
        dueAt: until,
        tryAt: addSeconds(now, LOOK_SECONDS),
        payload,
      },
    )
    if (number === undefined) return 'open'
    const code = newLetterCode()
    await insertLetter(
      tx,
      { oid, id },
      { codeHash: letterCodeHash(keyring.key('letters'), { oid, id }, code), expiresAt: until },
    )
    const { locale } = settings
    const letter = { person, address, number, code, at: now, until }
    const pdf = await printLetter(letterText(parts.translate(locale), locale, parts.sender, letter))
    const recipient = `${recipientName(person)}, ${addressLine(address)}`
    await parts.postOffice.post(tx, { oid, id, kind: 'letter', recipient, pdf, ttlSeconds: POSTING_SECONDS })
    await journal.record(tx, letterOrdered({ account: oid, request: id, origin }))
    await ownerNotices.tell(tx, owner, { kind: 'letter_ordered', values: { number }, reportable: origin })
    return undefined
  }

  return {
    available,
    async order(owner, origin) {
      if (!available) return { ok: false, why: 'unavailable' }
      const { oid, identity } = owner.account
      if (identity.level === 'simplified') return { ok: false, why: 'not_standard' }
      if (identity.level === 'verified') return { ok: false, why: 'verified' }
      // The letter would prove what the record says by then no longer.
      if (identity.lacks.includes('core_change')) return { ok: false, why: 'core_change' }
      const address = provenAddressOf(owner.account)
      if (!address) return { ok: false, why: 'no_address' }
      if (await findOpen(store.db, oid, 'letter')) return { ok: false, why: 'open' }
      const id = randomUUID()
      const why = await store.tx((tx) => insert(tx, owner, address, id, origin))
      return why ? { ok: false, why } : { ok: true, request: (await findRequest(store.db, { oid, id }))! }
    },
    redeem: makeRedeem(parts),
    workDue: makeFates(parts),
  }
}
