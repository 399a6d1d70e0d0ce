import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PassportRf } from '#src/accounts/documents/document.ts'
import type { Proposal } from '#src/proofing/request.ts'
import { citizen, identityOf, type ProofingRig, registeredAs, startProofingRig } from './rig.ts'

let rig: ProofingRig
let numbers = 0

beforeAll(async () => {
  rig = await startProofingRig()
})
beforeEach(async () => {
  await rig.rested()
  for (const registry of ['person', 'document', 'snils'] as const) delete rig.replaced[registry]
})
afterAll(() => {
  expect(rig.faults).toEqual([])
  return rig.stop()
})

/** Registries that confirm whatever they are asked. */
function agreeable() {
  rig.replaced.person = async () => ({ verdict: 'matches' })
  rig.replaced.document = async () => ({ verdict: 'matches' })
  rig.replaced.snils = async () => ({ verdict: 'matches', state: 'active' })
}
const freshPassport = (): PassportRf => ({
  ...(identityOf('maria').document as PassportRf),
  number: String(800_000 + ++numbers),
  issuedOn: '2020-05-04',
})
const freshSnils = () => String(90_000_800_000 + ++numbers)

/** Checked by the registries, and proven at a centre. */
async function verified() {
  agreeable()
  const oid = await rig.person({ ...registeredAs('maria') })
  await rig.check(oid, 'identity', { snils: freshSnils(), document: freshPassport() })
  await rig.seenAtCentre(oid)
  expect(await rig.levelOf(oid)).toBe('verified')
  rig.clock.pass(1)
  return oid
}
async function opened(...args: Parameters<ProofingRig['open']>) {
  const done = await rig.open(...args)
  if (!done.ok) throw new Error(done.why)
  return done.request
}
const withdraw = async (oid: number, id: string) => rig.requests.withdraw(await rig.owner(oid), id)

describe('while a change of core data is open, and when it was refused, verified is suspended', () => {
  test.each<[string, Parameters<ProofingRig['open']>[1], () => Proposal]>([
    ['a document', 'document', () => ({ document: freshPassport() })],
    ['a name', 'name', () => ({ person: { familyName: 'Петрова' }, document: freshPassport() })],
    ['a birth date', 'birth_date', () => ({ person: { birthDate: '1985-03-28' } })],
    ['a SNILS', 'identity', () => ({ snils: freshSnils() })],
  ])('%s', async (_what, kind, proposal) => {
    const oid = await verified()
    const before = await rig.account(oid)
    const opened = await rig.open(oid, kind, proposal())
    if (!opened.ok) throw new Error(opened.why)
    expect((await rig.account(oid)).identity).toMatchObject({ level: 'standard', lacks: ['core_change'] })
    rig.replaced.person = async () => ({ verdict: 'differs', groups: ['name'] })
    await rig.requests.workDue()
    expect(await rig.requests.find(oid, opened.request.id)).toMatchObject({ state: 'refused' })
    const after = await rig.account(oid)
    expect(after.identity).toMatchObject({ level: 'standard', lacks: ['core_change'] })
    expect([after.person, after.documents]).toEqual([before.person, before.documents])
  })

  test.each<[string, Proposal, 'inn' | 'address']>([
    ['an INN', { inn: '1234' }, 'inn'],
    ['an address', { address: { kind: 'actual', text: 'где-то' } }, 'address'],
  ])('not for %s', async (_what, proposal, kind) => {
    const oid = await verified()
    await rig.open(oid, kind, proposal)
    expect(await rig.levelOf(oid)).toBe('verified')
  })

  test('and when the registries find the present values different', async () => {
    const oid = await verified()
    rig.replaced.snils = async () => ({ verdict: 'invalid', reason: 'annulled' })
    expect(await rig.check(oid, 'recheck')).toMatchObject({ state: 'refused', reasons: ['snils.annulled'] })
    expect((await rig.account(oid)).identity).toMatchObject({ level: 'standard', lacks: ['core_change'] })
  })

  test('two at once: one that is confirmed does not end what the other one suspends', async () => {
    const oid = await verified()
    rig.replaced.document = async () => ({ verdict: 'matches' })
    const name = await rig.open(oid, 'name', { person: { familyName: 'Петрова' }, document: freshPassport() })
    if (!name.ok) throw new Error(name.why)
    await rig.store.db.updateTable('requests').set({ try_at: null }).where('id', '=', name.request.id).execute()
    expect(await rig.check(oid, 'document', { document: freshPassport() })).toMatchObject({ state: 'confirmed' })
    expect((await rig.account(oid)).identity.lacks).toEqual(['core_change'])
  })
})

