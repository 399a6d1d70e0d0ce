import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CoveredGroup, EvidenceKind } from '#src/accounts/identity/evidence.ts'
import type { Browser } from '../../browser-http.ts'
import type { ActingParty } from '../../relying-party.ts'
import { enterCode, signedIn } from '../../signing-in.ts'
import { type SigningParty, signingParty } from '../../signing-party.ts'
import { type Citizen, startWorld, type World } from '../../world.ts'

/** Verified claims from the request to userinfo and id_token (OpenID Connect for Identity Assurance 1.0). */

let world: World
let party: ActingParty
let signing: SigningParty
let verified: Citizen
beforeAll(async () => {
  world = await startWorld({
    env: {
      IDENTITY_TRUST_FRAMEWORK: 'ru_test',
      IDENTITY_VERIFIERS: 'state_registries=Реестры; mfc=МФЦ',
      SIGNAL_MANY_ACCOUNTS: 'off',
    },
  })
  party = await world.relyingParty()
  signing = await signingParty(world)
})
beforeEach(async () => {
  verified = await world.citizen()
  await prove(verified)
})
afterAll(() => world.stop())

const passport = {
  kind: 'passport_rf',
  series: '4510',
  number: '123456',
  issuedOn: '2010-05-03',
  issuer: 'ОВД района Тёплый Стан',
  departmentCode: '770011',
  birthPlace: 'Тверь',
} as const

let people = 0

/** Puts on record what a reconciliation and a service centre would. */
async function prove({ oid }: Citizen): Promise<void> {
  const { store, identityRecords, ownerNotices } = world.house
  const owner = await ownerNotices.ownerOf(oid)
  const proof = (kind: EvidenceKind, verifier: string, covers: readonly CoveredGroup[]) => ({
    kind,
    verifier,
    covers,
    documentKind: passport.kind,
  })
  const n = ++people
  await store.tx((tx) =>
    identityRecords.change(tx, owner, { cause: 'reconciled', actor: 'registry', origin: '' }, async (record) => {
      await record.claimSnils(String(90_000_000_000 + n))
      await record.putDocument(passport, `passport ${n}`)
      await record.prove(proof('registry', 'state_registries', ['person', 'snils', 'document']))
      await record.prove(proof('centre', 'mfc_77_1', ['person', 'document']))
    }),
  )
}

const request = (verification: object = {}, claims: object = { given_name: null }) => ({
  verification: { trust_framework: null, ...verification },
  claims,
})
const asking = (userinfo: unknown, id_token?: unknown) =>
  JSON.stringify({
    userinfo: { verified_claims: userinfo },
    ...(id_token !== undefined && { id_token: { verified_claims: id_token } }),
  })

/** Answers what a sign-in asks, up to the consent. */
async function identify(browser: Browser): Promise<void> {
  const before = world.sentTo(verified.phone)
  await browser.submit({ identifier: verified.phone, password: verified.password }, '/identify')
  if (browser.page.html.includes('/factor/code')) await enterCode(world, browser, verified, before)
}

async function agreedAt(url: string): Promise<URLSearchParams> {
  const browser = world.browser()
  await browser.open(url)
  await identify(browser)
  await browser.submit({ decision: 'allow' }, '/consent')
  return browser.callback
}

async function answered(citizen: Citizen, claims: string, parameters: Record<string, string> = {}) {
  const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid', claims, ...parameters } })
  const { body } = await party.userinfo(tokens.access_token)
  return { userinfo: body, idToken: await party.claims(tokens.id_token), tokens }
}

describe('a malformed request is refused with invalid_request and the name of the member', () => {
  const claims = asking([request(), { ...request(), claims: [] }])
  const description = 'claims.userinfo.verified_claims[1].claims must be an object'
  test('by plain parameters', async () => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl({ claims }))
    expect(Object.fromEntries(browser.callback)).toMatchObject({
      error: 'invalid_request',
      error_description: description,
    })
  })
  test('pushed', async () => {
    const { status, body } = await signing.push({ claims })
    expect({ status, ...body }).toMatchObject({ status: 400, error: 'invalid_request', error_description: description })
  })
  test('in a request object', async () => {
    const browser = world.browser()
    const object = await signing.requestObject({}, { claims: JSON.parse(claims) })
    const query = new URLSearchParams({
      client_id: signing.clientId,
      scope: 'openid',
      response_type: 'code',
      request: object,
    })
    await browser.open(`/oauth2/authorize?${query}`)
    expect(Object.fromEntries(browser.callback)).toMatchObject({
      error: 'invalid_request',
      error_description: description,
    })
  })
  test('another claim that is an array still is refused', async () => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl({ claims: JSON.stringify({ userinfo: { email: [] } }) }))
    expect(browser.callback.get('error')).toBe('invalid_request')
  })
})

