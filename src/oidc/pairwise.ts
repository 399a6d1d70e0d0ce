import type { Configuration } from 'oidc-provider'
import type { Keyring } from '#src/store/keyring.ts'
import { keyedHash } from '#src/store/seal.ts'

/**
 * A subject that only clients of one sector know: a keyed hash of sector and account (Core, section 8.1), so that neither guessing
 * account numbers nor comparing two clients' data leads anywhere. Its key never rotates.
 */
export function pairwiseSubject(keyring: Keyring): NonNullable<Configuration['pairwiseIdentifier']> {
  return async (_ctx, accountId, client) =>
    keyedHash(keyring.key('pairwise'), 'sub', `${client.sectorIdentifier}\n${accountId}`)
}
