import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Proposal } from '#src/proofing/request.ts'
import { identityOf, type ProofingRig, registeredAs, startProofingRig } from './rig.ts'

const DAY = 86_400
let rig: ProofingRig

beforeAll(async () => {
  rig = await startProofingRig()
})
beforeEach(async () => {
  await rig.rested()
  rig.sent.length = 0
  rig.asked.length = 0
})
afterAll(() => {
  expect(rig.faults).toEqual([])
  return rig.stop()
})

/** What the database is asked meanwhile. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = []
  const query = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => unknown
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const [asked] = args as [string | { readonly text?: string }]
    statements.push(typeof asked === 'string' ? asked : (asked.text ?? ''))
    return query.apply(this, args)
  } as never)
  await work()
  spy.mockRestore()
  return statements.sort()
}

describe('another account’s request', () => {
  test('is not found by any door, as one that there is not', async () => {
    const [mine, theirs] = [await rig.person(), await rig.person(registeredAs('maria'))]
    const opened = await rig.open(theirs, 'identity', identityOf('maria'))
    if (!opened.ok) throw new Error(opened.why)
    const owner = await rig.owner(mine)
    for (const id of [
      opened.request.id,
      crypto.randomUUID(),
      'x',
      '',
      "' or 1=1 --",
      opened.request.id.toUpperCase(),
    ]) {
      expect(await rig.requests.find(mine, id)).toBeUndefined()
      expect(await rig.requests.proposalOf(mine, id)).toBeUndefined()
      expect(await rig.requests.withdraw(owner, id)).toBe(false)
      expect(await rig.requests.settled(mine, id, 0)).toBeUndefined()
      expect(await rig.requests.list(mine, { limit: 5, before: id })).toEqual([])
    }
    expect(await rig.requests.find(theirs, opened.request.id)).toMatchObject({ state: 'checking' })
    expect(await rig.requests.proposalOf(theirs, opened.request.id)).toEqual(identityOf('maria'))
  })
})

describe('tries', () => {
  test('are five a day for an account, whatever is asked for of the core; the sixth asks nobody', async () => {
    const oid = await rig.person()
    for (let n = 0; n < 5; n++) await rig.check(oid, 'name', { person: { familyName: 'Иная' } })
    rig.asked.length = 0
    for (const kind of ['name', 'birth_date', 'document', 'identity', 'recheck'] as const)
      expect(await rig.open(oid, kind, { person: { familyName: 'Иная' } })).toEqual({
        ok: false,
        why: 'too_many',
        retryAt: expect.any(Date),
      })
    await rig.requests.workDue()
    expect(rig.asked).toEqual([])
    expect(await rig.requests.list(oid, { limit: 9 })).toHaveLength(5)
    rig.clock.pass(DAY + 1)
    expect(await rig.open(oid, 'name', { person: { familyName: 'Иная' } })).toMatchObject({ ok: true })
  })

  test('are never more than five within 24 hours: those at the end of one day are counted in the next', async () => {
    const oid = await rig.person()
    const tried = async () => await rig.open(oid, 'name', { person: { familyName: 'Иная' } })
    const spent = async (tries: number) => {
      for (let n = 0; n < tries; n++) await rig.check(oid, 'name', { person: { familyName: 'Иная' } })
    }
    const first = rig.clock.now()
    await spent(1)
    rig.clock.pass(DAY - 60)
    const evening = rig.clock.now()
    await spent(4)
    expect(await tried()).toEqual({ ok: false, why: 'too_many', retryAt: new Date(first.getTime() + DAY * 1000) })
    rig.clock.pass(60)
    await spent(1)
    for (let n = 0; n < 3; n++)
      expect(await tried()).toEqual({ ok: false, why: 'too_many', retryAt: new Date(evening.getTime() + DAY * 1000) })
    rig.clock.pass(DAY - 61)
    expect(await tried()).toMatchObject({ why: 'too_many' })
    rig.clock.pass(1)
    await spent(4)
    expect(await tried()).toMatchObject({ why: 'too_many' })
  })

  test('are spent by a request that is withdrawn, and by one that no registry answers; asking again costs none', async () => {
    const oid = await rig.person(registeredAs('document-down'))
    for (let n = 0; n < 5; n++) {
      const request = await rig.check(oid, 'identity', identityOf('document-down'))
      expect(request).toMatchObject({ state: 'checking', reasons: ['registry.slow'] })
      rig.clock.pass(3600)
      await rig.requests.workDue()
      expect(await rig.requests.withdraw(await rig.owner(oid), request.id)).toBe(true)
    }
    expect(await rig.open(oid, 'identity', identityOf('document-down'))).toMatchObject({ why: 'too_many' })
  })

  test.each<['inn' | 'address', (n: number) => Proposal]>([
    ['inn', (n) => ({ inn: `000${n}` })],
    ['address', (n) => ({ address: { kind: 'registered', text: `г. Приозёрск, ул. Садовая, д. ${n}` } })],
  ])('for %s are five a day of their own: its typos leave those of passport and SNILS', async (kind, nth) => {
    const oid = await rig.person(registeredAs('maria'))
    for (let n = 0; n < 5; n++) await rig.check(oid, kind, nth(n))
    expect(await rig.open(oid, kind, nth(5))).toMatchObject({ why: 'too_many' })
    expect(await rig.open(oid, 'identity', identityOf('maria'))).toMatchObject({ ok: true })
  })

  test('are five a day for a SNILS, whoever asks; other numbers are not touched', async () => {
    const proposal = identityOf('snils-suspended')
    for (let n = 0; n < 5; n++) await rig.check(await rig.person(), 'identity', proposal)
    const sixth = await rig.person()
    expect(await rig.open(sixth, 'identity', proposal)).toMatchObject({ why: 'too_many' })
    expect(await rig.open(sixth, 'identity', identityOf('snils-annulled'))).toMatchObject({ ok: true })
  })

  test('in parallel are counted too', async () => {
    const oid = await rig.person()
    for (let n = 0; n < 2; n++) await rig.check(oid, 'name', { person: { familyName: 'Иная' } })
    const kinds = ['name', 'birth_date', 'document', 'identity', 'recheck'] as const
    const outcomes = await Promise.all(kinds.map((kind) => rig.open(oid, kind, { person: { familyName: 'И' } })))
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(3)
  })

  test('of an account that has none left take none of the SNILS, which may be somebody else’s', async () => {
    const oid = await rig.person()
    for (let n = 0; n < 5; n++) await rig.check(oid, 'name', { person: { familyName: 'Иная' } })
    const keys = () => rig.store.db.selectFrom('proofing_tries').select('key').execute()
    const before = await keys()
    expect(await rig.open(oid, 'identity', identityOf('maria'))).toMatchObject({ why: 'too_many' })
    expect(await keys()).toEqual(before)
  })

  test('are not spent by a second one of a kind, nor by what is on record already', async () => {
    const oid = await rig.person(registeredAs('timur'))
    await rig.check(oid, 'identity', identityOf('timur'))
    for (let n = 0; n < 6; n++)
      expect(await rig.open(oid, 'identity', identityOf('timur'))).toMatchObject({ why: 'same' })
    const first = await rig.open(oid, 'inn', { inn: '0001' })
    for (let n = 0; n < 6; n++)
      expect(await rig.open(oid, 'inn', { inn: '0002' })).toMatchObject({
        why: 'open',
        request: { id: first.ok && first.request.id },
      })
    expect(await rig.open(oid, 'address', { address: { kind: 'actual', text: 'там' } })).toMatchObject({ ok: true })
  })

  test('stand in the database without the SNILS', async () => {
    await rig.open(await rig.person(), 'identity', identityOf('maria'))
    const keys = await rig.store.db.selectFrom('proofing_tries').select('key').execute()
    expect(keys.map(({ key }) => key).join(' ')).toMatch(/snils:/)
    expect(keys.map(({ key }) => key).join(' ')).not.toContain(identityOf('maria').snils)
  })
})

describe('what belongs to another account', () => {
  test.each<[string, string, () => { snils?: string; withDocument: boolean }]>([
    ['SNILS', 'snils.taken', () => ({ withDocument: false })],
    ['document', 'document.taken', () => ({ snils: '90000870001', withDocument: true })],
  ])(
    '%s: refused without a word on who has it, who gets a notice without a word on who asked',
    async (_what, reason, other) => {
      const code = reason === 'snils.taken' ? 'alexandra' : 'leap-day'
      const holder = await rig.person(registeredAs(code))
      await rig.check(holder, 'identity', identityOf(code))
      const { withDocument, ...values } = other()
      // Registries confirm it all: only that somebody else has it is in the way.
      rig.replaced.snils = async () => ({ verdict: 'matches', state: 'active' })
      rig.replaced.person = rig.replaced.document = async () => ({ verdict: 'matches' })
      const second = await rig.person(registeredAs(code))
      const proposal = { ...identityOf(code), ...values }
      const typed = withDocument ? proposal : { ...proposal, document: identityOf('hyphen').document }
      const request = await rig.check(second, 'identity', typed)
      delete rig.replaced.snils
      delete rig.replaced.person
      delete rig.replaced.document
      expect(request).toMatchObject({ state: 'refused', reasons: [reason] })
      const { person, documents, identity } = await rig.account(second)
      expect({ person, documents, level: identity.level }).toEqual({
        person: registeredAs(code),
        documents: [],
        level: 'simplified',
      })
      expect(
        await rig.store.db.selectFrom('identity_evidence').select('id').where('oid', '=', second).execute(),
      ).toEqual([])
      expect(rig.told(holder)).toContain('identity_clashed')
      const notice = rig.sent.find(({ kind }) => kind === 'identity_clashed')!
      expect(notice.values).toEqual({})
      expect((await rig.events(holder, 'identity.clashed'))[0]!.fields).toEqual({
        account: holder,
        contact: reason.split('.')[0],
      })
      expect((await rig.account(holder)).identity.level).toBe('standard')
      expect(JSON.stringify(await rig.events(second))).not.toContain(String(holder))
    },
  )

  test('of two accounts that are confirmed with one SNILS at once one gets it', async () => {
    const people = [await rig.person(registeredAs('apostrophe')), await rig.person(registeredAs('apostrophe'))]
    for (const oid of people) await rig.open(oid, 'identity', identityOf('apostrophe'))
    await Promise.all([rig.requests.workDue(), rig.process().workDue()])
    const levels = await Promise.all(people.map((oid) => rig.levelOf(oid)))
    expect(levels.sort()).toEqual(['simplified', 'standard'])
    const states = await Promise.all(people.map(async (oid) => (await rig.requests.list(oid, { limit: 1 }))[0]!.state))
    expect(states.sort()).toEqual(['confirmed', 'refused'])
  })

  test('shows in nothing while registries do not confirm it: the same questions, statements and answer', async () => {
    await rig.check(await rig.person(registeredAs('twin-inna')), 'identity', identityOf('twin-inna'))
    const work = async (code: string, as: string) => {
      rig.asked.length = 0
      const oid = await rig.person(registeredAs(as))
      const statements = await statementsOf(() => rig.check(oid, 'identity', identityOf(code)))
      const { reasons, state } = (await rig.requests.list(oid, { limit: 1 }))[0]!
      return { statements, reasons, state, asked: rig.asked.map(({ registry }) => registry).sort() }
    }
    // Inna's numbers are an account's, Anna's are nobody's; neither is this person's.
    const taken = await work('twin-inna', 'maria')
    const free = await work('twin-anna', 'maria')
    expect(taken).toEqual(free)
    expect(taken.state).toBe('refused')
    expect(taken.statements.length).toBeGreaterThan(20)
  })
})
