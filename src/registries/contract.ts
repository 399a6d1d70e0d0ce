import { z } from 'zod'

/**
 * The contract with state registries: what is asked and answered, as JSON, in one schema each. The types of the interface, the checks of
 * both drivers and `docs/registries.openapi.yaml` all come from here. What a question has beyond the contract stays at home (`z.object`
 * drops it); an answer that has more is refused (`z.strictObject`).
 */

export const registryNames = [
  'person',
  'document',
  'snils',
  'inn',
  'address',
  'address_suggestions',
  'legal_entity',
] as const
export type RegistryName = (typeof registryNames)[number]

/** Groups of a person's data that a registry may find different; what exactly differs is never told. */
export const fieldGroups = ['name', 'birth_date', 'gender', 'document', 'snils', 'inn', 'address'] as const
export type FieldGroup = (typeof fieldGroups)[number]

const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\u0000-\u001f\u007f]*$/)
const digits = (count: number) => z.string().regex(new RegExp(`^[0-9]{${count}}$`))
const isoDate = z.iso.date()

const reference = z.uuid().describe('Chosen by the asker; the same question asked again carries the same one.')
const name = z.object({ familyName: text(100), givenName: text(100), patronymic: text(100).optional() })
const gender = z.enum(['female', 'male'])
const snils = digits(11)
const personalInn = digits(12)

const document = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('passport_rf'),
    series: digits(4),
    number: digits(6),
    issuedOn: isoDate,
    departmentCode: digits(6),
  }),
  z.object({
    kind: z.literal('temporary_certificate'),
    number: text(30),
    issuedOn: isoDate,
    validUntil: isoDate,
  }),
  z.object({
    kind: z.literal('foreign_passport'),
    country: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .describe('Issuing state, ISO 3166-1 alpha-3.'),
    number: text(30),
    issuedOn: isoDate,
    validUntil: isoDate,
  }),
  z.object({
    kind: z.literal('residence_permit'),
    series: text(10).optional(),
    number: text(30),
    issuedOn: isoDate,
    validUntil: isoDate.optional().describe('Left out where it is unlimited.'),
    citizenship: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .describe('ISO 3166-1 alpha-3.'),
  }),
])
export type RegistryDocument = z.infer<typeof document>

const address = z.strictObject({
  postcode: digits(6).optional(),
  region: text(200).optional(),
  city: text(200).optional(),
  street: text(200).optional(),
  house: text(50).optional(),
  flat: text(50).optional(),
  text: text(500).describe('The whole address in one line.'),
})
export type RegistryAddress = z.infer<typeof address>

const person = { reference, name, birthDate: isoDate, gender }
const found = { reference, name, birthDate: isoDate, snils: snils.optional() }
const holdersSnils = snils
  .optional()
  .describe(
    'Compared with what is known of whoever has the document or number: namesakes of one birth date differ by nothing else. ' +
      'Where no register knows their SNILS, nothing is said about it, and a match speaks of the rest alone.',
  )
const taxpayer = { reference, name, birthDate: isoDate, snils: holdersSnils }

const notFound = z.strictObject({ reference, verdict: z.literal('not_found') })
const differs = <const G extends readonly string[]>(groups: G) =>
  z.strictObject({
    reference,
    verdict: z.literal('differs'),
    groups: z.array(z.enum(groups)).min(1).max(groups.length).describe('What differs, each group once.'),
  })
const invalid = <const R extends readonly string[]>(reasons: R) =>
  z.strictObject({ reference, verdict: z.literal('invalid'), reason: z.enum(reasons) })
const matches = z.strictObject({ reference, verdict: z.literal('matches') })

export const legalEntityTypes = ['federal', 'regional', 'municipal', 'private', 'sole_proprietor'] as const
const registerNumber = z.string().regex(/^(?:[0-9]{13}|[0-9]{15})$/)
const taxNumber = z.string().regex(/^(?:[0-9]{10}|[0-9]{12})$/)
const legalEntity = z.strictObject({
  type: z.enum(legalEntityTypes),
  ogrn: registerNumber,
  inn: taxNumber,
  kpp: z
    .string()
    .regex(/^[0-9]{4}[0-9A-Z]{2}[0-9]{3}$/)
    .optional(),
  name: text(500),
  shortName: text(200).optional(),
  address: text(500).optional(),
})
export type LegalEntity = z.infer<typeof legalEntity>

