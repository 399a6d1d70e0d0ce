import type { IdentityLevel } from '#src/kernel/levels.ts'
import { claimsCovered, ID_DOCUMENT, type ProvenGroup, verifiableClaims } from './claim-groups.ts'
import type { Candidate } from './matching.ts'

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
  /** Who made the check, by name. */
  readonly organization: string
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

/** Types of documents; the predefined ones of the working group where there is one. A passport of Russia is a card for use inside. */
export const documentTypes = {
  passport_rf: 'idcard',
  temporary_certificate: 'ru_temporary_identity_certificate',
  foreign_passport: 'passport',
  residence_permit: 'residence_permit',
} as const

/** Which record of a registry speaks of what was proven. */
const recordOfGroup: Readonly<Record<ProvenGroup, string>> = {
  person: 'population_register',
  document: 'population_register',
  address: 'population_register',
  snils: 'social_security',
  inn: 'tax',
}

/**
 * What each kind of proof is in the words of the Schema Definition, section 5.4.2, and of the predefined values that it refers to. A bank
 * states what it knows about a person for this purpose, under a number: an attestation, and no record of ours to look up. The code in a
 * letter shows that the address on record reaches the person.
 */
export const proofKinds = {
  registry: { type: 'electronic_record', checks: ['data'], records: [...new Set(Object.values(recordOfGroup))] },
  letter: { type: 'electronic_record', checks: ['kbv'], records: ['secure_mail'] },
  bank: { type: 'vouch', checks: ['auth'], attestation: 'digital_attestation' },
  signature: { type: 'electronic_signature', signature: 'qes' },
  centre: { type: 'document', checks: ['vpip', 'pvp'], method: 'pipp' },
  review: { type: 'document', checks: ['vri', 'pvr'], method: 'uripp' },
  video: { type: 'document', checks: ['vri', 'pvr'], method: 'sripp' },
} as const

type Json = Readonly<Record<string, unknown>>

/** To the second: Schema Definition, section 5.4. */
const stamp = (at: Date) => `${at.toISOString().slice(0, 19)}Z`

/** What a verification is told with. */
export interface Telling {
  readonly trustFramework: string
  /** All of the account's; those that are not covered stay here. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Names of the claims that the person agreed to hand over. */
  readonly agreed: ReadonlySet<string>
  /** What the client is told in place of our own id of a proof. */
  readonly referenceOf: (id: string) => string
}

/** A verification with everything that the person agreed to (OpenID Connect for Identity Assurance 1.0, section 5.7.3), and no more. */
export function candidateOf(
  { level, at, reference, proofs, covers }: Verification,
  { trustFramework, claims, agreed, referenceOf }: Telling,
): Candidate {
  const out = Object.entries(claimsCovered(claims, covers)).filter(
    ([name]) => verifiableClaims.includes(name) && agreed.has(name),
  )
  return {
    verification: {
      trust_framework: trustFramework,
      assurance_level: level,
      time: stamp(at),
      verification_process: referenceOf(reference),
      evidence: proofs.flatMap((proof) => evidenceOf({ ...proof, id: referenceOf(proof.id) }, agreed.has(ID_DOCUMENT))),
    },
    claims: Object.fromEntries(out),
  }
}

/** @param inDetail with what the document says, beside its type */
function evidenceOf(proof: Proof, inDetail: boolean): Json[] {
  const { id, organization, covers, document, certificate } = proof
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
  const checked = {
    type: kind.type,
    check_details: kind.checks.map((check_method) => ({ check_method, organization, check_id: id, time })),
    time,
  }
  switch (kind.type) {
    case 'electronic_record': {
      const records = proof.kind === 'registry' ? new Set(covers.map((group) => recordOfGroup[group])) : kind.records
      return [...records].map((type) => ({ ...checked, record: { type, source: { name: organization } } }))
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
          method: kind.method,
          ...(document && { document_details: documentDetails(document, inDetail) }),
        },
      ]
  }
}

function documentDetails(
  { kind, number, issuedOn, expiresOn, issuer, country }: ProvenDocument,
  inDetail: boolean,
): Json {
  if (!inDetail) return { type: documentTypes[kind] }
  const issuing = { ...(issuer && { name: issuer }), ...(country && { country_code: country }) }
  return {
    type: documentTypes[kind],
    document_number: number,
    ...(issuedOn && { date_of_issuance: issuedOn }),
    ...(expiresOn && { date_of_expiry: expiresOn }),
    ...(Object.keys(issuing).length > 0 && { issuer: issuing }),
  }
}
