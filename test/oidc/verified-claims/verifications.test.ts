import { describe, expect, test } from 'vitest'
import type { Account } from '#src/accounts/account.ts'
import type { CoveredGroup, IdentityEvidence } from '#src/accounts/identity/evidence.ts'
import { verificationsOf } from '#src/oidc/verified-claims/verifications.ts'

/** What of an account's record is told as verified. */

const evidence = (
  kind: IdentityEvidence['kind'],
  day: number,
  covers: IdentityEvidence['covers'] = {},
): IdentityEvidence => ({
  id: `${kind}-${day}`,
  kind,
  covers: { person: 'p', ...covers },
  verifier: `of ${kind}`,
  at: new Date(Date.UTC(2026, 0, day)),
  until: undefined,
})
const passport = {
  kind: 'passport_rf',
  series: '4510',
  number: '123456',
  issuedOn: '2010-05-03',
  issuer: 'ОВД',
  departmentCode: '770011',
  birthPlace: 'Тверь',
} as const
const foreign = {
  kind: 'foreign_passport',
  country: 'KAZ',
  number: 'N123',
  issuedOn: '2020-01-01',
  validUntil: '2030-01-01',
  familyName: 'VETROVA',
  givenName: 'OLGA',
} as const

const account = (
  level: Account['identity']['level'],
  carriedBy: readonly IdentityEvidence[],
  groups: readonly [CoveredGroup, readonly IdentityEvidence[]][] = [],
): Account => ({
  oid: 1_234_567_890,
  state: 'active',
  realm: 'citizen',
  registeredAt: new Date(0),
  person: { familyName: 'Ветрова', givenName: 'Ольга', birthDate: '1990-04-12', gender: 'female' },
  documents: [
    { id: 'd1', document: foreign, digest: 'of foreign', recordedAt: new Date(0) },
    { id: 'd2', document: passport, digest: 'of passport', recordedAt: new Date(0) },
  ],
  addresses: [],
  identity: { level, lacks: [], carriedBy, reconciled: new Map(groups) },
})
const registry = evidence('registry', 3, { snils: 's', document: 'of passport', inn: 'former' })
const centre = evidence('centre', 2, { document: 'of passport' })

describe('verificationsOf', () => {
  test('nothing of a simplified account, whatever evidence there is', () => {
    expect(verificationsOf(account('simplified', [registry]))).toEqual([])
  })
  test('covered is what the registries know of the record as it is now, whatever a proof once covered', () => {
    const known: [CoveredGroup, IdentityEvidence[]][] = [
      ['person', [registry]],
      ['document', [registry]],
    ]
    expect(verificationsOf(account('standard', [registry], known))[0]?.covers).toEqual(['person', 'document'])
  })
  test('INN and address are told with their own proofs, which make the level no later', () => {
    const inn = evidence('registry', 9, { inn: 'i' })
    const [told] = verificationsOf(account('standard', [registry], [['inn', [inn]]]))
    expect(told).toMatchObject({ at: registry.at, reference: registry.id, covers: ['inn'] })
    expect(told?.proofs.map(({ id }) => id)).toEqual([registry.id, inn.id])
  })
  test('verified by all that carries it, standard by the registries alone, each since its last proof', () => {
    const told = verificationsOf(account('verified', [centre, registry]))
    expect(
      told.map(({ level, at, reference, proofs }) => [level, at, reference, proofs.map(({ kind }) => kind)]),
    ).toEqual([
      ['verified', registry.at, registry.id, ['centre', 'registry']],
      ['standard', registry.at, registry.id, ['registry']],
    ])
  })
  test('a proof has its own document, and none where the record has another one by now', () => {
    const documents = (covered: string) =>
      verificationsOf(account('verified', [registry, evidence('centre', 4, { document: covered })]))[0]?.proofs.map(
        ({ document }) => document?.number,
      )
    expect(documents('of passport')).toEqual(['4510 123456', '4510 123456'])
    expect(documents('of foreign')).toEqual(['4510 123456', 'N123'])
    expect(documents('of a lost one')).toEqual(['4510 123456', undefined])
  })
  test('a proof of no document has none', () => {
    const [verification] = verificationsOf(account('verified', [registry, evidence('bank', 4)]))
    expect(verification?.proofs[1]).not.toHaveProperty('document')
  })
  test('who issued a document, and until when it is valid', () => {
    const of = (covered: string) =>
      verificationsOf(account('standard', [evidence('registry', 1, { document: covered })]))[0]?.proofs[0]?.document
    expect(of('of foreign')).toEqual({
      kind: 'foreign_passport',
      number: 'N123',
      issuedOn: '2020-01-01',
      expiresOn: '2030-01-01',
      country: 'KAZ',
    })
    expect(of('of passport')).toMatchObject({ kind: 'passport_rf', issuer: 'ОВД', country: 'RUS' })
  })
  test('former names are no group that a relying party hears of', () => {
    const [verification] = verificationsOf(account('standard', [evidence('registry', 1, { former_person: 'f' })]))
    expect(verification?.proofs[0]?.covers).toEqual(['person'])
  })
})
