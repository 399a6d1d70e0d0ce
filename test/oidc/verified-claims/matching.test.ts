import { describe, expect, test } from 'vitest'
import { answerTo, type Candidate } from '#src/oidc/verified-claims/matching.ts'
import { parseVerifiedClaims } from '#src/oidc/verified-claims/request.ts'

/** What is released of what there is (OpenID Connect for Identity Assurance 1.0, sections 5.4 to 5.7). */

const now = new Date('2026-03-01T09:00:00Z')
const check = (check_method: string, organization: string) => ({
  check_method,
  organization,
  time: '2026-02-01T10:00:00Z',
})
const centre = {
  type: 'document',
  check_details: [check('vpip', 'МФЦ'), check('pvp', 'МФЦ')],
  document_details: {
    type: 'idcard',
    document_number: '4500 123456',
    date_of_issuance: '2026-02-28',
    issuer: { name: 'ОВД', country_code: 'RUS' },
  },
}
const register = {
  type: 'electronic_record',
  check_details: [check('data', 'МВД')],
  record: { type: 'population_register', source: { name: 'МВД' } },
}
const best: Candidate = {
  verification: {
    trust_framework: 'propusk',
    assurance_level: 'verified',
    time: '2026-02-01T10:00:00Z',
    verification_process: 'p-1',
    evidence: [register, centre],
  },
  claims: {
    given_name: 'Ольга',
    family_name: 'Ветрова',
    birthdate: '1990-04-12',
    address: { country: 'RU', locality: 'Тверь' },
  },
}
const lesser: Candidate = {
  verification: {
    ...best.verification,
    assurance_level: 'standard',
    verification_process: 'p-0',
    evidence: [register],
  },
  claims: { ...best.claims, snils: '116-973-385 89' },
}

const request = (verification: object, claims: object = { given_name: null }) => ({
  verification: { trust_framework: null, ...verification },
  claims,
})
const answer = (asked: unknown, candidates: readonly Candidate[] = [best]) =>
  answerTo(parseVerifiedClaims(asked, 'v'), candidates, now)
const ofDocument = (members: object) => request({ evidence: [{ type: { value: 'document' }, ...members }] })

describe('the whole element is left out', () => {
  test.each<[string, unknown]>([
    ['of another trust framework', request({ trust_framework: { value: 'eidas' } })],
    ['of none of the trust frameworks', request({ trust_framework: { values: ['eidas', 'de_aml'] } })],
    ['of another level', request({ assurance_level: { value: 'high' } })],
    ['verified too long ago', request({ time: { max_age: 60 } })],
    ['without evidence of the type', request({ evidence: [{ type: { value: 'vouch' } }] })],
    ['without evidence of a type unknown here', request({ evidence: [{ type: { value: 'utility_bill' } }] })],
    ['of another document', ofDocument({ document_details: { type: { value: 'passport' } } })],
    ['checked otherwise', ofDocument({ check_details: [{ check_method: { value: 'bvr' } }] })],
    [
      'checked elsewhere',
      ofDocument({ check_details: [{ check_method: { value: 'pvp' }, organization: { value: 'Почта' } }] }),
    ],
    [
      'without a restricted member that there is not',
      ofDocument({ document_details: { serial_number: { value: '1' } } }),
    ],
    ['with a restriction on what is unknown here', request({ assurance_process: { policy: { value: 'gpg45' } } })],
    ['with a restriction on evidence that is unknown here', ofDocument({ verifier: { organization: { value: 'x' } } })],
    ['with a restriction of an earlier draft', ofDocument({ method: { value: 'pipp' } })],
    ['of nobody who signed', request({ evidence: [{ type: { value: 'electronic_signature' } }] })],
    ['whose claims there are not', request({}, { nationalities: null })],
    ['whose claims are others', request({}, { given_name: { value: 'Анна' } })],
    [
      'whose claims are names of every object',
      request({}, { constructor: null, toString: null, hasOwnProperty: null }),
    ],
  ])('%s', (_what, asked) => {
    expect(answer(asked)).toBeUndefined()
  })
  test('of who is proven in no way', () => {
    expect(answer(request({}), [])).toBeUndefined()
  })
})

