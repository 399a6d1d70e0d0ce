import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addSeconds } from '#src/kernel/clock.ts'
import { RegistryUnavailable } from '#src/registries/registries.ts'
import { identityOf, type ProofingRig, registeredAs, startProofingRig } from './rig.ts'

const LEASE_SECONDS = 60
let rig: ProofingRig

beforeAll(async () => {
  rig = await startProofingRig()
})
beforeEach(async () => {
  // What earlier tests left waiting is not theirs any more.
  await rig.store.db.updateTable('requests').set({ try_at: null }).execute()
  await rig.rested()
  for (const registry of Object.keys(rig.replaced) as (keyof typeof rig.replaced)[]) delete rig.replaced[registry]
  rig.asked.length = 0
  rig.faults.length = 0
})
afterAll(() => rig.stop())

const unavailable = (retryAfterSeconds?: number) => async () => {
  throw new RegistryUnavailable('document', 'timeout', { retryAfterSeconds })
}
const opened = async (code: string) => {
  const oid = await rig.person(registeredAs(code))
  const outcome = await rig.open(oid, 'identity', identityOf(code))
  if (!outcome.ok) throw new Error(outcome.why)
  return { oid, id: outcome.request.id }
}
const stepsOf = async (oid: number, id: string) => (await rig.requests.find(oid, id))!.steps.map(({ step }) => step)
const evidenceOf = (oid: number) =>
  rig.store.db.selectFrom('identity_evidence').select('id').where('oid', '=', oid).execute()

describe('a registry that gives no verdict', () => {
  test.each(['document-slow', 'snils-slow', 'document-down', 'snils-busy', 'document-nonsense', 'snils-contradicts'])(
    '%s leaves the request being checked and raises nothing',
    async (code) => {
      const { oid, id } = await opened(code)
      await rig.requests.workDue()
      expect(await rig.requests.find(oid, id)).toMatchObject({ state: 'checking', reasons: ['registry.slow'] })
      expect(await rig.levelOf(oid)).toBe('simplified')
      expect(await evidenceOf(oid)).toEqual([])
      expect(await rig.requests.proposalOf(oid, id)).toEqual(identityOf(code))
      expect(rig.faults).toEqual([])
    },
  )

  test.each([
    ['document-slow', 'confirmed', 'standard'],
    ['snils-slow', 'refused', 'simplified'],
  ])('%s ends %s once it answers, and its owner, who has left the page, is told', async (code, state, level) => {
    const { oid, id } = await opened(code)
    for (let n = 0; n < 3; n++) {
      await rig.requests.workDue()
      rig.clock.pass(120)
    }
    expect(await rig.requests.find(oid, id)).toMatchObject({ state, retryAt: undefined })
    expect(await stepsOf(oid, id)).toEqual(['opened', 'delayed', state])
    expect(await rig.levelOf(oid)).toBe(level)
    expect(rig.told(oid)).toContain(`request_${state}`)
  })

  test('is asked again ever more seldom, for ever, with the same reference; the delay is said once', async () => {
    const { oid, id } = await opened('document-down')
    const pauses: number[] = []
    for (let n = 0; n < 9; n++) {
      await rig.requests.workDue()
      const { retryAt } = (await rig.requests.find(oid, id))!
      pauses.push((retryAt!.getTime() - rig.clock.now().getTime()) / 1000)
      rig.clock.pass(pauses.at(-1)! - 1)
      const before = rig.asked.length
      await rig.requests.workDue()
      expect(rig.asked.length).toBe(before)
      rig.clock.pass(1)
    }
    expect(pauses).toEqual([10, 30, 120, 600, 1800, 7200, 21_600, 21_600, 21_600])
    expect(await stepsOf(oid, id)).toEqual(['opened', 'delayed'])
    expect(await rig.events(oid, 'request.delayed')).toHaveLength(1)
    for (const registry of ['person', 'snils', 'document'] as const) {
      const references = rig.asked.filter((asked) => asked.registry === registry).map(({ query }) => query.reference)
      expect([references.length, new Set(references).size]).toEqual([9, 1])
    }
    expect(new Set(rig.asked.map(({ query }) => query.reference)).size).toBe(3)
  })

  test('is not asked before it wants to be', async () => {
    rig.replaced.document = unavailable(3600)
    const { oid, id } = await opened('maria')
    await rig.requests.workDue()
    const { retryAt } = (await rig.requests.find(oid, id))!
    expect(retryAt).toEqual(addSeconds(rig.clock.now(), 3600))
  })

  test('does not keep another one’s refusal back', async () => {
    rig.replaced.person = unavailable()
    const { oid, id } = await opened('passport-lost')
    await rig.requests.workDue()
    expect(await rig.requests.find(oid, id)).toMatchObject({ state: 'refused', reasons: ['document.lost'] })
  })

  test('costs no further try', async () => {
    const { oid, id } = await opened('document-down')
    for (let n = 0; n < 8; n++) {
      await rig.requests.workDue()
      rig.clock.pass(10)
    }
    await rig.requests.withdraw(await rig.owner(oid), id)
    for (let n = 0; n < 4; n++) expect(await rig.open(oid, n % 2 ? 'inn' : 'address', { inn: `12${n}4` })).toBeDefined()
    expect(await rig.open(oid, 'identity', identityOf('document-down'))).toMatchObject({ ok: true })
  })
})