describe('withdrawing', () => {
  test('has the present values checked once more: confirmed, they count again', async () => {
    const oid = await verified()
    const opened = await rig.open(oid, 'name', { person: { familyName: 'Петрова' }, document: freshPassport() })
    if (!opened.ok) throw new Error(opened.why)
    expect(await withdraw(oid, opened.request.id)).toBe(true)
    expect(await rig.levelOf(oid)).toBe('standard')
    expect(await withdraw(oid, opened.request.id)).toBe(false)
    await rig.requests.workDue()
    expect(await rig.levelOf(oid)).toBe('verified')
    const requests = await rig.requests.list(oid, { limit: 10 })
    expect(requests.map(({ kind, state }) => `${kind} ${state}`).sort()).toEqual([
      'identity confirmed',
      'name withdrawn',
      'recheck confirmed',
    ])
    expect(await rig.requests.proposalOf(oid, opened.request.id)).toBeUndefined()
  })

  test('of a refused one: what the registries find different goes on suspending', async () => {
    const oid = await verified()
    rig.replaced.person = async () => ({ verdict: 'differs', groups: ['name'] })
    const { id } = await rig.check(oid, 'name', { person: { familyName: 'Петрова' }, document: freshPassport() })
    expect(await withdraw(oid, id)).toBe(true)
    await rig.requests.workDue()
    expect((await rig.account(oid)).identity.lacks).toEqual(['core_change'])
    rig.replaced.person = async () => ({ verdict: 'matches' })
    expect(await rig.check(oid, 'recheck')).toMatchObject({ state: 'confirmed' })
    expect(await rig.levelOf(oid)).toBe('verified')
  })

  test('while the registries are asked: their answer changes nothing', async () => {
    const oid = await verified()
    const before = (await rig.account(oid)).person
    let id = ''
    rig.replaced.snils = async () => {
      delete rig.replaced.snils
      await withdraw(oid, id)
      return { verdict: 'matches', state: 'active' }
    }
    const opened = await rig.open(oid, 'name', { person: { familyName: 'Петрова' }, document: freshPassport() })
    if (!opened.ok) throw new Error(opened.why)
    id = opened.request.id
    await rig.requests.workDue()
    expect((await rig.account(oid)).person).toEqual(before)
    expect(await rig.requests.find(oid, id)).toMatchObject({ state: 'withdrawn' })
  })

  test('of a second look at the record is not possible: it would cost the registries one each time, and nobody a try', async () => {
    const oid = await verified()
    const { id } = await opened(oid, 'birth_date', { person: { birthDate: '1985-03-28' } })
    expect(await withdraw(oid, id)).toBe(true)
    const recheck = (await rig.requests.list(oid, { limit: 9 })).find(({ kind }) => kind === 'recheck')!
    expect(recheck.state).toBe('checking')
    expect(await withdraw(oid, recheck.id)).toBe(false)
    rig.replaced.snils = async () => ({ verdict: 'invalid', reason: 'suspended' })
    await rig.requests.workDue()
    expect(await withdraw(oid, recheck.id)).toBe(false)
    expect(await rig.requests.find(oid, recheck.id)).toMatchObject({ state: 'refused' })
    expect((await rig.account(oid)).identity.lacks).toEqual(['core_change'])
  })

  test('of what has no core data in it asks nobody', async () => {
    const oid = await verified()
    const opened = await rig.open(oid, 'inn', { inn: '1234' })
    if (!opened.ok) throw new Error(opened.why)
    await withdraw(oid, opened.request.id)
    expect((await rig.requests.list(oid, { limit: 10 })).map(({ kind }) => kind)).not.toContain('recheck')
  })
})

