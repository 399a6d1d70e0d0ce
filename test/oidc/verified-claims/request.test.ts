import { describe, expect, test } from 'vitest'
import { checkClaimsParameter, claimsBehind } from '#src/oidc/verified-claims/parameter.ts'
import { parseVerifiedClaims } from '#src/oidc/verified-claims/request.ts'

/** How a request for verified claims is read (OpenID Connect for Identity Assurance 1.0, sections 5.3 to 5.6). */

const sound = { verification: { trust_framework: null }, claims: { given_name: null } }
const verified = (verification: object) => ({ ...sound, verification: { trust_framework: null, ...verification } })
const evidence = (...entries: unknown[]) => verified({ evidence: entries })
const ofDocument = (members: object) => evidence({ type: { value: 'document' }, ...members })
const claiming = (given_name: unknown) => ({ ...sound, claims: { given_name } })
const nested = (depth: number): unknown => (depth === 0 ? null : { a: nested(depth - 1) })

describe('a malformed request is refused by the name of the member at fault', () => {
  test.each<[string, unknown, RegExp]>([
    ['null', null, /^v must be an object$/],
    ['a text', 'all', /^v must be an object$/],
    ['an empty array', [], /^v must not be empty$/],
    ['an array of arrays', [[sound]], /^v\[0\] must be an object$/],
    ['too many elements', Array(11).fill(sound), /^v must have at most 10 elements$/],
    ['one bad element among good ones', [sound, {}], /^v\[1\]\.verification is missing$/],
    ['no verification', { claims: sound.claims }, /^v\.verification is missing$/],
    ['no trust framework', { ...sound, verification: {} }, /^v\.verification\.trust_framework is missing$/],
    ['a bare trust framework', verified({ trust_framework: 'x' }), /trust_framework must be null or an object$/],
    ['no claims', { verification: sound.verification }, /^v\.claims is missing$/],
    ['claims that are an array', { ...sound, claims: ['given_name'] }, /^v\.claims must be an object$/],
    [
      'claims without end',
      {
        ...sound,
        claims: Object.fromEntries(
          Array(101)
            .fill(0)
            .map((_, i) => [`c${i}`, null]),
        ),
      },
      /at most 100/,
    ],
    ['a bare claim', claiming(true), /^v\.claims\.given_name must be null or an object$/],
    ['essential that is a text', claiming({ essential: 'yes' }), /given_name\.essential must be true or false$/],
    ['value and values', claiming({ value: 'a', values: ['b'] }), /value or values, not both$/],
    ['no values', claiming({ values: [] }), /given_name\.values must be an array of 1 to 100/],
    ['values that are a text', claiming({ values: 'a' }), /given_name\.values must be an array/],
    ['a number for a text', verified({ assurance_level: { value: 1 } }), /assurance_level\.value must be of strings$/],
    ['a number among texts', verified({ assurance_level: { values: ['a', 1] } }), /assurance_level\.values must be of/],
    ['an age of a text', verified({ assurance_level: { max_age: 5 } }), /assurance_level\.max_age has no place/],
    ['a negative age', verified({ time: { max_age: -1 } }), /time\.max_age must be a whole number/],
    ['half a second', verified({ time: { max_age: 0.5 } }), /time\.max_age/],
    ['an age as text', verified({ time: { max_age: '60' } }), /time\.max_age/],
    ['evidence that is an object', verified({ evidence: {} }), /evidence must be an array$/],
    ['no evidence in the array', verified({ evidence: [] }), /evidence must not be empty$/],
    ['too much evidence', evidence(...Array(11).fill({ type: { value: 'vouch' } })), /at most 10/],
    ['evidence without a type', evidence({}), /evidence\[0\]\.type is missing$/],
    ['evidence of any type', evidence({ type: null }), /evidence\[0\]\.type must be an object$/],
    ['evidence of several types', evidence({ type: { values: ['vouch'] } }), /evidence\[0\]\.type\.value must be/],
    ['both ways', evidence({ type: { value: 'vouch', values: ['vouch'] } }), /evidence\[0\]\.type\.values must not/],
    ['checks that are no array', ofDocument({ check_details: {} }), /\[0\]\.check_details must be an array$/],
    ['a bare check', ofDocument({ check_details: ['vpip'] }), /check_details\[0\] must be an object$/],
    ['a document that is an array', ofDocument({ document_details: [] }), /document_details must be an object$/],
    [
      'deep inside',
      ofDocument({ document_details: { issuer: { name: 7 } } }),
      /document_details\.issuer\.name must be/,
    ],
    ['what is nested too deep', claiming({ value: nested(12) }), /^v must be nested at most 12 deep$/],
    ['what is nested without end', JSON.parse(`${'[{"a":'.repeat(3000)}0${'}]'.repeat(3000)}`), /nested/],
    ['what is too long', claiming({ value: 'x'.repeat(17_000) }), /^v must have at most 16384 characters$/],
  ])('%s', (_what, request, message) => {
    expect(() => parseVerifiedClaims(request, 'v')).toThrow(message)
  })
})

