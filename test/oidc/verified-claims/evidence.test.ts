import { describe, expect, test } from 'vitest'
import { claimsCovered, verifiableClaims } from '#src/oidc/verified-claims/claim-groups.ts'
import { candidateOf, type Proof, type Verification } from '#src/oidc/verified-claims/evidence.ts'
import { assuranceMetadata } from '#src/oidc/verified-claims/metadata.ts'
import { proofKinds } from '#src/oidc/verified-claims/vocabulary.ts'

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
const assurance = {
  trustFramework: 'propusk',
  issuer: 'https://id.example',
  verifierNames: { mfc: 'МФЦ', bank_1: 'Банк', registry: 'Реестры', 'registry.snils': 'Социальный фонд' },
  ownName: 'Пропуск',
}
const everything = new Set([...Object.keys(claims), 'id_doc'])

function told(
  proofs: readonly Proof[],
  agreed: ReadonlySet<string> = everything,
  covers: Verification['covers'] = ['person'],
) {
  const verification: Verification = { level: 'verified', at, reference: 'p-1', proofs, covers }
  return candidateOf(verification, { ...assurance, claims, agreed, referenceOf: (id) => id })
}
const evidenceOf = (proof: Partial<Proof> & Pick<Proof, 'kind'>, agreed?: ReadonlySet<string>) =>
  told([{ id: 'e-1', at, verifier: 'mfc', covers: ['person'], ...proof }], agreed).verification.evidence
const document = {
  kind: 'passport_rf',
  number: '4500 123456',
  issuedOn: '2010-05-01',
  issuer: 'ОВД',
  country: 'RUS',
} as const
const check = (check_method: string) => ({ check_method, organization: 'МФЦ', check_id: 'e-1', time })

test('a claim is not verified which no proof covers, which nobody agreed to, or which is of no group', () => {
  const proof: Proof = { id: 'e', kind: 'centre', at, verifier: 'mfc', covers: ['person'] }
  expect(told([proof]).claims).toEqual({ name: 'Ветрова Ольга', given_name: 'Ольга', birthdate: '1990-04-12' })
  expect(told([proof], new Set(['given_name', 'snils', 'email', 'gender'])).claims).toEqual({ given_name: 'Ольга' })
  expect(told([proof], everything, []).claims).toEqual({})
  expect(claimsCovered(claims, ['snils', 'person'])).not.toHaveProperty('email')
})

