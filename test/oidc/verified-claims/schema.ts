import { z } from 'zod'

/**
 * What `verified_claims` may be, by the text of OpenID Identity Assurance Schema Definition 1.0, section 5: which members there are, which of them
 * have to be there, and what arrays and dates look like. Stricter than that text in one thing: what it does not name, it does not take.
 */

const text = z.string().min(1)
/** `YYYY-MM-DDThh:mm[:ss]TZD`, in UTC (OpenID Connect for Identity Assurance 1.0, section 9). */
const moment = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/)
const date = z.iso.date()

/** Members of the `address` claim. */
const address = {
  formatted: text,
  street_address: text,
  locality: text,
  region: text,
  postal_code: text,
  country: text,
}
const place = { name: text, ...address, country_code: z.string().regex(/^[A-Z]{3}$/), jurisdiction: text }

const checkDetails = z
  .array(
    z.strictObject({
      check_method: text,
      organization: text.optional(),
      check_id: text.optional(),
      time: moment.optional(),
    }),
  )
  .min(1)
  .optional()

const document = z.strictObject({
  type: z.literal('document'),
  check_details: checkDetails,
  document_details: z
    .strictObject({
      type: text,
      document_number: text.optional(),
      serial_number: text.optional(),
      date_of_issuance: date.optional(),
      date_of_expiry: date.optional(),
      issuer: z.strictObject(place).partial().optional(),
    })
    .optional(),
})

const electronicRecord = z.strictObject({
  type: z.literal('electronic_record'),
  check_details: checkDetails,
  record: z
    .strictObject({
      type: text,
      created_at: moment.optional(),
      date_of_expiry: date.optional(),
      source: z.strictObject(place).partial().optional(),
    })
    .optional(),
})

const { jurisdiction: _, ...voucher } = { ...place, birthdate: date, occupation: text, organization: text }

const vouch = z.strictObject({
  type: z.literal('vouch'),
  check_details: checkDetails,
  attestation: z
    .strictObject({
      type: text,
      reference_number: text.optional(),
      date_of_issuance: date.optional(),
      date_of_expiry: date.optional(),
      voucher: z.strictObject(voucher).partial().optional(),
    })
    .optional(),
})

const electronicSignature = z.strictObject({
  type: z.literal('electronic_signature'),
  signature_type: text,
  issuer: text,
  serial_number: text,
  created_at: moment.optional(),
})

const element = z.strictObject({
  verification: z.strictObject({
    trust_framework: text,
    assurance_level: text.optional(),
    time: moment.optional(),
    verification_process: text.optional(),
    evidence: z
      .array(z.discriminatedUnion('type', [document, electronicRecord, vouch, electronicSignature]))
      .min(1)
      .optional(),
  }),
  claims: z.record(text, z.json()),
})

export const verifiedClaimsSchema = z.union([element, z.array(element).min(1)])
export type VerifiedClaimsElement = z.infer<typeof element>