describe('a sound request is taken', () => {
  test.each<[string, unknown]>([
    ['the least', sound],
    ['an array', [sound, sound]],
    ['without claims', { ...sound, claims: {} }],
    ['with null for claims', { ...sound, claims: null }],
    ['with what is unknown beside it', { ...sound, purpose: 'x' }],
    ['with what is unknown of a claim', claiming({ purpose: 'x' })],
    [
      'with null wherever something can be asked for',
      verified({ evidence: null, time: null, assurance_process: null }),
    ],
    ['with null wherever evidence has parts', ofDocument({ check_details: null, document_details: null })],
    ['with null for one check', ofDocument({ check_details: [null] })],
    ['with what is unknown here', verified({ assurance_process: { policy: null }, __proto__x: {} })],
    [
      'with a type of evidence that is unknown here',
      evidence({ type: { value: 'utility_bill' }, provider: { name: null } }),
    ],
    [
      'with everything',
      ofDocument({
        check_details: [{ check_method: { value: 'pvp' }, organization: null, time: { max_age: 5 } }],
        document_details: { type: { values: ['idcard', 'passport'] }, document_number: null, issuer: { name: null } },
      }),
    ],
    [
      'with restrictions on claims',
      {
        ...sound,
        claims: {
          given_name: { essential: true, value: 'Ольга', purpose: 'для договора' },
          address: { value: { country: 'RU' } },
        },
      },
    ],
  ])('%s', (_what, request) => {
    expect(() => parseVerifiedClaims(request, 'v')).not.toThrow()
  })
  test('and says whether an array is to be answered', () => {
    expect(parseVerifiedClaims(sound, 'v').several).toBe(false)
    expect(parseVerifiedClaims([sound], 'v').several).toBe(true)
  })
})

describe('the claims parameter', () => {
  const check = (claims: object) => checkClaimsParameter({} as never, claims as never, {} as never)
  const thrown = (claims: object) => {
    try {
      check(claims)
      return undefined
    } catch (fault) {
      return fault as { error: string; error_description: string }
    }
  }

  test.each([
    [{ userinfo: { email: [] } }, 'claims.userinfo members must be null or objects'],
    [{ id_token: { email: 'x' } }, 'claims.id_token members must be null or objects'],
    [{ id_token: { verified_claims: {} } }, 'claims.id_token.verified_claims.verification is missing'],
    [{ userinfo: { verified_claims: [{}] } }, 'claims.userinfo.verified_claims[0].verification is missing'],
  ])('%j is refused', (claims, error_description) => {
    expect(thrown(claims)).toMatchObject({ error: 'invalid_request', error_description })
  })
  test('a refusal holds only what an error_description may hold', () => {
    const fault = thrown({ userinfo: { verified_claims: { ...sound, claims: { 'ё"\\\n\u0000': 1 } } } })
    expect(fault?.error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,300}$/)
  })
  test('null, objects, and verified claims of both kinds are taken', () => {
    expect(
      thrown({ userinfo: { email: null, name: {}, verified_claims: sound }, id_token: { verified_claims: [sound] } }),
    ).toBeUndefined()
    expect(thrown({})).toBeUndefined()
  })
})

describe('a person is asked about', () => {
  test.each<[string, object, string[]]>([
    ['nothing more where no verified claims are wanted', { userinfo: { email: null } }, []],
    [
      'each claim by name, and that it is told how they were proven',
      { userinfo: { verified_claims: sound } },
      ['given_name', 'verified_claims'],
    ],
    [
      'those of both places and all elements',
      {
        userinfo: { verified_claims: [sound, { ...sound, claims: { snils: null } }] },
        id_token: { verified_claims: { ...sound, claims: { inn: null } } },
      },
      ['given_name', 'snils', 'inn', 'verified_claims'],
    ],
    [
      'no document where its type is enough',
      { userinfo: { verified_claims: ofDocument({ document_details: { type: null } }) } },
      ['given_name', 'verified_claims'],
    ],
    [
      'the document where its number is wanted',
      { userinfo: { verified_claims: ofDocument({ document_details: { document_number: null } }) } },
      ['given_name', 'id_doc', 'verified_claims'],
    ],
    [
      'the document where its issuer is wanted',
      { userinfo: { verified_claims: ofDocument({ document_details: { issuer: { name: null } } }) } },
      ['given_name', 'id_doc', 'verified_claims'],
    ],
  ])('%s', (_what, claims, names) => {
    expect(claimsBehind(claims)).toEqual(names)
  })
})
