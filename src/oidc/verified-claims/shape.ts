/**
 * What of `verification` can be asked for, as the OpenID Identity Assurance Schema Definition 1.0 has it (section 5.4). Anything
 * else is ignored, as that specification demands, unless it restricts the answer (see `wanted.ts`).
 */
export type Shape =
  /** A leaf. `moment`: a date or a time stamp, which `max_age` may restrict. */
  | { readonly is: 'text' | 'moment' }
  | ({ readonly is: 'parts'; readonly parts: Readonly<Record<string, Shape>> } & Members)
  | { readonly is: 'list'; readonly of: Shape }
  /** Elements whose shape depends on their `type`. */
  | { readonly is: 'evidence' }
  /** Nothing of it is there, and what is wanted of it filters nothing. */
  | { readonly is: 'ignored' }

/** Members without which an object would be invalid. */
export interface Members {
  /** They come with it, whether asked for or not. */
  readonly always: readonly string[]
  /** They come if asked for; the object does not come without them. */
  readonly needed: readonly string[]
}

const text: Shape = { is: 'text' }
const moment: Shape = { is: 'moment' }
const parts = (members: Readonly<Record<string, Shape>>, always: readonly string[] = []): Shape => ({
  is: 'parts',
  parts: members,
  always,
  needed: [],
})

/** The members of the `address` claim (OpenID Connect Core, section 5.1.1) and what stands beside them. */
const place = {
  formatted: text,
  street_address: text,
  locality: text,
  region: text,
  postal_code: text,
  country: text,
  country_code: text,
  jurisdiction: text,
}

const checkDetails: Shape = {
  is: 'list',
  of: parts({ check_method: text, organization: text, check_id: text, time: moment }, ['check_method']),
}

const evidence = (members: Readonly<Record<string, Shape>>, { always, needed }: Partial<Members> = {}) => ({
  parts: members,
  always: ['type', ...(always ?? [])],
  needed: needed ?? [],
})

/** By type of evidence, the type itself left out. The number of a certificate names a person, so nobody gets it who has not asked. */
export const evidenceShapes = {
  document: evidence({
    check_details: checkDetails,
    document_details: parts(
      {
        type: text,
        document_number: text,
        serial_number: text,
        date_of_issuance: moment,
        date_of_expiry: moment,
        issuer: parts({ name: text, ...place }),
      },
      ['type'],
    ),
  }),
  electronic_record: evidence({
    check_details: checkDetails,
    record: parts({ type: text, created_at: moment, date_of_expiry: moment, source: parts({ name: text, ...place }) }, [
      'type',
    ]),
  }),
  vouch: evidence({
    check_details: checkDetails,
    attestation: parts(
      {
        type: text,
        reference_number: text,
        date_of_issuance: moment,
        date_of_expiry: moment,
        voucher: parts({ name: text, birthdate: moment, occupation: text, organization: text, ...place }),
      },
      ['type'],
    ),
  }),
  electronic_signature: evidence(
    { signature_type: text, issuer: text, serial_number: text, created_at: moment },
    { always: ['signature_type'], needed: ['issuer', 'serial_number'] },
  ),
} as const satisfies Record<string, { readonly parts: Readonly<Record<string, Shape>> } & Members>

export const verificationShape = {
  trust_framework: text,
  assurance_level: text,
  // Section 5.4 of OpenID Connect for Identity Assurance: evidence is filtered by evidence itself, not by how it was classified.
  assurance_process: parts({ policy: text, procedure: text, assurance_details: { is: 'ignored' } }),
  time: moment,
  verification_process: text,
  evidence: { is: 'evidence' },
} as const satisfies Readonly<Record<string, Shape>>
