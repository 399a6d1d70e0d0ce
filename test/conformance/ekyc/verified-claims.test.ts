import { randomUUID } from 'node:crypto'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from '../../browser-http.ts'
import { type VerifiedClaimsElement, verifiedClaimsSchema } from '../../oidc/verified-claims/schema.ts'
import { prove } from '../../proving.ts'
import { signedIn } from '../../signing-in.ts'
import { Certifier } from '../certifier.ts'

let certifier: Certifier
/** Of somebody who is signed in with two factors, as the account of a person who is proven wants it. */
let browser: Browser
let metadata: Readonly<Record<string, readonly string[]>>
beforeAll(async () => {
  certifier = await Certifier.start()
  const { world, citizen } = certifier
  await prove(world, citizen, 'verified')
  browser = (await signedIn(world, { party: await world.relyingParty(), citizen })).browser
  metadata = (await supertest(certifier.world.listens).get('/.well-known/openid-configuration')).body
})
afterAll(() => certifier.world.stop())

type Json = Readonly<Record<string, unknown>>

const plain = { email_verified: null, phone_number: null }
const asking = (claims: Json, verification: Json = {}) => ({
  verification: { trust_framework: null, ...verification },
  claims,
})

/** A flow with verified claims beside plain ones, where they are wanted. @returns both answers, with the suite's standing checks of each */
async function told(wanted: { readonly userinfo?: Json; readonly id_token?: Json }) {
  const members = Object.entries(wanted).map(([where, verified_claims]) => [where, { ...plain, verified_claims }])
  const parameters = { claims: JSON.stringify(Object.fromEntries(members)) }
  const { tokens, idToken } = await certifier.flow({ parameters, browser })
  const { body } = await certifier.party.userinfo(tokens.access_token)
  return { userinfo: checked(body.verified_claims), idToken: checked(idToken.claims.verified_claims) }
}

/** Valid by the schema, and nothing in it that discovery does not announce. */
function checked(answer: unknown): VerifiedClaimsElement | undefined {
  if (answer === undefined) return undefined
  const { data, error } = verifiedClaimsSchema.safeParse(answer)
  expect(error?.issues).toBeUndefined()
  const [element] = [data!].flat() as [VerifiedClaimsElement]
  expect(metadata.trust_frameworks_supported).toContain(element.verification.trust_framework)
  for (const claim of Object.keys(element.claims)) expect(metadata.claims_in_verified_claims_supported).toContain(claim)
  for (const each of element.verification.evidence ?? []) {
    expect(metadata.evidence_supported).toContain(each.type)
    if (each.type === 'document') expect(metadata.documents_supported).toContain(each.document_details?.type)
    if (each.type === 'electronic_record') expect(metadata.electronic_records_supported).toContain(each.record?.type)
  }
  return element
}

describe('ekyc-server-happypath: what discovery names is handed over', () => {
  test('discovery has every list, none empty, each value once', () => {
    expect(metadata).toMatchObject({ claims_parameter_supported: true, verified_claims_supported: true })
    for (const name of [
      'trust_frameworks_supported',
      'evidence_supported',
      'documents_supported',
      'documents_check_methods_supported',
      'electronic_records_supported',
      'claims_in_verified_claims_supported',
    ]) {
      expect(metadata[name]?.length, name).toBeGreaterThan(0)
      expect(new Set(metadata[name]).size, name).toBe(metadata[name]?.length)
    }
  })
  test.each([
    ['null', null],
    ['ekyc-server-happypath-emptyobject', {}],
    ['ekyc-server-happypath-essentialfalse', { essential: false }],
  ])('%s', async (_module, value) => {
    const claims = metadata.claims_in_verified_claims_supported!
    const request = asking(Object.fromEntries(claims.map((name) => [name, value])))
    const { userinfo, idToken } = await told({ userinfo: request, id_token: request })
    expect(Object.keys(userinfo!.claims).sort()).toEqual([...claims].sort())
    expect(idToken).toEqual(userinfo)
  })
})

