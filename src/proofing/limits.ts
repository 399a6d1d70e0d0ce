import type { AccountId } from '#src/kernel/ids.ts'
import { keyedHash } from '#src/store/seal.ts'
import type { Attempt, Limit } from '#src/throttle/throttle.ts'
import type { CheckedKind } from './request.ts'
import { isCore } from './target.ts'

const DAY_SECONDS = 86_400
const TRIES = 5

/** After the last try of a day there is none for a day (R-A4). */
const aDay = (name: string): Limit => ({
  name,
  windowSeconds: DAY_SECONDS,
  free: TRIES,
  delaySeconds: DAY_SECONDS,
  maxDelaySeconds: DAY_SECONDS,
})
const PER_ACCOUNT = aDay('proofing_account')
const PER_SNILS = aDay('proofing_snils')

/**
 * What opening a request is counted against, one's own account first: who has used up its tries takes none of a stranger's. INN and address
 * have tries of their own, so that a typo in one of them leaves those of passport and SNILS.
 * @param key `requests` of the keyring
 */
export function attemptsOf(
  key: Buffer,
  { oid, kind, snils }: { readonly oid: AccountId; readonly kind: CheckedKind; readonly snils: string | undefined },
): Attempt[] {
  return [
    { limit: PER_ACCOUNT, key: isCore(kind) ? String(oid) : `${oid}:${kind}` },
    ...(snils === undefined ? [] : [{ limit: PER_SNILS, key: keyedHash(key, 'snils', snils) }]),
  ]
}
