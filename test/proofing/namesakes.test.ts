import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Address } from '#src/accounts/fields/address.ts'
import { provenAddressOf, provenDataOf } from '#src/accounts/identity/proven-data.ts'
import type { Proposal } from '#src/proofing/request.ts'
import { citizen, identityOf, type ProofingRig, registeredAs, startProofingRig } from './rig.ts'

const INN = '006900000117'
const HOME: Address = { kind: 'registered', text: 'г. Приозёрск-на-Каме, ул. Садовая, д. 5' }
let rig: ProofingRig
let numbers = 0

beforeAll(async () => {
  rig = await startProofingRig()
})
beforeEach(async () => {
  for (const registry of ['person', 'document', 'snils', 'inn', 'address'] as const) delete rig.replaced[registry]
  await rig.rested()
})
afterAll(() => {
  expect(rig.faults).toEqual([])
  return rig.stop()
})

const freshSnils = () => String(90_000_600_000 + ++numbers)

/** Registries that know several people of one name and birth date, and so confirm what belongs to any of them. */
async function reconciled() {
  rig.replaced.person = async () => ({ verdict: 'matches' })
  rig.replaced.document = async () => ({ verdict: 'matches' })
  rig.replaced.snils = async () => ({ verdict: 'matches', state: 'active' })
  rig.replaced.inn = async () => ({ verdict: 'matches', inn: INN })
  rig.replaced.address = async () => ({ verdict: 'matches' })
  const oid = await rig.person(registeredAs('maria'))
  const document = { ...identityOf('maria').document, number: String(600_000 + ++numbers) }
  await rig.check(oid, 'identity', { snils: freshSnils(), document } as Proposal)
  rig.clock.pass(1)
  await rig.check(oid, 'inn', { inn: INN })
  await rig.check(oid, 'address', { address: HOME })
  rig.clock.pass(1)
  await rig.rested()
  return oid
}
async function shown(oid: number) {
  const account = await rig.account(oid)
  return { inn: provenDataOf(account).inn, home: provenAddressOf(account)?.text }
}

describe('of two namesakes born on the same day', () => {
  const [elder, younger] = [identityOf('namesake-elder'), identityOf('namesake-younger')]
  const refused = { state: 'refused', reasons: ['document.snils_differs'] }

  test('none gets a record with the SNILS of one and the document of the other, nor hears whose they are', async () => {
    for (const [own, other] of [
      [elder, younger],
      [younger, elder],
    ] as const) {
      const oid = await rig.person(registeredAs('namesake-elder'))
      const before = (await rig.account(oid)).person
      expect(await rig.check(oid, 'identity', { ...own, snils: other.snils! })).toMatchObject(refused)
      const { person, documents, identity } = await rig.account(oid)
      expect({ person, documents, level: identity.level }).toEqual({
        person: before,
        documents: [],
        level: 'simplified',
      })
    }
  })

  test('nor step by step: what goes with the first step makes each of them standard, and nothing else does', async () => {
    const bySnils = await rig.person(registeredAs('namesake-younger'))
    const byDocument = await rig.person(registeredAs('namesake-elder'))
    expect(await rig.check(bySnils, 'identity', { snils: younger.snils! })).toMatchObject({ state: 'confirmed' })
    expect(await rig.check(bySnils, 'document', { document: elder.document })).toMatchObject(refused)
    expect(await rig.check(byDocument, 'document', { document: elder.document })).toMatchObject({ state: 'confirmed' })
    expect(await rig.check(byDocument, 'identity', { snils: younger.snils! })).toMatchObject(refused)
    for (const oid of [bySnils, byDocument]) expect(await rig.levelOf(oid)).toBe('simplified')

    expect(await rig.check(bySnils, 'document', { document: younger.document })).toMatchObject({ state: 'confirmed' })
    expect(await rig.check(byDocument, 'identity', { snils: elder.snils! })).toMatchObject({ state: 'confirmed' })
    for (const oid of [bySnils, byDocument]) expect(await rig.levelOf(oid)).toBe('standard')
    expect(await rig.check(bySnils, 'identity', { snils: elder.snils! })).toMatchObject(refused)
    expect((await rig.account(bySnils)).person.snils).toBe(younger.snils)

    const other = { state: 'refused', reasons: ['inn.snils_differs'] }
    expect(await rig.check(bySnils, 'inn', { inn: citizen('namesake-elder').inn! })).toMatchObject(other)
    expect(await rig.check(byDocument, 'inn', { inn: citizen('namesake-younger').inn! })).toMatchObject(other)
    expect(await rig.check(bySnils, 'inn', { inn: citizen('namesake-younger').inn! })).toMatchObject({
      state: 'confirmed',
    })
  })
})

test('with the SNILS of a namesake go neither the INN nor the address of whoever had another one, until they are asked for again', async () => {
  const oid = await reconciled()
  expect(await shown(oid)).toEqual({ inn: INN, home: HOME.text })
  await rig.check(oid, 'identity', { snils: freshSnils() })
  expect(await rig.levelOf(oid)).toBe('standard')
  expect(await shown(oid)).toEqual({})
  expect(await rig.check(oid, 'inn', { inn: INN })).toMatchObject({ state: 'confirmed' })
  expect(await rig.check(oid, 'address', { address: HOME })).toMatchObject({ state: 'confirmed' })
  expect(await shown(oid)).toEqual({ inn: INN, home: HOME.text })
})

test('after another name the INN can be confirmed again, though it is the same', async () => {
  const oid = await reconciled()
  expect(await rig.open(oid, 'inn', { inn: INN })).toMatchObject({ why: 'same' })
  await rig.check(oid, 'name', { person: { givenName: 'Марина' } })
  expect(await shown(oid)).toEqual({})
  expect(await rig.check(oid, 'inn', { inn: INN.slice(-4) })).toMatchObject({ state: 'confirmed' })
  expect(await shown(oid)).toEqual({ inn: INN })
})
