import type { IdentityRecords } from '#src/accounts/identity/records.ts'
import type { Owner, OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Locale, Translate } from '#src/kernel/locale.ts'
import type { PostOffice } from '#src/notifications/outbox.ts'
import type { DataKeys, Keyring } from '#src/store/keyring.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { groupedNumber } from '../request-number.ts'
import { endRequest } from '../request-store.ts'
import { letterEnded } from './events.ts'
import { dropOrderedFor, type Which } from './letter-store.ts'
import type { Sender } from './letter-text.ts'

/** Wrong codes after which a letter is worth nothing (R-A5). */
export const TRIES = 5
/** Of a letter that was never sent: it does not count among those of a year. */
export const NOT_SENT = 'letter.not_sent'
export const TRIES_USED = 'letter.tries_used'
export const RECORD_CHANGED = 'letter.record_changed'

export interface LetterParts {
  readonly store: Store
  readonly records: Pick<IdentityRecords, 'change'>
  readonly ownerNotices: Pick<OwnerNotices, 'ownerOf' | 'tell'>
  readonly keyring: Pick<Keyring, 'key'>
  readonly dataKeys: Pick<DataKeys, 'of'>
  readonly journal: Pick<Journal, 'record'>
  readonly clock: Clock
  readonly log: { error(fields: object, text: string): void }
  readonly translate: (locale: Locale) => Translate
  readonly postOffice: PostOffice
  /** Goes on with a letter that was just ordered, where this process does such work. */
  readonly wake: (letter: Which) => void
  readonly sender: Sender
  /** Whether there is anybody who prints letters. */
  readonly available: boolean
}

/** Makes a letter worthless and tells its owner. @param why `expired`, or the reason that its request shows */
export async function endLetter(
  tx: Tx,
  { journal, ownerNotices, clock }: Pick<LetterParts, 'journal' | 'ownerNotices' | 'clock'>,
  { owner, which, number }: { readonly owner: Owner; readonly which: Which; readonly number: string },
  why: string,
): Promise<void> {
  const expired = why === 'expired'
  const at = clock.now()
  await endRequest(tx, which, expired ? 'expired' : 'refused', { reasons: expired ? [] : [why], at })
  await dropOrderedFor(tx, which)
  const { oid, id } = which
  await journal.record(tx, letterEnded({ account: oid, request: id, reason: why.replace(/^letter\./, '') }))
  const kind = why === NOT_SENT ? 'letter_unsent' : 'letter_void'
  await ownerNotices.tell(tx, owner, { kind, values: { number: groupedNumber(number) } })
}
