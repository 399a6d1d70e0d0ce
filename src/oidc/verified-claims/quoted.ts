import type Provider from 'oidc-provider'
import type { ProofOnRecord, ProofsOnRecord } from '#src/accounts/identity/proofs-on-record.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { pairwiseReference } from '../pairwise.ts'

/** Resolves `check_id` and `verification_process` for an audit (Schema Definition, section 5.4). */
export interface QuotedProofs {
  /**
   * @param clientId who quotes; needed where it has pairwise subjects
   * @throws Error when no such client is in force
   */
  find(reference: string, clientId: string | undefined): Promise<ProofOnRecord | undefined>
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

export function makeQuotedProofs(deps: {
  proofs: ProofsOnRecord
  keyring: Pick<Keyring, 'key'>
  current: () => Provider
}): QuotedProofs {
  const { proofs, keyring, current } = deps
  const reference = pairwiseReference(keyring)
  return {
    async find(quoted, clientId) {
      const client = clientId === undefined ? undefined : await current().Client.find(clientId)
      if (clientId !== undefined && !client) throw new Error(`there is no client ${clientId} in force`)
      // What a client of pairwise subjects knows cannot be turned back, so every proof is tried.
      if (client?.subjectType === 'pairwise') return proofs.search((id) => reference(id, client) === quoted)
      return UUID.test(quoted) ? proofs.find(quoted) : undefined
    },
  }
}
