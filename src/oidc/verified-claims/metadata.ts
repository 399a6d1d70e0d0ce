import { verifiableClaims } from './claim-groups.ts'
import { documentTypes, proofKinds } from './evidence.ts'

const each = <T>(values: Iterable<T>): T[] => [...new Set(values)]

/** What discovery says of verified claims (OpenID Connect for Identity Assurance 1.0, section 8). */
export function assuranceMetadata(trustFramework: string): Readonly<Record<string, unknown>> {
  const kinds = Object.values(proofKinds)
  const documents = kinds.filter((kind) => kind.type === 'document')
  return {
    // Of an earlier draft; clients still look for it.
    verified_claims_supported: true,
    trust_frameworks_supported: [trustFramework],
    claims_in_verified_claims_supported: [...verifiableClaims],
    evidence_supported: each(kinds.map(({ type }) => type)),
    documents_supported: each(Object.values(documentTypes)),
    documents_methods_supported: each(documents.map(({ method }) => method)),
    documents_check_methods_supported: each(documents.flatMap(({ checks }) => checks)),
    electronic_records_supported: each(
      kinds.flatMap((kind) => (kind.type === 'electronic_record' ? kind.records : [])),
    ),
  }
}