interface Exchange {
  /** Where it is asked, below the registries' address. */
  readonly path: string
  /** One sentence for the published contract. */
  readonly summary: string
  readonly question: z.ZodType<{ readonly reference: string }>
  readonly answer: z.ZodType<{ readonly reference: string }>
}

export const contract = {
  person: {
    path: '/person',
    summary:
      'Whether this person is on record and alive; found by SNILS where it is given, else by name and birth date.',
    question: z.object({ ...person, snils: snils.optional() }),
    answer: z.discriminatedUnion('verdict', [
      matches,
      differs(['name', 'birth_date', 'gender', 'snils']),
      notFound,
      invalid(['deceased']),
    ]),
  },
  document: {
    path: '/document',
    summary:
      'Whether this document is in force and the person’s own, and goes with the SNILS; found by its kind, series and number.',
    question: z.object({
      ...person,
      document,
      snils: holdersSnils,
    }),
    answer: z.discriminatedUnion('verdict', [
      matches,
      differs(['name', 'birth_date', 'gender', 'document', 'snils']),
      notFound,
      invalid(['expired', 'lost', 'replaced', 'withdrawn']),
    ]),
  },
  snils: {
    path: '/snils',
    summary: 'Whether this insurance number is active and the person’s own.',
    question: z.object({ ...person, snils }),
    answer: z.discriminatedUnion('verdict', [
      matches.extend({ state: z.literal('active') }),
      differs(['name', 'birth_date', 'gender']),
      notFound,
      invalid(['suspended', 'annulled']),
    ]),
  },
  inn: {
    path: '/inn',
    summary:
      'Whether this taxpayer number is the person’s own, and goes with the SNILS; asked whole, or by its last four digits.',
    question: z.union([z.object({ ...taxpayer, inn: personalInn }), z.object({ ...taxpayer, innEnding: digits(4) })]),
    answer: z.discriminatedUnion('verdict', [
      matches.extend({ inn: personalInn }),
      differs(['name', 'birth_date', 'inn', 'snils']),
      notFound,
      z
        .strictObject({ reference, verdict: z.literal('ambiguous') })
        .describe('Several people of this name and birth date have a number that ends so: ask for all twelve digits.'),
    ]),
  },
  address: {
    path: '/address',
    summary: 'Whether the person is registered at this address; not found also where they are registered nowhere.',
    question: z.object({ ...found, address: address.strip() }),
    answer: z.discriminatedUnion('verdict', [matches, differs(['name', 'birth_date', 'address']), notFound]),
  },
  address_suggestions: {
    path: '/address-suggestions',
    summary: 'Addresses of the directory that begin like what has been typed, the likeliest first.',
    question: z.object({ reference, text: text(200) }),
    answer: z.strictObject({ reference, suggestions: z.array(address).max(10) }),
  },
  legal_entity: {
    path: '/legal-entity',
    summary: 'A legal entity or sole proprietor by OGRN (13 digits) or OGRNIP (15), and whether this is its head.',
    question: z.object({
      reference,
      ogrn: registerNumber,
      inn: taxNumber,
      head: z.object({ name, inn: personalInn.optional() }).optional(),
    }),
    answer: z.discriminatedUnion('verdict', [
      matches.extend({ entity: legalEntity }),
      differs(['inn', 'head']),
      notFound,
      invalid(['liquidated']),
    ]),
  },
} as const satisfies Record<RegistryName, Exchange>

type Contract = typeof contract
export type Question<R extends RegistryName> = z.infer<Contract[R]['question']>
/** As it comes over the wire, with the reference that it answers. */
export type WireAnswer<R extends RegistryName> = z.infer<Contract[R]['answer']>