describe('no more is given than was asked for', () => {
  test.each<[string, unknown, object, object?]>([
    ['the least', request({}), { trust_framework: 'propusk' }],
    [
      'level, time, reference',
      request({ assurance_level: null, time: { max_age: 1e7 }, verification_process: null }),
      {
        trust_framework: 'propusk',
        assurance_level: 'verified',
        time: '2026-02-01T10:00:00Z',
        verification_process: 'p-1',
      },
    ],
    ['evidence by its type alone', ofDocument({}), { trust_framework: 'propusk', evidence: [{ type: 'document' }] }],
    [
      'a document by its type alone',
      ofDocument({ document_details: {} }),
      {
        trust_framework: 'propusk',
        evidence: [{ type: 'document', document_details: { type: 'idcard' } }],
      },
    ],
    [
      'one detail of a document',
      ofDocument({ document_details: { issuer: { name: null } } }),
      {
        trust_framework: 'propusk',
        evidence: [{ type: 'document', document_details: { type: 'idcard', issuer: { name: 'ОВД' } } }],
      },
    ],
    [
      'those checks alone that match',
      ofDocument({ check_details: [{ check_method: { value: 'pvp' } }] }),
      {
        trust_framework: 'propusk',
        evidence: [{ type: 'document', check_details: [{ check_method: 'pvp' }] }],
      },
    ],
    [
      'a check by its method alone',
      ofDocument({ check_details: [{}] }),
      {
        trust_framework: 'propusk',
        evidence: [{ type: 'document', check_details: [{ check_method: 'vpip' }, { check_method: 'pvp' }] }],
      },
    ],
    [
      'a check by its method alone, by null',
      ofDocument({ check_details: null }),
      {
        trust_framework: 'propusk',
        evidence: [{ type: 'document', check_details: [{ check_method: 'vpip' }, { check_method: 'pvp' }] }],
      },
    ],
    [
      'a document by its type alone, by null',
      ofDocument({ document_details: null }),
      { trust_framework: 'propusk', evidence: [{ type: 'document', document_details: { type: 'idcard' } }] },
    ],
    [
      'no evidence by null, as it has to be asked for by its type',
      request({ evidence: null }),
      { trust_framework: 'propusk' },
    ],
    [
      'what is of an earlier draft is ignored',
      ofDocument({ method: null, time: null }),
      { trust_framework: 'propusk', evidence: [{ type: 'document' }] },
    ],
    [
      'how evidence was classified filters nothing',
      request({ assurance_process: { assurance_details: [{ assurance_type: { value: 'verification' } }] } }),
      { trust_framework: 'propusk' },
    ],
    [
      'what is not there is left out',
      ofDocument({ document_details: { serial_number: null } }),
      {
        trust_framework: 'propusk',
        evidence: [{ type: 'document', document_details: { type: 'idcard' } }],
      },
    ],
    [
      'what is unknown here is ignored',
      request({ assurance_process: { policy: null } }),
      { trust_framework: 'propusk' },
    ],
  ])('%s', (_what, asked, verification) => {
    expect(answer(asked)).toEqual({ verification, claims: { given_name: 'Ольга' } })
  })
})

describe('claims', () => {
  const claims = (asked: object) => (answer(request({}, asked)) as Candidate | undefined)?.claims
  test('that there are not are left out, essential ones too: that changes nothing (section 5.7)', () => {
    expect(claims({ given_name: null, middle_name: { essential: true } })).toEqual({ given_name: 'Ольга' })
  })
  test('that are others than wanted are left out alone', () => {
    expect(claims({ given_name: { value: 'Анна' }, family_name: { values: ['Иванова', 'Ветрова'] } })).toEqual({
      family_name: 'Ветрова',
    })
  })
  test('that are objects are compared as a whole', () => {
    expect(claims({ address: { value: { locality: 'Тверь', country: 'RU' } } })).toEqual({
      address: best.claims.address,
    })
    expect(claims({ address: { value: { country: 'RU' } } })).toBeUndefined()
  })
  test('with an age', () => {
    expect(claims({ birthdate: { max_age: 2_000_000_000 } })).toEqual({ birthdate: '1990-04-12' })
    expect(claims({ birthdate: { max_age: 1 } })).toBeUndefined()
    expect(claims({ given_name: { max_age: 1 } })).toBeUndefined()
  })
})

