import type { IdentityLevel } from '#src/kernel/levels.ts'
import { claimsCovered, ID_DOCUMENT, type ProvenGroup, verifiableClaims } from './claim-groups.ts'
import type { Candidate } from './matching.ts'
import { nameOf, type VerifierNames } from './verifiers.ts'
import { documentTypes, inFull, proofKinds, recordsOf } from './vocabulary.ts'

/** An identity document that a proof rests on. Dates are ISO 8601. */
export interface ProvenDocument {
  readonly kind: keyof typeof documentTypes
  readonly number: string
  readonly issuedOn?: string
  readonly expiresOn?: string
  readonly issuer?: string
  /** ISO 3166 alpha-3. */
  readonly country?: string
}

export interface ProvenCertificate {
  readonly issuer: string
  readonly serialNumber: string
}

/** One proof, as far as a relying party may hear of it. */
export interface Proof {
  readonly id: string
  readonly kind: keyof typeof proofKinds
  readonly at: Date
  /** Who made the check, by code. */
  readonly verifier: string
  readonly covers: readonly ProvenGroup[]
  readonly document?: ProvenDocument
  readonly certificate?: ProvenCertificate
}

/** A level that an account has, and what carries it. */
export interface Verification {
  readonly level: Exclude<IdentityLevel, 'simplified'>
  /** When the level was reached. */
  readonly at: Date
  /** Where we find it again; a relying party quotes it in a dispute. */
  readonly reference: string
  readonly proofs: readonly Proof[]
  /** What is proven of the record as it is now; a proof may also have covered what is another value by now. */
  readonly covers: readonly ProvenGroup[]
}

type Json = Readonly<Record<string, unknown>>

/** To the second: Schema Definition, section 5.4. */
const stamp = (at: Date) => `${at.toISOString().slice(0, 19)}Z`

/** What of an installation stands in what it tells. */
export interface Assurance {
  /** Name of our rules, as relying parties know them. */
  readonly trustFramework: string
  /** Origin; identifiers of our own begin with it. */
  readonly issuer: string
  readonly verifierNames: VerifierNames
  /** Name of the installation; it makes every check for which nobody else is named and which a verifier of its own did not make. */
  readonly ownName: string
}

/** What a verification is told with. */
export interface Telling extends Assurance {
  /** All of the account's; those that are not covered stay here. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Names of the claims that the person agreed to hand over. */
  readonly agreed: ReadonlySet<string>
  /** What the client is told in place of our own id of a proof. */
  readonly referenceOf: (id: string) => string
}

/** A verification with everything that the person agreed to (OpenID Connect for Identity Assurance 1.0, section 5.7.3), and no more. */
export function candidateOf({ level, at, reference, proofs, covers }: Verification, telling: Telling): Candidate {
  const { trustFramework, claims, agreed, referenceOf } = telling
  const out = Object.entries(claimsCovered(claims, covers)).filter(
    ([name]) => verifiableClaims.includes(name) && agreed.has(name),
  )
  return {
    verification: {
      trust_framework: trustFramework,
      assurance_level: level,
      time: stamp(at),
      verification_process: referenceOf(reference),
      evidence: proofs.flatMap((proof) => evidenceOf(proof, telling)),
    },
    claims: Object.fromEntries(out),
  }
}

function evidenceOf(proof: Proof, { issuer, verifierNames, ownName, agreed, referenceOf }: Telling): Json[] {
  const { verifier, covers, document, certificate } = proof
  const time = stamp(proof.at)
  const kind = proofKinds[proof.kind]
  if (kind.type === 'electronic_signature')
    return [
      {
        type: kind.type,
        signature_type: kind.signature,
        ...(certificate && { issuer: certificate.issuer, serial_number: certificate.serialNumber }),
        created_at: time,
      },
    ]
  const [id, name] = [referenceOf(proof.id), nameOf(verifier, verifierNames)]
  const organization = name ?? (kind.ownCheck ? ownName : verifier)
  const checked = {
    type: kind.type,
    check_details: kind.checks.map((check_method) => ({ check_method, organization, check_id: id, time })),
  }
  switch (kind.type) {
    case 'electronic_record': {
      // Our own name says who compared, and nothing of whose record it was.
      const source = name === undefined ? {} : { source: { name } }
      const records = proof.kind === 'registry' ? recordsOf(covers) : kind.records
      return records.map((record) => ({ ...checked, record: { type: inFull(record, issuer), ...source } }))
    }
    case 'vouch':
      return [
        {
          ...checked,
          attestation: {
            type: kind.attestation,
            reference_number: id,
            date_of_issuance: time.slice(0, 10),
            voucher: { organization },
          },
        },
      ]
    case 'document':
      return [
        {
          ...checked,
          ...(document && { document_details: documentDetails(document, issuer, agreed.has(ID_DOCUMENT)) }),
        },
      ]
  }
}

/** @param inDetail with what the document says, beside its type */
function documentDetails(
  { kind, number, issuedOn, expiresOn, issuer: issuedBy, country }: ProvenDocument,
  issuer: string,
  inDetail: boolean,
): Json {
  const type = inFull(documentTypes[kind], issuer)
  if (!inDetail) return { type }
  const issuing = { ...(issuedBy && { name: issuedBy }), ...(country && { country_code: country }) }
  return {
    type,
    document_number: number,
    ...(issuedOn && { date_of_issuance: issuedOn }),
    ...(expiresOn && { date_of_expiry: expiresOn }),
    ...(Object.keys(issuing).length > 0 && { issuer: issuing }),
  }
}