describe('evidence', () => {
  test.each([
    [
      ['person', 'document', 'snils'],
      ['population_register', 'social_security'],
    ],
    [['person', 'snils'], ['social_security']],
    [['person', 'inn'], ['tax']],
    [
      ['person', 'inn', 'address'],
      ['tax', 'population_register'],
    ],
    [['person'], ['population_register']],
  ] as const)('of a registry, about %j: a record for each register that spoke', (covers, records) => {
    expect(evidenceOf({ kind: 'registry', verifier: 'registry.document', covers })).toEqual(
      records.map((type) => ({
        type: 'electronic_record',
        check_details: [{ ...check('data'), organization: 'Реестры' }],
        record: { type, source: { name: 'Реестры' } },
      })),
    )
  })
  test('of a letter: that the address on record reaches the person, as nobody else has it', () => {
    expect(evidenceOf({ kind: 'letter', verifier: 'letter' })).toEqual([
      {
        type: 'electronic_record',
        check_details: [{ ...check('kbv'), organization: 'Пропуск' }],
        record: { type: 'https://id.example/identifiers/registered_letter' },
      },
    ])
  })
  test('of a bank: what it attests under a number of its own', () => {
    expect(evidenceOf({ kind: 'bank', verifier: 'bank_1' })).toEqual([
      {
        type: 'vouch',
        check_details: [{ ...check('auth'), organization: 'Банк' }],
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
    ['centre', ['pipp', 'vpip', 'pvp']],
    ['review', ['uripp', 'vri', 'pvr']],
    ['video', ['sripp', 'vri', 'pvr']],
  ] as const)('of kind %s: a document, seen by somebody', (kind, methods) => {
    expect(evidenceOf({ kind, document })).toEqual([
      {
        type: 'document',
        check_details: methods.map(check),
        document_details: {
          type: 'idcard',
          document_number: '4500 123456',
          date_of_issuance: '2010-05-01',
          issuer: { name: 'ОВД', country_code: 'RUS' },
        },
      },
    ])
  })
  test.each([
    ['passport_rf', 'idcard'],
    ['foreign_passport', 'passport'],
    ['residence_permit', 'residence_permit'],
    ['temporary_certificate', 'https://id.example/identifiers/temporary_identity_certificate'],
  ] as const)('of a document of kind %s: %s', (kind, type) => {
    expect(evidenceOf({ kind: 'centre', document: { kind, number: '1' } })).toMatchObject([
      { document_details: { type } },
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

describe('who made a check is told by', () => {
  const organization = (kind: Proof['kind'], verifier: string) => {
    const [first] = evidenceOf({ kind, verifier }) as Told[]
    return first?.check_details?.[0]?.organization
  }
  test.each<[string, Proof['kind'], string, string]>([
    ['the name of its code', 'registry', 'registry.snils', 'Социальный фонд'],
    ['the name of the beginning of its code', 'registry', 'registry.snils.moscow', 'Социальный фонд'],
    ['the name of the least beginning', 'registry', 'registry.inn', 'Реестры'],
    ['the installation’s own name where it checked itself', 'registry', 'state', 'Пропуск'],
    ['its code where nobody named it', 'centre', 'mfc_77', 'mfc_77'],
    ['its code though that is a name of every object', 'bank', 'constructor', 'constructor'],
  ])('%s', (_what, kind, verifier, name) => {
    expect(organization(kind, verifier)).toBe(name)
  })
  test('and the installation is no source of what it compared with', () => {
    expect(evidenceOf({ kind: 'registry', verifier: 'state' })).toMatchObject([{ record: { type: expect.anything() } }])
    expect(JSON.stringify(evidenceOf({ kind: 'registry', verifier: 'state' }))).not.toContain('source')
  })
})

describe('discovery', () => {
  const metadata = assuranceMetadata(assurance)
  test('names what any proof can lead to, and no more', () => {
    const kinds = Object.keys(proofKinds) as Proof['kind'][]
    const documents = (['passport_rf', 'temporary_certificate', 'foreign_passport', 'residence_permit'] as const).map(
      (kind) => ({ ...document, kind }),
    )
    const all = documents.flatMap((document) =>
      kinds.flatMap((kind) => evidenceOf({ kind, document, covers: ['document', 'snils', 'inn'] }) as Told[]),
    )
    const each = (values: readonly (string | undefined)[]) =>
      expect.toSatisfy((named: string[]) =>
        sameAs(named, [...new Set(values.filter((value) => value !== undefined))].sort()),
      )
    expect(metadata).toEqual({
      verified_claims_supported: true,
      trust_frameworks_supported: ['propusk'],
      claims_in_verified_claims_supported: verifiableClaims,
      evidence_supported: each(all.map(({ type }) => type)),
      documents_supported: each(all.map(({ document_details }) => document_details?.type)),
      documents_check_methods_supported: each(all.filter(({ type }) => type === 'document').flatMap(checksOf)),
      electronic_records_supported: each(all.map(({ record }) => record?.type)),
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
  readonly document_details?: { readonly type: string }
  readonly check_details?: readonly { readonly check_method: string; readonly organization: string }[]
  readonly record?: { readonly type: string }
}
const checksOf = ({ check_details }: Told) => check_details?.map(({ check_method }) => check_method) ?? []
const sameAs = (one: string[], other: string[]) => JSON.stringify([...one].sort()) === JSON.stringify(other)