describe('evidence', () => {
  const evidence = (...entries: object[]) =>
    (answer(request({ evidence: entries })) as Candidate | undefined)?.verification.evidence
  test('entries are linked by "or", each a template for what it finds', () => {
    expect(
      evidence(
        { type: { value: 'document' }, document_details: { document_number: null } },
        { type: { value: 'electronic_record' }, record: { source: { name: null } } },
        { type: { value: 'vouch' } },
      ),
    ).toEqual([
      { type: 'electronic_record', record: { type: 'population_register', source: { name: 'МВД' } } },
      { type: 'document', document_details: { type: 'idcard', document_number: '4500 123456' } },
    ])
  })
  test('what two entries find appears once, with what either asks for', () => {
    expect(
      evidence(
        { type: { value: 'document' }, check_details: [{ check_method: { value: 'pvp' } }] },
        {
          type: { value: 'document' },
          document_details: { date_of_issuance: null },
          check_details: [{ check_method: { value: 'vpip' }, organization: null }],
        },
      ),
    ).toEqual([
      {
        type: 'document',
        document_details: { type: 'idcard', date_of_issuance: '2026-02-28' },
        check_details: [{ check_method: 'vpip', organization: 'МФЦ' }, { check_method: 'pvp' }],
      },
    ])
  })
  test('an entry that does not find it gives nothing of it', () => {
    expect(
      evidence(
        { type: { value: 'document' }, document_details: { type: { value: 'passport' }, document_number: null } },
        { type: { value: 'document' }, check_details: [{ time: null }] },
      ),
    ).toEqual([
      {
        type: 'document',
        check_details: ['vpip', 'pvp'].map((check_method) => ({ check_method, time: '2026-02-01T10:00:00Z' })),
      },
    ])
  })
  test.each([
    // The last second of 28 February is 9 h before now.
    [32_401, true],
    [32_400, false],
  ])('a date counts from its last second: at most %i s ago: %s', (max_age, found) => {
    const entry = { type: { value: 'document' }, document_details: { date_of_issuance: { max_age } } }
    expect(evidence(entry) !== undefined).toBe(found)
  })
})

describe('without claims the verification stands alone', () => {
  test.each([{}, null])('asked for by %j', (claims) => {
    const asked = { verification: { trust_framework: null, assurance_level: null }, claims }
    expect(answer(asked)).toEqual({
      verification: { trust_framework: 'propusk', assurance_level: 'verified' },
      claims: {},
    })
    expect(answer(asked, [])).toBeUndefined()
  })
})

describe('evidence that would be invalid without what nobody asked for is left out, and nothing else', () => {
  const signature = {
    type: 'electronic_signature',
    signature_type: 'qes',
    issuer: 'УЦ',
    serial_number: '0A',
    created_at: '2026-02-01T10:00:00Z',
  }
  const { serial_number: _, ...unnumbered } = signature
  const asked = (members: object) => request({ evidence: [{ type: { value: 'electronic_signature' }, ...members }] })
  const evidence = (members: object, there: object) => {
    const given = answer(asked(members), [
      { ...best, verification: { ...best.verification, evidence: [there] } },
    ]) as Candidate
    expect(given.claims).toEqual({ given_name: 'Ольга' })
    return given.verification.evidence
  }
  test('the number of a certificate comes only if it is asked for', () => {
    expect(evidence({}, signature)).toBeUndefined()
    expect(evidence({ issuer: null }, signature)).toBeUndefined()
    expect(evidence({ issuer: null, serial_number: null }, signature)).toEqual([
      { type: 'electronic_signature', signature_type: 'qes', issuer: 'УЦ', serial_number: '0A' },
    ])
  })
  test('a certificate that is not known', () => {
    expect(evidence({ issuer: null, serial_number: null, created_at: null }, unnumbered)).toBeUndefined()
  })
})

describe('several verifications, several requests', () => {
  test('an object is answered by an object, from the verification that covers most, of equal ones the first', () => {
    const level = (asked: object) =>
      (answer(request({ assurance_level: null }, asked), [best, lesser]) as Candidate).verification.assurance_level
    expect(level({ given_name: null })).toBe('verified')
    expect(level({ given_name: null, snils: null })).toBe('standard')
  })
  test('an array is answered by an array of those that can be answered, each by itself', () => {
    const asked = [
      request({ assurance_level: { value: 'standard' } }),
      request({ assurance_level: { value: 'verified' } }),
      request({ trust_framework: { value: 'eidas' } }),
    ]
    expect(answer(asked, [best, lesser])).toEqual([
      { verification: { trust_framework: 'propusk', assurance_level: 'standard' }, claims: { given_name: 'Ольга' } },
      { verification: { trust_framework: 'propusk', assurance_level: 'verified' }, claims: { given_name: 'Ольга' } },
    ])
    expect(answer([asked[2]], [best, lesser])).toBeUndefined()
    expect(answer([request({})])).toHaveLength(1)
  })
})
