import { verifiableClaims } from './claim-groups.ts'
import type { Assurance } from './evidence.ts'
import { documentTypes, inFull, proofKinds } from './vocabulary.ts'

/** What discovery says of verified claims (OpenID Connect for Identity Assurance 1.0, section 8). */
export function assuranceMetadata({
  trustFramework,
  issuer,
}: Pick<Assurance, 'trustFramework' | 'issuer'>): Readonly<Record<string, unknown>> {
  const kinds = Object.values(proofKinds)
  const each = (words: readonly string[]) => [...new Set(words)].map((word) => inFull(word, issuer))
  return {
    // Of an earlier draft; clients still look for it.
    verified_claims_supported: true,
    trust_frameworks_supported: [trustFramework],
    claims_in_verified_claims_supported: [...verifiableClaims],
    evidence_supported: each(kinds.map(({ type }) => type)),
    documents_supported: each(Object.values(documentTypes)),
    documents_check_methods_supported: each(kinds.flatMap((kind) => (kind.type === 'document' ? kind.checks : []))),
    electronic_records_supported: each(
      kinds.flatMap((kind): readonly string[] => (kind.type === 'electronic_record' ? kind.records : [])),
    ),
  }
}
