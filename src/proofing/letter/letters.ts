import { randomUUID } from 'node:crypto'
import type { Address } from '#src/accounts/fields/address.ts'
import { provenAddressOf } from '#src/accounts/identity/proven-data.ts'
import type { Owner } from '#src/accounts/owner-notices.ts'
import { addSeconds } from '#src/kernel/clock.ts'
import type { Tx } from '#src/store/store.ts'
import type { Letters, Ordered } from '../proofing.ts'
import { groupedNumber } from '../request-number.ts'
import { findOpen, findRequest, insertRequest } from '../request-store.ts'
import { letterOrdered } from './events.ts'
import { makeFates } from './fates.ts'
import { insertLetter, orderedAt } from './letter-store.ts'
import { orderedFor } from './ordered-for.ts'
import { type LetterParts, NOT_SENT } from './parts.ts'
import { makeRedeem } from './redeeming.ts'

const DAY_SECONDS = 86_400
const LIFE_SECONDS = 60 * DAY_SECONDS
const YEAR_SECONDS = 365 * DAY_SECONDS
const A_YEAR = 3

/** Registered letters: ordered, printed, sent, redeemed (R-A5). What follows the order is done by `work` and `workDue`. */
export function makeLetters(parts: LetterParts): Letters {
  const { store, ownerNotices, keyring, dataKeys, journal, clock, wake, available } = parts

  /** @returns why not; undefined when it is done */
  async function insert(
    tx: Tx,
    owner: Owner,
    address: Address,
    id: string,
    origin: string,
  ): Promise<Extract<Ordered, { ok: false }> | undefined> {
    const { account } = owner
    const { oid } = account
    const now = clock.now()
    const until = addSeconds(now, LIFE_SECONDS)
    const key = await dataKeys.of(oid, tx)
    const first = await orderedAt(tx, oid, A_YEAR, NOT_SENT)
    const retryAt = first && addSeconds(first, YEAR_SECONDS)
    if (retryAt && retryAt > now) return { ok: false, why: 'too_many', retryAt }
    const keys = { key, numbersKey: keyring.key('requests') }
    const times = { createdAt: now, dueAt: until, tryAt: now }
    const payload = orderedFor(key, account, address)
    const number = await insertRequest(tx, keys, {
      oid,
      id,
      kind: 'letter',
      state: 'waiting',
      origin,
      ...times,
      payload,
    })
    if (number === undefined) return { ok: false, why: 'open' }
    await insertLetter(tx, { oid, id }, until)
    await journal.record(tx, letterOrdered({ account: oid, request: id, origin }))
    await ownerNotices.tell(tx, owner, {
      kind: 'letter_ordered',
      values: { number: groupedNumber(number) },
      reportable: origin,
    })
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
      const refused = await store.tx((tx) => insert(tx, owner, address, id, origin))
      if (refused) return refused
      wake({ oid, id })
      return { ok: true, request: (await findRequest(store.db, { oid, id }))! }
    },
    redeem: makeRedeem(parts),
    ...makeFates(parts),
  }
}