describe('two processes', () => {
  test('on one request ask once and store once', async () => {
    const other = rig.process()
    for (let round = 0; round < 5; round++) {
      rig.asked.length = 0
      const oid = await rig.person(registeredAs('married'))
      const outcome = await rig.open(oid, 'identity', identityOf('married'))
      if (!outcome.ok) throw new Error(outcome.why)
      await Promise.all([rig.requests.workDue(), other.workDue(), rig.requests.workDue(), other.workDue()])
      expect(rig.asked.map(({ registry }) => registry).sort()).toEqual(['document', 'person', 'snils'])
      expect(await stepsOf(oid, outcome.request.id)).toEqual(['opened', 'refused'])
      await rig.rested()
    }
  })

  test('do not wait for each other: what one has in hand the other leaves alone', async () => {
    const { oid, id } = await opened('twin-anna')
    await rig.store.tx(async (tx) => {
      await tx.selectFrom('requests').select('id').where('id', '=', id).forUpdate().execute()
      await rig.requests.workDue()
    })
    expect(rig.asked).toEqual([])
    await rig.requests.workDue()
    expect(await rig.requests.find(oid, id)).toMatchObject({ state: 'confirmed' })
  })

  test('a second click that comes too late names the request of the first, even if that is settled by then', async () => {
    const oid = await rig.person(registeredAs('maria'))
    const asked = { kind: 'identity', proposal: identityOf('maria'), origin: 's' } as const
    const owner = await rig.owner(oid)
    let first = ''
    const late = rig.process({
      async before() {
        const opened = await rig.requests.open(owner, asked)
        first = opened.ok ? opened.request.id : opened.why
      },
      after: () => rig.requests.workDue(),
    })
    expect(await late.open(owner, asked)).toMatchObject({ ok: false, why: 'open', request: { id: first } })
    expect(await rig.requests.find(oid, first)).toMatchObject({ state: 'confirmed' })
  })

  test('one that dies between asking and storing leaves the request to the other', async () => {
    const { oid, id } = await opened('alexandra')
    let letGo = () => {}
    const hung = new Promise<never>((_, fail) => {
      letGo = () => fail(new Error('the process is gone'))
    })
    rig.replaced.document = () => hung
    const dying = rig.requests.workDue()
    while (!rig.asked.some(({ registry }) => registry === 'document')) await new Promise(setImmediate)
    delete rig.replaced.document
    const other = rig.process()
    await other.workDue()
    expect(await rig.requests.find(oid, id)).toMatchObject({ state: 'checking' })
    rig.clock.pass(LEASE_SECONDS)
    await other.workDue()
    expect(await rig.requests.find(oid, id)).toMatchObject({ state: 'confirmed' })
    letGo()
    await dying
    expect(await stepsOf(oid, id)).toEqual(['opened', 'confirmed'])
  })

  test('one whose answers come too late changes nothing', async () => {
    const { oid, id } = await opened('hyphen')
    let answer = (_: { verdict: 'not_found' }) => {}
    rig.replaced.document = () =>
      new Promise((done) => {
        answer = done
      })
    const slow = rig.requests.workDue()
    while (!rig.asked.some(({ registry }) => registry === 'document')) await new Promise(setImmediate)
    delete rig.replaced.document
    rig.clock.pass(LEASE_SECONDS)
    await rig.process().workDue()
    answer({ verdict: 'not_found' })
    await slow
    expect(await rig.requests.find(oid, id)).toMatchObject({ state: 'confirmed' })
    expect(await rig.levelOf(oid)).toBe('standard')
  })

  test('a record that changed while registries were asked has them asked again', async () => {
    const { oid, id } = await opened('apostrophe')
    rig.replaced.snils = async () => {
      await rig.change(oid, (record) => record.setPerson({ givenName: 'Патрик-Павел' }))
      return { verdict: 'matches', state: 'active' }
    }
    await rig.requests.workDue()
    expect(await rig.requests.find(oid, id)).toMatchObject({ state: 'refused' })
    expect(await rig.levelOf(oid)).toBe('simplified')
    const names = rig.asked.map(({ query }) => (query as unknown as { name: { givenName: string } }).name.givenName)
    expect(new Set(names)).toEqual(new Set(['Патрик', 'Патрик-Павел']))
  })
})

test('a request that is opened while the account is closed asks nobody, and is withdrawn', async () => {
  const oid = await rig.person(registeredAs('maria'))
  const opened = await rig.open(oid, 'identity', identityOf('maria'))
  if (!opened.ok) throw new Error(opened.why)
  await rig.store.db.updateTable('accounts').set({ state: 'closed' }).where('oid', '=', oid).execute()
  rig.asked.length = 0
  await rig.requests.workDue()
  expect(rig.asked).toEqual([])
  expect(await rig.requests.find(oid, opened.request.id)).toMatchObject({ state: 'withdrawn' })
  expect(await rig.requests.proposalOf(oid, opened.request.id)).toBeUndefined()
})

test('a fault of ours is logged, leaves the request due, and does not stop others', async () => {
  rig.replaced.inn = async () => {
    throw new TypeError('ours')
  }
  const broken = await rig.person()
  await rig.open(broken, 'inn', { inn: '1234' })
  const { oid, id } = await opened('no-patronymic')
  await rig.requests.workDue()
  expect(rig.faults).toHaveLength(1)
  expect(await rig.requests.find(oid, id)).toMatchObject({ state: 'confirmed' })
  delete rig.replaced.inn
  rig.clock.pass(LEASE_SECONDS)
  await rig.requests.workDue()
  expect((await rig.requests.list(broken, { limit: 1 }))[0]).toMatchObject({
    state: 'refused',
    reasons: ['inn.not_found'],
  })
})

test('whoever waits for an answer learns that it takes longer', async () => {
  const { oid, id } = await opened('document-down')
  const waiting = rig.requests.settled(oid, id, 10_000)
  await rig.requests.workDue()
  expect(await waiting).toMatchObject({ state: 'checking', reasons: ['registry.slow'] })
})