describe('nothing comes', () => {
  test('of somebody whose identity is not proven: no member, and no error', async () => {
    const simplified = await world.citizen()
    const { userinfo, idToken } = await answered(simplified, asking(request(), [request()]))
    expect(userinfo).toEqual({ sub: String(simplified.oid) })
    expect(idToken).not.toHaveProperty('verified_claims')
  })
  test('under another trust framework', async () => {
    const { userinfo } = await answered(verified, asking(request({ trust_framework: { value: 'eidas' } })))
    expect(userinfo).toEqual({ sub: String(verified.oid) })
  })
  test('for a scope without the parameter', async () => {
    const { userinfo } = await answered(verified, '{"userinfo":{"given_name":null}}')
    expect(userinfo).toEqual({ sub: String(verified.oid), given_name: 'Ольга' })
  })
  test('where the person does not agree', async () => {
    const other = await world.relyingParty()
    const browser = world.browser()
    await browser.open(other.authorizationUrl({ scope: 'openid', claims: asking([request()]) }))
    await identify(browser)
    expect(browser.page.html).toContain('Как подтверждены эти данные')
    await browser.submit({ decision: 'deny' }, '/consent')
    expect(browser.callback.get('error')).toBe('access_denied')
  })
})

const expected = { verification: { trust_framework: 'ru_test' }, claims: { given_name: 'Ольга' } }

describe.each([
  ['an object', request(), expected],
  ['an array', [request(), request({ trust_framework: { value: 'eidas' } })], [expected]],
])('%s is answered by its like in userinfo and id_token', (_what, asked, verified_claims) => {
  test('asked for by plain parameters, and again after a refresh', async () => {
    const { userinfo, idToken, tokens } = await answered(verified, asking(asked, asked))
    expect(userinfo).toEqual({ sub: String(verified.oid), verified_claims })
    expect(idToken.verified_claims).toEqual(verified_claims)
    const { body } = await party.refresh(tokens.refresh_token!)
    expect((await party.userinfo(body.access_token)).body).toEqual({ sub: String(verified.oid), verified_claims })
    expect((await party.claims(body.id_token)).verified_claims).toEqual(verified_claims)
  })
  test('pushed', async () => {
    const { body: pushed } = await signing.push({ scope: 'openid', claims: asking(asked) })
    const callback = await agreedAt(signing.authorizationUrl(pushed.request_uri))
    const { body } = await signing.redeem(callback.get('code')!)
    expect((await signing.userinfo(body.access_token)).body).toMatchObject({ verified_claims })
  })
  test('in a request object', async () => {
    const object = await signing.requestObject({ scope: 'openid' }, { claims: JSON.parse(asking(asked)) })
    const query = new URLSearchParams({
      client_id: signing.clientId,
      scope: 'openid',
      response_type: 'code',
      request: object,
    })
    const callback = await agreedAt(`/oauth2/authorize?${query}`)
    const { body } = await signing.redeem(callback.get('code')!)
    expect((await signing.userinfo(body.access_token)).body).toMatchObject({ verified_claims })
  })
})

test('the level, the time and the evidence are told as far as they are asked for', async () => {
  const evidence = [
    {
      type: { value: 'document' },
      check_details: [{ check_method: { value: 'pvp' }, organization: null }],
      document_details: {},
    },
    { type: { value: 'electronic_record' }, record: { source: { name: null } } },
  ]
  const asked = request(
    { assurance_level: { value: 'verified' }, time: { max_age: 60 }, evidence },
    { birthdate: null, gender: null },
  )
  const { userinfo } = await answered(verified, asking(asked))
  expect(userinfo.verified_claims).toEqual({
    verification: {
      trust_framework: 'ru_test',
      assurance_level: 'verified',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      evidence: [
        { type: 'electronic_record', record: { type: 'social_security', source: { name: 'Реестры' } } },
        { type: 'electronic_record', record: { type: 'population_register', source: { name: 'Реестры' } } },
        {
          type: 'document',
          check_details: [{ check_method: 'pvp', organization: 'mfc_77_1' }],
          document_details: { type: 'idcard' },
        },
      ],
    },
    claims: { birthdate: '1990-04-12' },
  })
})

