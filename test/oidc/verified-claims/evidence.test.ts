import { describe, expect, test } from 'vitest'
import { claimsCovered, verifiableClaims } from '#src/oidc/verified-claims/claim-groups.ts'
import {
  candidateOf,
  documentTypes,
  type Proof,
  proofKinds,
  type Verification,
} from '#src/oidc/verified-claims/evidence.ts'
import { assuranceMetadata } from '#src/oidc/verified-claims/metadata.ts'

/** How proofs are told in the words of OpenID Identity Assurance. */

const at = new Date('2026-02-01T10:00:00.500Z')
const time = '2026-02-01T10:00:00Z'
const claims = {
  name: 'Ветрова Ольга',
  given_name: 'Ольга',
  gender: 'female',
  email: 'a@b.ru',
  birthdate: '1990-04-12',
  snils: '1',
}
const everything = new Set([...Object.keys(claims), 'id_doc'])

function told(
  proofs: readonly Proof[],
  agreed: ReadonlySet<string> = everything,
  covers: Verification['covers'] = ['person'],
) {
  const verification: Verification = { level: 'verified', at, reference: 'p-1', proofs, covers }
  return candidateOf(verification, { trustFramework: 'propusk', claims, agreed, referenceOf: (id) => id })
}
const evidenceOf = (proof: Partial<Proof> & Pick<Proof, 'kind'>, agreed?: ReadonlySet<string>) =>
  told([{ id: 'e-1', at, organization: 'МФЦ', covers: ['person'], ...proof }], agreed).verification.evidence
const document = {
  kind: 'passport_rf',
  number: '4500 123456',
  issuedOn: '2010-05-01',
  issuer: 'ОВД',
  country: 'RUS',
} as const
const check = (check_method: string) => ({ check_method, organization: 'МФЦ', check_id: 'e-1', time })

test('a claim is not verified which no proof covers, which nobody agreed to, or which is of no group', () => {
  const proof: Proof = { id: 'e', kind: 'centre', at, organization: 'МФЦ', covers: ['person'] }
  expect(told([proof]).claims).toEqual({ name: 'Ветрова Ольга', given_name: 'Ольга', birthdate: '1990-04-12' })
  expect(told([proof], new Set(['given_name', 'snils', 'email', 'gender'])).claims).toEqual({ given_name: 'Ольга' })
  expect(told([proof], everything, []).claims).toEqual({})
  expect(claimsCovered(claims, ['snils', 'person'])).not.toHaveProperty('email')
})

describe('evidence', () => {
  test('of a registry: a record for each register that spoke', () => {
    expect(evidenceOf({ kind: 'registry', organization: 'МВД', covers: ['person', 'document', 'snils'] })).toEqual(
      ['population_register', 'social_security'].map((type) => ({
        type: 'electronic_record',
        check_details: [{ ...check('data'), organization: 'МВД' }],
        time,
        record: { type, source: { name: 'МВД' } },
      })),
    )
  })
  test('of a bank: what it attests under a number of its own', () => {
    expect(evidenceOf({ kind: 'bank', organization: 'Банк' })).toEqual([
      {
        type: 'vouch',
        check_details: [{ ...check('auth'), organization: 'Банк' }],
        time,
        attestation: {
          type: 'digital_attestation',
          reference_number: 'e-1',
          date_of_issuance: '2026-02-01',
          voucher: { organization: 'Банк' },
        },
      },
    ])
  })
  test('of a signature: the certificate', () => {
    expect(evidenceOf({ kind: 'signature', certificate: { issuer: 'УЦ', serialNumber: '0A' } })).toEqual([
      { type: 'electronic_signature', signature_type: 'qes', issuer: 'УЦ', serial_number: '0A', created_at: time },
    ])
  })
  test.each([
    ['centre', 'pipp', ['vpip', 'pvp']],
    ['review', 'uripp', ['vri', 'pvr']],
    ['video', 'sripp', ['vri', 'pvr']],
  ] as const)('of kind %s: a document, seen by somebody', (kind, method, methods) => {
    expect(evidenceOf({ kind, document })).toEqual([
      {
        type: 'document',
        check_details: methods.map(check),
        time,
        method,
        document_details: {
          type: 'idcard',
          document_number: '4500 123456',
          date_of_issuance: '2010-05-01',
          issuer: { name: 'ОВД', country_code: 'RUS' },
        },
      },
    ])
  })
  test('of a document, to whom it was not agreed to: its type and nothing else', () => {
    expect(evidenceOf({ kind: 'centre', document }, new Set(['given_name']))).toMatchObject([
      { document_details: { type: 'idcard' } },
    ])
    expect(JSON.stringify(evidenceOf({ kind: 'centre', document }, new Set(['given_name'])))).not.toMatch(
      /4500|ОВД|2010/,
    )
  })
})

describe('discovery', () => {
  const metadata = assuranceMetadata('propusk')
  test('names what any proof can lead to, and no more', () => {
    const kinds = Object.keys(proofKinds) as Proof['kind'][]
    const all = kinds.flatMap((kind) => evidenceOf({ kind, document, covers: ['person', 'snils', 'inn'] }) as Told[])
    const each = (values: readonly (string | undefined)[]) =>
      [...new Set(values.filter((value) => value !== undefined))].sort()
    expect(metadata).toEqual({
      verified_claims_supported: true,
      trust_frameworks_supported: ['propusk'],
      claims_in_verified_claims_supported: verifiableClaims,
      evidence_supported: expect.toSatisfy((types) => sameAs(types, each(all.map(({ type }) => type)))),
      documents_supported: Object.values(documentTypes),
      documents_methods_supported: expect.toSatisfy((named) => sameAs(named, each(all.map(({ method }) => method)))),
      documents_check_methods_supported: expect.toSatisfy((named) =>
        sameAs(named, each(all.filter(({ type }) => type === 'document').flatMap(checksOf))),
      ),
      electronic_records_supported: expect.toSatisfy((named) =>
        sameAs(named, each(all.map(({ record }) => record?.type))),
      ),
    })
  })
  test('names claims that a person can agree to, the birth date among them and no contact', () => {
    expect(verifiableClaims).toContain('birthdate')
    expect(verifiableClaims).not.toContain('email')
    expect(verifiableClaims).not.toContain('gender')
  })
})

interface Told {
  readonly type: string
  readonly method?: string
  readonly check_details?: readonly { readonly check_method: string }[]
  readonly record?: { readonly type: string }
}
const checksOf = ({ check_details }: Told) => check_details?.map(({ check_method }) => check_method) ?? []
const sameAs = (one: string[], other: string[]) => JSON.stringify([...one].sort()) === JSON.stringify(other)
