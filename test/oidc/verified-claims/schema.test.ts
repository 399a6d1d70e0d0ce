import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { candidateOf, type Proof, type Verification } from '#src/oidc/verified-claims/evidence.ts'
import { answerTo } from '#src/oidc/verified-claims/matching.ts'
import { assuranceMetadata } from '#src/oidc/verified-claims/metadata.ts'
import { parseVerifiedClaims } from '#src/oidc/verified-claims/request.ts'
import { evidenceShapes, type Shape, verificationShape } from '#src/oidc/verified-claims/shape.ts'
import { proofKinds } from '#src/oidc/verified-claims/vocabulary.ts'
import { type VerifiedClaimsElement, verifiedClaimsSchema } from './schema.ts'

/** Whatever is asked for, of whatever an account can hold: the answer is valid, and nothing in it is missing from discovery. */

const assurance = {
  trustFramework: 'https://id.example/identifiers/trust_framework',
  issuer: 'https://id.example',
  verifierNames: { registry: 'Реестры' },
  ownName: 'Пропуск',
}
const account = {
  name: 'Ветрова Ольга',
  given_name: 'Ольга',
  birthdate: '1990-04-12',
  snils: '11697338589',
  inn: '500100732259',
  id_doc: { kind: 'passport_rf', number: '123456' },
  address: { formatted: 'г. Тверь' },
  email: 'a@example.org',
}
const at = fc.date({ min: new Date('2020-01-01'), max: new Date('2026-03-01'), noInvalidDate: true })
const group = fc.constantFrom('person', 'snils', 'inn', 'document', 'address')
const groups = fc.uniqueArray(group, { minLength: 1 })

const document = fc.record(
  {
    kind: fc.constantFrom('passport_rf', 'temporary_certificate', 'foreign_passport', 'residence_permit'),
    number: fc.constant('4510 123456'),
    issuedOn: fc.constant('2010-05-03'),
    expiresOn: fc.constant('2030-05-03'),
    issuer: fc.constant('ОВД'),
    country: fc.constantFrom('RUS', 'KAZ'),
  },
  { requiredKeys: ['kind', 'number'] },
)
const proof = fc.record(
  {
    id: fc.uuid(),
    kind: fc.constantFrom(...(Object.keys(proofKinds) as Proof['kind'][])),
    at,
    verifier: fc.constantFrom('registry.snils', 'letter', 'mfc_77_1'),
    covers: groups,
    document,
    certificate: fc.record({ issuer: fc.constant('УЦ'), serialNumber: fc.constant('0A') }),
  },
  { requiredKeys: ['id', 'kind', 'at', 'verifier', 'covers'] },
) as fc.Arbitrary<Proof>
const verification: fc.Arbitrary<Verification> = fc.record({
  level: fc.constantFrom('standard', 'verified'),
  at,
  reference: fc.uuid(),
  proofs: fc.array(proof, { minLength: 1, maxLength: 4 }),
  covers: groups,
})

const leaf = fc.constantFrom(null, {}, { essential: true })

/** Something that the shape lets a client ask for, without a restriction: what is not restricted must come. */
function asking(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.is) {
    case 'parts': {
      const members = Object.fromEntries(Object.entries(shape.parts).map(([name, part]) => [name, asking(part)]))
      return fc.oneof({ weight: 9, arbitrary: fc.record(members, { requiredKeys: [] }) }, fc.constant(null))
    }
    case 'list':
      return fc.oneof(
        { weight: 9, arbitrary: fc.array(asking(shape.of), { minLength: 1, maxLength: 3 }) },
        fc.constant(null),
      )
    case 'evidence':
      return fc.array(
        fc.oneof(
          ...Object.entries(evidenceShapes).map(([value, { parts }]) => {
            const members = Object.fromEntries(Object.entries<Shape>(parts).map(([name, part]) => [name, asking(part)]))
            return fc.record({ type: fc.constant({ value }), ...members }, { requiredKeys: ['type'] })
          }),
        ),
        { minLength: 1, maxLength: 4 },
      )
    default:
      return leaf
  }
}
const members = Object.fromEntries(
  Object.entries<Shape>(verificationShape).map(([name, shape]) => [name, asking(shape)]),
)
const request = fc.record({
  verification: fc.record(members, { requiredKeys: ['trust_framework'] }),
  claims: fc.oneof(
    { weight: 9, arbitrary: fc.dictionary(fc.constantFrom(...Object.keys(account), 'nationalities'), leaf) },
    fc.constant(null),
  ),
})