test('who is verified is standard as well, by the registries alone', async () => {
  const asked = request({ assurance_level: { value: 'standard' }, evidence: [{ type: { value: 'document' } }] })
  const plain = request({ assurance_level: { value: 'standard' } })
  const { userinfo } = await answered(verified, asking([asked, plain]))
  expect(userinfo.verified_claims).toEqual([
    { verification: { trust_framework: 'ru_test', assurance_level: 'standard' }, claims: { given_name: 'Ольга' } },
  ])
})

test('a new claim inside is asked about again, one that was agreed to is not', async () => {
  const other = await world.relyingParty()
  const options = { party: other, citizen: verified }
  const { browser } = await signedIn(world, {
    ...options,
    parameters: { scope: 'openid', claims: asking([request()]) },
  })
  await browser.open(other.authorizationUrl({ scope: 'openid', claims: asking(request()) }))
  expect(browser.callback.get('code')).not.toBeNull()
  const more = { scope: 'openid', claims: asking([request({}, { birthdate: null })]) }
  await browser.open(other.authorizationUrl({ ...more, prompt: 'none' }))
  expect(browser.callback.get('error')).toBe('consent_required')
  await browser.open(other.authorizationUrl(more))
  expect(browser.page.html).toContain('/consent')
  await browser.submit({ decision: 'allow' }, '/consent')
  const { body } = await other.redeem(browser.callback.get('code')!)
  expect((await other.userinfo(body.access_token)).body.verified_claims).toMatchObject([
    { claims: { birthdate: '1990-04-12' } },
  ])
})

test('clients with pairwise subjects find nobody by what a proof is called', async () => {
  const evidence = [{ type: { value: 'document' }, check_details: [{ check_id: null }] }]
  const claims = asking(request({ verification_process: null, evidence }))
  const browser = world.browser()
  const told: Told[] = []
  for (const redirect of ['https://one.example/cb', 'https://two.example/cb', 'https://one.example/cb']) {
    const other = await world.relyingParty({ subject_type: 'pairwise', redirect_uris: [redirect] })
    await browser.open(other.authorizationUrl({ scope: 'openid', claims }))
    if (told.length === 0) await identify(browser)
    await browser.submit({ decision: 'allow' }, '/consent')
    const { body } = await other.redeem(browser.callback.get('code')!)
    told.push((await other.userinfo(body.access_token)).body.verified_claims as Told)
  }
  expect(told[0]).toEqual(told[2])
  const [one = [], two = []] = told.map(({ verification }) => [
    verification.verification_process,
    ...verification.evidence.flatMap(({ check_details }) => check_details.map(({ check_id }) => check_id)),
  ])
  expect(one).toHaveLength(4)
  expect(one.filter((name) => two.includes(name))).toEqual([])
  const { carriedBy } = (await world.house.accounts.read(verified.oid)).identity
  for (const { id } of carriedBy) expect([...one, ...two]).not.toContain(id)
})

interface Told {
  readonly verification: {
    readonly verification_process: string
    readonly evidence: readonly { readonly check_details: readonly { readonly check_id: string }[] }[]
  }
}

test('discovery tells what there is, in the words of the installation', async () => {
  const browser = world.browser()
  await browser.open('/.well-known/openid-configuration')
  expect(JSON.parse(browser.page.html)).toMatchObject({
    verified_claims_supported: true,
    trust_frameworks_supported: ['ru_test'],
    evidence_supported: expect.arrayContaining(['document', 'electronic_record', 'vouch', 'electronic_signature']),
    claims_in_verified_claims_supported: expect.arrayContaining(['given_name', 'birthdate']),
    claims_supported: expect.arrayContaining(['verified_claims']),
  })
})
