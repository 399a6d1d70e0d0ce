import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { CoveredGroup, EvidenceKind } from '#src/accounts/identity/evidence.ts'
import type { ActingParty } from '../../relying-party.ts'
import { signedIn } from '../../signing-in.ts'
import { type Citizen, startWorld, type World } from '../../world.ts'
import { verifiedClaimsSchema } from './schema.ts'

/** The guide for relying parties tells what really comes. */

const guide = readFileSync(new URL('../../../docs/verified-claims.md', import.meta.url), 'utf8')

/** The block of JSON below a comment such as `<!-- request: one -->`. */
function block(name: string): unknown {
  const [, json] = new RegExp(`<!-- ${name} -->\n\`\`\`json\n(.*?)\n\`\`\``, 's').exec(guide) ?? []
  return JSON.parse(json!)
}

let world: World
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  const IDENTITY_VERIFIERS = 'registry.snils=Социальный фонд России; registry.document=МВД России'
  world = await startWorld({ env: { IDENTITY_VERIFIERS, SIGNAL_MANY_ACCOUNTS: 'off' } })
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  await proveByLetter(citizen)
})
afterAll(() => world.stop())

/** What a reconciliation of passport and SNILS and the code of a registered letter leave on record. */
async function proveByLetter({ oid }: Citizen): Promise<void> {
  const { store, identityRecords, ownerNotices } = world.house
  const owner = await ownerNotices.ownerOf(oid)
  const passport = {
    kind: 'passport_rf',
    series: '4510',
    number: '123456',
    issuedOn: '2010-05-03',
    issuer: 'ОВД района Тёплый Стан',
    departmentCode: '770011',
    birthPlace: 'Тверь',
  } as const
  const proof = (kind: EvidenceKind, verifier: string, covers: readonly CoveredGroup[]) => ({
    kind,
    verifier,
    covers,
    ...(covers.includes('document') && { documentKind: passport.kind }),
  })
  await store.tx((tx) =>
    identityRecords.change(tx, owner, { cause: 'reconciled', actor: 'registry', origin: '' }, async (record) => {
      await record.claimSnils(snilsOf(oid))
      await record.putDocument(passport, `passport ${oid}`)
      await record.putAddress({ kind: 'registered', postcode: '420111', text: 'г. Казань, ул. Баумана, д. 1' })
      await record.prove(proof('registry', 'registry.snils', ['person', 'snils']))
      await record.prove(proof('registry', 'registry.document', ['person', 'document']))
      await record.prove(proof('letter', 'letter', ['person', 'address']))
    }),
  )
}

const snilsOf = (oid: number) => String(90_000_000_000 + oid)

/** With what differs from run to run as the guide has it. */
function asInTheGuide(answer: unknown): unknown {
  const json = JSON.stringify(answer)
    .replaceAll(world.origin, 'https://id.example.org')
    .replaceAll(snilsOf(citizen.oid), '90000000001')
    .replaceAll(String(citizen.oid), '1234567890')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '2026-03-01T09:00:00Z')
  return JSON.parse(json)
}

async function answersTo(claims: unknown) {
  const parameters = { scope: 'openid', claims: JSON.stringify(claims) }
  const { tokens } = await signedIn(world, { party, citizen, parameters })
  const { body } = await party.userinfo(tokens.access_token)
  return { userinfo: body, idToken: await party.claims(tokens.id_token) }
}

test('an object', async () => {
  const { userinfo } = await answersTo(block('request: one'))
  expect(asInTheGuide(userinfo)).toEqual(block('answer: one'))
  expect(verifiedClaimsSchema.safeParse(userinfo.verified_claims).success).toBe(true)
})

test('an array', async () => {
  const { idToken } = await answersTo(block('request: several'))
  expect(asInTheGuide(idToken.verified_claims)).toEqual(block('answer: several'))
})

test('the words are those of discovery', async () => {
  const browser = world.browser()
  await browser.open('/.well-known/openid-configuration')
  const metadata = JSON.parse(browser.page.html) as Readonly<Record<string, readonly string[]>>
  const words = [
    'claims_in_verified_claims_supported',
    'evidence_supported',
    'documents_supported',
    'documents_check_methods_supported',
    'electronic_records_supported',
  ].flatMap((name) => metadata[name]!)
  const missing = words.filter((word) => !guide.includes(`\`${word.replace(world.origin, '…')}\``))
  expect(missing).toEqual([])
})
