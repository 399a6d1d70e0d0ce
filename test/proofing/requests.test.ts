import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { groupedNumber, requestNumber } from '#src/proofing/request-number.ts'
import { identityOf, type ProofingRig, registeredAs, startProofingRig } from './rig.ts'

const DAY = 86_400
let rig: ProofingRig

beforeAll(async () => {
  rig = await startProofingRig()
})
beforeEach(() => rig.rested())
afterAll(() => {
  expect(rig.faults).toEqual([])
  return rig.stop()
})

const payloadOf = async (id: string) =>
  (await rig.store.db.selectFrom('requests').select('payload').where('id', '=', id).executeTakeFirstOrThrow()).payload

describe('a request', () => {
  test('has a number of ten digits, a state, a term and a history', async () => {
    const oid = await rig.person(registeredAs('maria'))
    const opened = await rig.open(oid, 'identity', identityOf('maria'))
    if (!opened.ok) throw new Error(opened.why)
    const now = rig.clock.now()
    const reasons: string[] = []
    expect(opened.request).toEqual({
      id: opened.request.id,
      oid,
      number: expect.stringMatching(/^[1-9]\d{9}$/),
      kind: 'identity',
      state: 'checking',
      reasons,
      createdAt: now,
      changedAt: now,
      dueAt: new Date(now.getTime() + 5 * DAY * 1000),
      retryAt: undefined,
      steps: [{ step: 'opened', reasons, at: now }],
    })
    expect((await rig.events(oid, 'request.opened'))[0]!.fields).toEqual({
      account: oid,
      request: opened.request.id,
      kind: 'identity',
      origin: 'session-1',
    })
  })

  test('is one of its kind until it ends, also when opened twice at once', async () => {
    const oid = await rig.person()
    const outcomes = await Promise.all([1, 2, 3].map((n) => rig.open(oid, 'inn', { inn: `000${n}` })))
    expect(outcomes.map((outcome) => (outcome.ok ? 'opened' : outcome.why)).sort()).toEqual(['open', 'open', 'opened'])
    await rig.requests.workDue()
    expect(await rig.open(oid, 'inn', { inn: '0004' })).toMatchObject({ ok: true })
  })

  test('that was refused keeps what was typed for 30 days, any other one nothing', async () => {
    const oid = await rig.person(registeredAs('passport-lost'))
    const { id } = await rig.check(oid, 'identity', identityOf('passport-lost'))
    rig.clock.pass(30 * DAY - 1)
    await rig.requests.workDue()
    expect(await rig.requests.proposalOf(oid, id)).toEqual(identityOf('passport-lost'))
    rig.clock.pass(1)
    await rig.requests.workDue()
    expect(await payloadOf(id)).toBeNull()
    expect(await rig.requests.find(oid, id)).toMatchObject({ state: 'refused', reasons: ['document.lost'] })

    const fine = await rig.person(registeredAs('timur'))
    expect(await payloadOf((await rig.check(fine, 'identity', identityOf('timur'))).id)).toBeNull()
    const left = await rig.open(await rig.person(), 'inn', { inn: '0001' })
    if (!left.ok) throw new Error(left.why)
    await rig.requests.withdraw(await rig.owner(left.request.oid), left.request.id)
    expect(await payloadOf(left.request.id)).toBeNull()
  })

  test('holds nothing in the clear, and does not open in another row', async () => {
    const [a, b] = [await rig.person(registeredAs('maria')), await rig.person(registeredAs('maria'))]
    const address = { kind: 'actual', text: 'г. Казань, ул. Баумана, д. 1' } as const
    const [first, ...others] = [
      await rig.open(a, 'inn', { inn: '006900000117' }),
      await rig.open(a, 'address', { address }),
      await rig.open(b, 'inn', { inn: '0117' }),
    ].map((opened) => {
      if (!opened.ok) throw new Error(opened.why)
      return opened.request
    })
    const sealed = await payloadOf(first!.id)
    expect(Buffer.from(sealed!).includes('006900000117')).toBe(false)
    for (const { oid, id } of others) {
      await rig.store.db.updateTable('requests').set({ payload: sealed }).where('id', '=', id).execute()
      await expect(rig.requests.proposalOf(oid, id)).rejects.toThrow()
      await rig.store.db.updateTable('requests').set({ payload: null }).where('id', '=', id).execute()
    }
  })

  test('stands in a list with the newest first, page by page', async () => {
    const oid = await rig.person()
    for (let n = 0; n < 5; n++) {
      await rig.check(oid, 'inn', { inn: `000${n}` })
      rig.clock.pass(1)
    }
    const [first] = [await rig.requests.list(oid, { limit: 3 })]
    const rest = await rig.requests.list(oid, { limit: 3, before: first.at(-1)!.id })
    const all = [...first, ...rest]
    expect(all).toHaveLength(5)
    expect(all.map(({ createdAt }) => createdAt)).toEqual(
      all.map(({ createdAt }) => createdAt).sort((x, y) => Number(y) - Number(x)),
    )
    expect(new Set(all.map(({ number }) => number)).size).toBe(5)
  })
})

describe('numbers', () => {
  const key = Buffer.alloc(32, 7)

  test('never collide and tell no order', () => {
    const numbers = Array.from({ length: 5_000 }, (_, n) => requestNumber(key, n))
    expect(new Set(numbers).size).toBe(numbers.length)
    for (const number of numbers) expect(number).toMatch(/^[1-9]\d{9}$/)
    const rising = numbers.filter((number, n) => n > 0 && number > numbers[n - 1]!).length
    expect(Math.abs(rising / numbers.length - 0.5)).toBeLessThan(0.05)
    expect(requestNumber(Buffer.alloc(32, 8), 1)).not.toBe(numbers[1])
  })

  test('are grouped for whoever reads them aloud', () => {
    expect(groupedNumber('4711471147')).toBe('4711\u00a0471\u00a0147')
  })

  test('end', () => {
    expect(() => requestNumber(key, 9_000_000_000)).toThrow(RangeError)
    expect(requestNumber(key, 8_999_999_999)).toMatch(/^[1-9]\d{9}$/)
  })
})

describe('a draft', () => {
  test('is kept sealed until it is dropped, one of a kind and account', async () => {
    const [oid, other] = [await rig.person(), await rig.person()]
    expect(await rig.drafts.read(oid, 'passport')).toEqual({})
    await rig.drafts.save(oid, 'passport', { series: '0005' })
    await rig.drafts.save(oid, 'passport', { series: '0005', number: '100001' })
    await rig.drafts.save(oid, 'snils', { snils: '90000010185' })
    expect(await rig.drafts.read(oid, 'passport')).toEqual({ series: '0005', number: '100001' })
    expect(await rig.drafts.read(other, 'passport')).toEqual({})
    const rows = await rig.store.db.selectFrom('proofing_drafts').select('answers').execute()
    expect(rows.some(({ answers }) => Buffer.from(answers).includes('90000010185'))).toBe(false)
    await rig.drafts.drop(oid, 'passport')
    expect(await rig.drafts.read(oid, 'passport')).toEqual({})
    expect(await rig.drafts.read(oid, 'snils')).toEqual({ snils: '90000010185' })
  })
})
