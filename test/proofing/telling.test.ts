import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { PassportRf } from '#src/accounts/documents/document.ts'
import { groupedNumber } from '#src/proofing/request-number.ts'
import { RegistryUnavailable } from '#src/registries/registries.ts'
import { identityOf, type ProofingRig, registeredAs, startProofingRig } from './rig.ts'

/** What an owner hears of a change of core data: one message, that says what has come of it. */

let rig: ProofingRig
let oid: number
let numbers = 0

const freshPassport = (): PassportRf => ({
  ...(identityOf('maria').document as PassportRf),
  number: String(810_000 + ++numbers),
})

beforeAll(async () => {
  rig = await startProofingRig()
  rig.replaced.document = async () => ({ verdict: 'matches' })
  rig.replaced.snils = async () => ({ verdict: 'matches', state: 'active' })
})
beforeEach(async () => {
  await rig.rested()
  rig.replaced.person = async () => ({ verdict: 'matches' })
  oid = await rig.person(registeredAs('maria'))
  await rig.check(oid, 'identity', { snils: String(90_000_810_000 + ++numbers), document: freshPassport() })
  await rig.seenAtCentre(oid)
  await rig.settled()
  rig.sent.length = 0
})
afterAll(() => {
  expect(rig.faults).toEqual([])
  return rig.stop()
})

test('one that is confirmed at once is told once, with a way to say that it was not oneself', async () => {
  const { number } = await rig.check(oid, 'document', { document: freshPassport() })
  await rig.settled()
  expect(rig.sent.map(({ kind, values }) => ({ kind, values }))).toEqual([
    { kind: 'identity_changed', values: { number: groupedNumber(number), link: expect.stringContaining('/not-me/') } },
  ])
})

test('one that is confirmed after days is told of its suspension, of what came of it, and of its end', async () => {
  rig.replaced.person = async () => {
    throw new RegistryUnavailable('person', 'busy')
  }
  await rig.check(oid, 'document', { document: freshPassport() })
  await rig.settled()
  rig.replaced.person = async () => ({ verdict: 'matches' })
  rig.clock.pass(2 * 86_400)
  await rig.requests.workDue()
  await rig.settled()
  expect(rig.told(oid)).toEqual(['level_suspended', 'identity_changed', 'level_restored'])
})

test('one that is refused at once leaves the level suspended, and that is told once', async () => {
  rig.replaced.person = async () => ({ verdict: 'differs', groups: ['name'] })
  await rig.check(oid, 'document', { document: freshPassport() })
  await rig.settled()
  expect(rig.told(oid)).toEqual(['level_suspended'])
})

test('one that is withdrawn, and confirmed as it was, is not told', async () => {
  rig.replaced.person = async () => ({ verdict: 'differs', groups: ['name'] })
  const { id } = await rig.check(oid, 'document', { document: freshPassport() })
  rig.replaced.person = async () => ({ verdict: 'matches' })
  await rig.requests.withdraw(await rig.owner(oid), id)
  await rig.requests.workDue()
  await rig.settled()
  expect(rig.told(oid)).toEqual([])
})
