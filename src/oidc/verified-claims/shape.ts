/**
 * What of `verification` can be asked for, as the OpenID Identity Assurance Schema Definition 1.0 has it (sections 5.4 and 5.4.2). Anything
 * else is ignored, as that specification demands, unless it restricts the answer (see `request.ts`).
 */
export type Shape =
  /** A leaf. `moment`: a date or a time stamp, which `max_age` may restrict. */
  | { readonly is: 'text' | 'moment' }
  /** `always`: members without which the object would be invalid; they come with it. */
  | { readonly is: 'parts'; readonly parts: Readonly<Record<string, Shape>>; readonly always: readonly string[] }
  | { readonly is: 'list'; readonly of: Shape }
  /** Elements whose shape depends on their `type`. */
  | { readonly is: 'evidence' }

const text: Shape = { is: 'text' }
const moment: Shape = { is: 'moment' }
const parts = (members: Readonly<Record<string, Shape>>, always: readonly string[] = []): Shape => ({
  is: 'parts',
  parts: members,
  always,
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

/** By type of evidence, the type itself left out. */
export const evidenceShapes = {
  document: {
    check_details: checkDetails,
    method: text,
    time: moment,
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
  },
  electronic_record: {
    check_details: checkDetails,
    time: moment,
    record: parts({ type: text, created_at: moment, date_of_expiry: moment, source: parts({ name: text, ...place }) }, [
      'type',
    ]),
  },
  vouch: {
    check_details: checkDetails,
    time: moment,
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
  },
  electronic_signature: { signature_type: text, issuer: text, serial_number: text, created_at: moment },
} as const satisfies Record<string, Readonly<Record<string, Shape>>>

export type EvidenceType = keyof typeof evidenceShapes

export const verificationShape = {
  trust_framework: text,
  assurance_level: text,
  time: moment,
  verification_process: text,
  evidence: { is: 'evidence' },
} as const satisfies Readonly<Record<string, Shape>>
