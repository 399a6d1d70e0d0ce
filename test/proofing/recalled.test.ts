import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { groupedNumber } from '#src/proofing/request-number.ts'
import { identityOf, type ProofingRig, registeredAs, startProofingRig } from './rig.ts'

/** What was asked for in a session that its owner reports as somebody else's. */

let rig: ProofingRig
beforeAll(async () => {
  rig = await startProofingRig()
})
beforeEach(() => rig.rested())
afterAll(() => {
  expect(rig.faults).toEqual([])
  return rig.stop()
})

const recall = async (oid: number, origins: readonly string[]) => {
  const owner = await rig.owner(oid)
  return rig.store.tx((tx) => rig.requests.recall(tx, owner, origins))
}

/** Confirmed by the registries, and proven at a centre. */
async function verified(code: string): Promise<number> {
  const oid = await rig.person(registeredAs(code))
  await rig.check(oid, 'identity', identityOf(code))
  await rig.seenAtCentre(oid)
  rig.clock.pass(1)
  return oid
}

test('what is being checked is withdrawn, says why, is journalled and told, and the record has its level back', async () => {
  const oid = await verified('maria')
  const opened = await rig.open(oid, 'name', { person: { familyName: 'Чужая' } })
  if (!opened.ok) throw new Error(opened.why)
  const { id, number } = opened.request
  expect(await rig.levelOf(oid)).toBe('standard')
  expect(await recall(oid, ['session-1'])).toBe(1)
  const request = await rig.requests.find(oid, id)
  expect(request).toMatchObject({ state: 'withdrawn', reasons: ['session.not_me'] })
  expect(request!.steps.at(-1)).toMatchObject({ step: 'withdrawn', reasons: ['session.not_me'] })
  expect((await rig.events(oid, 'request.recalled')).map(({ fields }) => fields.request)).toEqual([id])
  expect(rig.sent.filter(({ kind }) => kind === 'request_recalled').map(({ values }) => values)).toEqual([
    { number: groupedNumber(number) },
  ])
  await rig.requests.workDue()
  expect(await rig.levelOf(oid)).toBe('verified')
  expect((await rig.account(oid)).person.familyName).toBe(registeredAs('maria').familyName)
  // Nothing is left to be recalled, a second look of ours least of all.
  expect(await recall(oid, ['session-1', ''])).toBe(0)
})

test('what was refused is withdrawn too: it would hang over the record, and show the owner what a stranger typed', async () => {
  const oid = await verified('timur')
  const { id, state } = await rig.check(oid, 'name', { person: { familyName: 'Чужой' } })
  expect([state, await rig.levelOf(oid)]).toEqual(['refused', 'standard'])
  expect(await recall(oid, ['session-1'])).toBe(1)
  expect(await rig.requests.proposalOf(oid, id)).toBeUndefined()
  await rig.requests.workDue()
  expect(await rig.levelOf(oid)).toBe('verified')
})

test('what was confirmed, and what was asked for elsewhere, stays', async () => {
  const oid = await verified('old-snils')
  await rig.open(oid, 'inn', { inn: '1234' })
  const before = await rig.requests.list(oid, { limit: 10 })
  expect(await recall(oid, [])).toBe(0)
  expect(await recall(oid, ['session-2'])).toBe(0)
  expect(await rig.requests.list(oid, { limit: 10 })).toEqual(before)
  expect(await recall(oid, ['session-1'])).toBe(1)
  expect((await rig.requests.list(oid, { limit: 10 })).map(({ kind, state }) => [kind, state])).toContainEqual([
    'identity',
    'confirmed',
  ])
})