const metadata = assuranceMetadata(assurance) as Readonly<Record<string, readonly string[]>>

/** What a client checks of an answer, with discovery in its hand. */
function unannounced({ verification, claims }: VerifiedClaimsElement): string[] {
  const evidence = verification.evidence ?? []
  const said: [list: string, value: string | undefined][] = [
    ['trust_frameworks_supported', verification.trust_framework],
    ...Object.keys(claims).map((name): [string, string] => ['claims_in_verified_claims_supported', name]),
    ...evidence.flatMap((each): [string, string | undefined][] => [
      ['evidence_supported', each.type],
      ...(each.type === 'document'
        ? [
            ['documents_supported', each.document_details?.type] as [string, string | undefined],
            ...(each.check_details ?? []).map(({ check_method }): [string, string] => [
              'documents_check_methods_supported',
              check_method,
            ]),
          ]
        : []),
      ...(each.type === 'electronic_record'
        ? [['electronic_records_supported', each.record?.type] as [string, string | undefined]]
        : []),
    ]),
  ]
  return said
    .filter(([list, value]) => value !== undefined && !metadata[list]?.includes(value))
    .map(([list, value]) => `${list}: ${value}`)
}

test('every answer is as the schema definition has it, and discovery announced it', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(
      fc.oneof(request, fc.array(request, { minLength: 1, maxLength: 3 })),
      fc.array(verification, { minLength: 1, maxLength: 2 }),
      fc.subarray([...Object.keys(account), 'verified_claims']),
      (asked, verifications, agreed) => {
        const telling = { ...assurance, claims: account, agreed: new Set(agreed), referenceOf: (id: string) => id }
        const candidates = verifications.map((each) => candidateOf(each, telling))
        const answer = answerTo(parseVerifiedClaims(asked, 'v'), candidates, new Date('2026-03-01T09:00:00Z'))
        if (answer === undefined) return
        const { error, data } = verifiedClaimsSchema.safeParse(JSON.parse(JSON.stringify(answer)))
        expect(error?.issues).toBeUndefined()
        for (const element of [data!].flat()) {
          expect(unannounced(element)).toEqual([])
          for (const { type } of element.verification.evidence ?? []) seen.add(type)
        }
      },
    ),
    { numRuns: 2_000 },
  )
  expect([...seen].sort()).toEqual(['document', 'electronic_record', 'electronic_signature', 'vouch'])
})

describe('the schema itself refuses', () => {
  const sound = { verification: { trust_framework: 'x' }, claims: {} }
  const evidence = (each: object) => ({ ...sound, verification: { trust_framework: 'x', evidence: [each] } })
  test.each<[string, unknown]>([
    ['no trust framework', { ...sound, verification: {} }],
    ['no claims', { verification: sound.verification }],
    ['an empty array', []],
    ['no evidence', { ...sound, verification: { trust_framework: 'x', evidence: [] } }],
    ['evidence without a type', evidence({})],
    ['a member of an earlier draft', evidence({ type: 'document', method: 'pipp' })],
    ['no checks', evidence({ type: 'document', check_details: [] })],
    ['a check without a method', evidence({ type: 'document', check_details: [{ organization: 'x' }] })],
    ['a document without a type', evidence({ type: 'document', document_details: { document_number: '1' } })],
    ['a record without a type', evidence({ type: 'electronic_record', record: {} })],
    ['an attestation without a type', evidence({ type: 'vouch', attestation: {} })],
    ['a signature without a certificate', evidence({ type: 'electronic_signature', signature_type: 'qes' })],
    ['fractions of a second', { ...sound, verification: { trust_framework: 'x', time: '2026-01-01T00:00:00.5Z' } }],
    ['a time zone', { ...sound, verification: { trust_framework: 'x', time: '2026-01-01T03:00:00+03:00' } }],
  ])('%s', (_what, value) => {
    expect(verifiedClaimsSchema.safeParse(value).success).toBe(false)
  })
  test('and takes the least', () => {
    expect(verifiedClaimsSchema.safeParse(sound).success).toBe(true)
    expect(verifiedClaimsSchema.safeParse([sound]).success).toBe(true)
  })
})