describe('what the provider does not know is left out, and the rest comes', () => {
  test.each([
    ['ekyc-server-unknown-claim-omitted', randomUUID(), null],
    ['ekyc-server-unknown-essential-claim-omitted', randomUUID(), { essential: true }],
    ['ekyc-server-unknown-claim-specialchars-omitted', 'claim%1/a&,.b', null],
  ])('%s', async (_module, claim, value) => {
    const request = asking({ given_name: null, [claim]: value })
    const { userinfo, idToken } = await told({ userinfo: request, id_token: request })
    expect(userinfo?.claims).toEqual({ given_name: 'Ольга' })
    expect(idToken?.claims).toEqual({ given_name: 'Ольга' })
  })
})

test('ekyc-server-one-claim-with-random-value-omitted: no element where the only claim has another value', async () => {
  const request = asking({ given_name: { value: randomUUID() } })
  expect(await told({ userinfo: request, id_token: request })).toEqual({ userinfo: undefined, idToken: undefined })
})

test('ekyc-server-request-only-in-idtoken: userinfo has none', async () => {
  const { userinfo, idToken } = await told({ id_token: asking({ given_name: null }) })
  expect(userinfo).toBeUndefined()
  expect(idToken?.claims).toEqual({ given_name: 'Ольга' })
})

test('ekyc-server-request-only-in-userinfo: the id_token has none', async () => {
  const { userinfo, idToken } = await told({ userinfo: asking({ given_name: null }) })
  expect(userinfo?.claims).toEqual({ given_name: 'Ольга' })
  expect(idToken).toBeUndefined()
})

/** All of the evidence that a person with registries and a service centre has. */
const everything = {
  assurance_level: null,
  time: null,
  verification_process: null,
  evidence: [
    {
      type: { value: 'electronic_record' },
      check_details: [{ check_method: null, organization: null, check_id: null, time: null }],
      record: { type: null, source: { name: null } },
    },
    {
      type: { value: 'document' },
      check_details: [{ check_method: null, organization: null, check_id: null, time: null }],
      document_details: {
        type: null,
        document_number: null,
        date_of_issuance: null,
        date_of_expiry: null,
        issuer: { name: null, country_code: null },
      },
    },
  ],
}

test('ekyc-server-testuserprovidedrequest: whatever there is of the evidence comes as it is asked for', async () => {
  const { userinfo } = await told({ userinfo: asking({ given_name: null }, everything) })
  const { evidence = [] } = userinfo!.verification
  expect(evidence.filter(({ type }) => type === 'electronic_record')).toHaveLength(4)
  expect(evidence.find(({ type }) => type === 'document')).toMatchObject({
    document_details: { type: 'idcard', document_number: '4510 123456', issuer: { country_code: 'RUS' } },
  })
})

/** Members that a request may restrict by their value; others are asked for by null. */
const RESTRICTED = new Set(['trust_framework', 'assurance_level', 'type', 'check_method', 'organization', 'check_id'])

/** The request that only the answer itself meets. */
function askingFor(answer: unknown, name = ''): unknown {
  if (Array.isArray(answer)) return answer.map((element) => askingFor(element))
  if (typeof answer !== 'object' || answer === null) return RESTRICTED.has(name) ? { value: answer } : null
  return Object.fromEntries(Object.entries(answer).map(([member, value]) => [member, askingFor(value, member)]))
}

test('ekyc-server-testbasedonuserinfo-defaults: an answer whose values are asked for comes again', async () => {
  const { userinfo } = await told({ userinfo: asking({ given_name: null, birthdate: null }, everything) })
  const { verification, claims } = userinfo!
  const again = {
    verification: askingFor(verification),
    claims: { given_name: { value: claims.given_name }, birthdate: null },
  }
  expect((await told({ userinfo: again as Json })).userinfo).toEqual(userinfo)
})

test('ekyc-server-test-userinfo-notfoundinop: what discovery does not announce does not come, and is no error', async () => {
  const unannounced = [
    asking({ given_name: null }, { trust_framework: { value: 'eidas' } }),
    asking({ given_name: null }, { evidence: [{ type: { value: 'utility_bill' } }] }),
    asking(
      { given_name: null },
      { evidence: [{ type: { value: 'document' }, document_details: { type: { value: 'driving_permit' } } }] },
    ),
    asking({ nationalities: null }),
  ]
  for (const userinfo of unannounced) expect(await told({ userinfo })).toEqual({})
})
