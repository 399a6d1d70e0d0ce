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

/** What a client may know one of a person's proofs by: clients with pairwise subjects must not find each other's people by it. */
export function pairwiseReference(keyring: Pick<Keyring, 'key'>) {
  return (
    id: string,
    { subjectType, sectorIdentifier }: { subjectType?: string; sectorIdentifier?: string },
  ): string =>
    subjectType === 'pairwise' ? keyedHash(keyring.key('pairwise'), 'proof', `${sectorIdentifier}\n${id}`) : id
}
