import type { Account } from '#src/accounts/account.ts'
import type { IdentityDocument } from '#src/accounts/documents/document.ts'
import { validUntil } from '#src/accounts/documents/kinds.ts'
import type { IdentityEvidence } from '#src/accounts/identity/evidence.ts'
import { evidenceKinds } from '#src/accounts/identity/evidence.ts'
import type { Reconciled } from '#src/accounts/identity/level.ts'
import type { ProvenGroup } from './claim-groups.ts'
import type { Proof, ProvenDocument, Verification } from './evidence.ts'

/**
 * How far an account is proven, the best first; none while it is *simplified*. Whoever is *verified* is *standard* as well, by the registries
 * alone, for relying parties that ask for that level by its name.
 */
export function verificationsOf(account: Account): Verification[] {
  const { level, carriedBy, reconciled: groups } = account.identity
  if (level === 'simplified') return []
  const byRegistries = carriedBy.filter(({ kind }) => evidenceKinds[kind].carries === 'standard')
  const standard = verificationBy('standard', byRegistries, groups, account)
  return level === 'verified' ? [verificationBy('verified', carriedBy, groups, account), standard] : [standard]
}

/** @param carrying what makes the level; what was proven beside it is told with it, and makes it no later */
function verificationBy(
  level: Verification['level'],
  carrying: readonly IdentityEvidence[],
  groups: Reconciled,
  account: Account,
): Verification {
  const beside = [...(groups.get('inn') ?? []), ...(groups.get('address') ?? [])]
  const evidence = [...new Set([...carrying, ...beside])]
  const last = carrying.reduce((latest, each) => (each.at > latest.at ? each : latest))
  return {
    level,
    at: last.at,
    reference: last.id,
    proofs: evidence.map((each) => proofOf(each, account)),
    covers: [...groups.keys()],
  }
}

function proofOf({ id, kind, at, verifier, covers }: IdentityEvidence, { documents, person }: Account): Proof {
  const shown = documents.find(({ digest }) => digest === covers.document)
  return {
    id,
    kind,
    at,
    verifier,
    covers: Object.keys(covers).filter((group) => group !== 'former_person') as ProvenGroup[],
    ...(shown && { document: told(shown.document as IdentityDocument, person) }),
  }
}

function told(document: IdentityDocument, person: Account['person']): ProvenDocument {
  const { kind, number, issuedOn } = document
  const expiresOn = validUntil(document, person)
  return {
    kind,
    number: 'series' in document && document.series !== undefined ? `${document.series} ${number}` : number,
    issuedOn,
    ...(expiresOn !== undefined && { expiresOn }),
    ...('issuer' in document && { issuer: document.issuer }),
    country: 'country' in document ? document.country : 'RUS',
  }
}
