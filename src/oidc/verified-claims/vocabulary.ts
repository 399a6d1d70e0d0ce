import type { ProvenGroup } from './claim-groups.ts'

/**
 * Words of `verified_claims`: the predefined values of the working group where there is one. What begins with a slash is a word of ours and
 * stands below the issuer's address, so that nobody else's is the same (OpenID Connect for Identity Assurance 1.0, section 12).
 */
export const inFull = (word: string, issuer: string) => (word.startsWith('/') ? `${issuer}${word}` : word)

/** Types of documents. A passport of Russia is a card for use inside. */
export const documentTypes = {
  passport_rf: 'idcard',
  temporary_certificate: '/identifiers/temporary_identity_certificate',
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

/** The registers that spoke of these groups, each once. Names are compared by whichever of them is asked about a number. */
export function recordsOf(covers: readonly ProvenGroup[]): string[] {
  const spoken = covers.length > 1 ? covers.filter((group) => group !== 'person') : covers
  return [...new Set(spoken.map((group) => recordOfGroup[group]))]
}

/**
 * What each kind of proof is in the words of the Schema Definition, section 5.4.4. A bank states what it knows about a person for this
 * purpose, under a number: an attestation, and no record of ours to look up. The code in a letter shows that the address on record reaches
 * the person. `ownCheck`: the check is made by the installation itself.
 */
export const proofKinds = {
  registry: {
    type: 'electronic_record',
    checks: ['data'],
    records: [...new Set(Object.values(recordOfGroup))],
    ownCheck: true,
  },
  letter: { type: 'electronic_record', checks: ['kbv'], records: ['/identifiers/registered_letter'], ownCheck: true },
  bank: { type: 'vouch', checks: ['auth'], attestation: 'digital_attestation', ownCheck: false },
  signature: { type: 'electronic_signature', signature: 'qes', ownCheck: true },
  centre: { type: 'document', checks: ['pipp', 'vpip', 'pvp'], ownCheck: false },
  review: { type: 'document', checks: ['uripp', 'vri', 'pvr'], ownCheck: true },
  video: { type: 'document', checks: ['sripp', 'vri', 'pvr'], ownCheck: true },
} as const