describe('a confirmed change', () => {
  test('of the document keeps verified', async () => {
    const oid = await verified()
    await rig.check(oid, 'document', { document: freshPassport() })
    expect(await rig.levelOf(oid)).toBe('verified')
  })

  test.each<[string, Proposal['person']]>([
    ['of the family name', { familyName: 'Петрова' }],
    ['of the birth date', { birthDate: '1985-03-28' }],
    ['that takes the patronymic away', { patronymic: '' }],
  ])('%s keeps verified where SNILS and registries say that it is the same person', async (_what, person) => {
    const oid = await verified()
    await rig.check(oid, 'name', { person: person!, document: freshPassport() })
    expect(await rig.levelOf(oid)).toBe('verified')
    // Once more, on top of it.
    await rig.check(oid, 'name', { person: { givenName: 'Марина' }, document: freshPassport() })
    expect(await rig.levelOf(oid)).toBe('verified')
    expect((await rig.account(oid)).person.patronymic).toBe(person!.patronymic === '' ? undefined : 'Сергеевна')
  })

  test('of name and birth date at once does not', async () => {
    const oid = await verified()
    await rig.check(oid, 'name', {
      person: { familyName: 'Петрова', birthDate: '1985-03-28' },
      document: freshPassport(),
    })
    expect((await rig.account(oid)).identity).toMatchObject({ level: 'standard', lacks: ['proof'] })
  })

  test('of the SNILS does not, though the names stay: it may be a namesake’s', async () => {
    const oid = await verified()
    await rig.check(oid, 'identity', { snils: freshSnils() })
    expect((await rig.account(oid)).identity).toMatchObject({ level: 'standard', lacks: ['proof_again'] })
  })

  test('does not end a suspension', async () => {
    const oid = await verified()
    await rig.change(oid, (record) => record.suspend())
    await rig.check(oid, 'name', { person: { familyName: 'Петрова' }, document: freshPassport() })
    expect((await rig.account(oid)).identity.lacks).toEqual(['proof_again'])
  })
})

describe('undo', () => {
  test('is a new request with what was there before', async () => {
    const oid = await verified()
    const before = await rig.account(oid)
    await rig.check(oid, 'name', { person: { familyName: 'Петрова' }, document: freshPassport() })
    const [change] = await rig.records.historyOf(oid, { limit: 1 })
    const undoing = await rig.requests.undo(await rig.owner(oid), change!.seq, 'session-2')
    expect(undoing).toMatchObject({ ok: true, request: { kind: 'name', state: 'checking' } })
    expect(await rig.levelOf(oid)).toBe('standard')
    await rig.requests.workDue()
    const after = await rig.account(oid)
    expect(after.person).toEqual(before.person)
    expect(after.documents.map(({ document }) => document)).toEqual(before.documents.map(({ document }) => document))
    expect(after.identity.level).toBe('verified')
    expect(
      (await rig.records.historyOf(oid, { limit: 9, request: undefinedOr(undoing) })).map(({ origin }) => origin),
    ).toEqual(['session-2', 'session-2'])
  })

  test('cannot go back to nothing, to what somebody else did, or in another’s record', async () => {
    const [oid, other] = [await verified(), await verified()]
    const owner = await rig.owner(oid)
    const first = (await rig.records.historyOf(oid, { limit: 9 })).at(-1)!
    const operated = { cause: 'operator', actor: '1234567890', origin: 'desk' }
    await rig.change(other, (record) => record.setPerson({ birthPlace: 'Там' }), operated)
    await rig.change(other, (record) => record.setPerson({ birthPlace: 'Тут' }), operated)
    const [theirs] = await rig.records.historyOf(other, { limit: 1 })
    for (const seq of [first.seq, theirs!.seq, '0', '99999999', 'x', `${'9'.repeat(30)}`])
      expect(await rig.requests.undo(owner, seq, 's')).toBe('gone')
    expect(await rig.requests.undo(await rig.owner(other), theirs!.seq, 's')).toBe('gone')
  })
})

function undefinedOr(undoing: Awaited<ReturnType<ProofingRig['requests']['undo']>>): string {
  if (undoing === 'gone' || !undoing.ok) throw new Error('not undone')
  return undoing.request.id
}

test('a document that ended meanwhile proves nothing, whatever the registry says', async () => {
  agreeable()
  const oid = await rig.person(registeredAs('passport-ended'))
  const request = await rig.check(oid, 'identity', {
    ...identityOf('passport-ended'),
    snils: citizen('passport-ended').snils!,
  })
  expect(request).toMatchObject({ state: 'refused', reasons: ['document.expired'] })
})
