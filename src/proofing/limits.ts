import type { AccountId } from '#src/kernel/ids.ts'
import { keyedHash } from '#src/store/seal.ts'
import type { Attempt, Limit } from '#src/throttle/throttle.ts'

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
 * What opening a request is counted against, one's own account first: who has used up its tries takes none of a stranger's.
 * @param key `requests` of the keyring
 */
export function attemptsOf(key: Buffer, oid: AccountId, snils: string | undefined): Attempt[] {
  return [
    { limit: PER_ACCOUNT, key: String(oid) },
    ...(snils === undefined ? [] : [{ limit: PER_SNILS, key: keyedHash(key, 'snils', snils) }]),
  ]
}
