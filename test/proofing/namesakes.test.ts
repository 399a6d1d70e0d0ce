import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Address } from '#src/accounts/fields/address.ts'
import { provenAddressOf, provenDataOf } from '#src/accounts/identity/proven-data.ts'
import type { Proposal } from '#src/proofing/request.ts'
import { identityOf, type ProofingRig, registeredAs, startProofingRig } from './rig.ts'

const INN = '006900000117'
const HOME: Address = { kind: 'registered', text: 'г. Приозёрск-на-Каме, ул. Садовая, д. 5' }
let rig: ProofingRig
let numbers = 0

beforeAll(async () => {
  rig = await startProofingRig()
})
beforeEach(() => rig.rested())
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
