import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CodeBudgets, makeBudgets } from '#src/factors/code/budgets.ts'
import { type CodeRequest, type Codes, makeCodes } from '#src/factors/code/codes.ts'
import type { JournalEvent } from '#src/journal/journal.ts'
import type { Message } from '#src/notifications/outbox.ts'
import { makeThrottle } from '#src/throttle/throttle.ts'
import { handClock, type OpenedStore, openedStore } from '../store/opened.ts'
import { codeBudgets } from './code-budgets.ts'

const clock = handClock()
const sent: Message[] = []
const told: JournalEvent[] = []
const warned: string[] = []
let opened: OpenedStore
let numbers = 0

beforeAll(async () => {
  opened = await openedStore()
})
beforeEach(async () => {
  for (const list of [sent, told, warned]) list.length = 0
  await opened.store.db.deleteFrom('throttles').execute()
})
afterAll(() => opened.close())

/** One process; another call is another one on the same database. */
function codesWith(budgets: Partial<CodeBudgets>): Codes {
  const { store, keyring } = opened
  const keep = async (event: JournalEvent) => void told.push(event)
  const all = { ...codeBudgets, ...budgets }
  return makeCodes({
    store,
    keyring,
    clock,
    budgets: makeBudgets({
      throttle: makeThrottle({ store, clock }),
      journal: { record: async (_tx, event) => keep(event), note: keep },
      log: pino({ level: 'warn' }, { write: (line: string) => void warned.push(line) }),
      budgets: all,
    }),
    outbox: { add: async (_tx, message) => void sent.push(message) },
    limits: { ttlSeconds: 300, tries: 5, ...all },
    host: 'id.example',
  })
}

/** To a number of its own, and for nobody, from one network, unless the test says otherwise. */
function asking(change: Partial<CodeRequest> = {}): CodeRequest {
  const n = ++numbers
  return {
    id: `login:${n}`,
    contact: { kind: 'phone', value: `+7${9_000_000_000 + ((n * 10_000_019) % 999_999_999)}` },
    oid: 0,
    network: '192.0.2.0/24',
    kind: 'sign_in_code',
    locale: 'ru',
    ...change,
  }
}

const BUSY = { ok: false, error: { code: 'code.too_busy' } }

describe('one network that pumps', () => {
  test('a thousand requests to as many numbers get what the budget has, also in parallel and through two processes', async () => {
    const processes = [codesWith({ perNetworkPerHour: 20 }), codesWith({ perNetworkPerHour: 20 })]
    const outcomes = await Promise.all(Array.from({ length: 1000 }, (_, n) => processes[n % 2]!.send(asking())))
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(20)
    expect(sent).toHaveLength(20)
    expect(outcomes.filter(({ ok }) => !ok)[0]).toMatchObject({ ...BUSY, values: { minutes: 3 } })
  })

  test('goes on no faster than the budget is on average, and leaves other networks alone', async () => {
    const codes = codesWith({ perNetworkPerHour: 20 })
    for (let n = 0; n < 20; n++) await codes.send(asking())
    expect(await codes.send(asking())).toMatchObject(BUSY)
    expect(await codes.send(asking({ network: '198.51.100.0/24' }))).toMatchObject({ ok: true })
    let more = 0
    for (let minute = 0; minute < 59; minute++) {
      clock.pass(60)
      if ((await codes.send(asking())).ok) more += 1
    }
    expect(more).toBeLessThanOrEqual(20)
    expect(more).toBeGreaterThan(10)
  })

  test('is counted for contacts to which nothing is ever sent', async () => {
    const codes = codesWith({ perNetworkPerHour: 3 })
    for (let n = 0; n < 3; n++) expect(await codes.admit(asking())).toMatchObject({ ok: true })
    expect(await codes.send(asking())).toMatchObject(BUSY)
  })
})

test('one account gets no more in a day, whatever for and by whatever channel', async () => {
  const codes = codesWith({ perAccountPerDay: 3 })
  const oid = 1_234_567_890
  expect(await codes.send(asking({ oid }))).toMatchObject({ ok: true })
  expect(await codes.send(asking({ oid, channel: 'voice' }))).toMatchObject({ ok: true })
  const mail = { kind: 'email', value: 'anna@example.org' } as const
  expect(await codes.send(asking({ oid, contact: mail, kind: 'contact_code' }))).toMatchObject({ ok: true })
  expect(await codes.send(asking({ oid }))).toMatchObject(BUSY)
  clock.pass(86_401)
  expect(await codes.send(asking({ oid }))).toMatchObject({ ok: true })
})

describe('phones that begin alike', () => {
  const somewhere = (network: string, prefix: string, n: number) =>
    asking({ network, contact: { kind: 'phone', value: `${prefix}${String(1_000_000 + n)}` } })

  test('share a budget, from however many networks', async () => {
    const codes = codesWith({ perPrefixPerHour: 5 })
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, n) => codes.send(somewhere(`192.0.${n}.0/24`, '+99290', n))),
    )
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(5)
    expect(await codes.send(somewhere('192.0.2.0/24', '+7916', 1))).toMatchObject({ ok: true })
  })

  test('a call counts like an SMS, a mail does not', async () => {
    const codes = codesWith({ perPrefixPerHour: 1, perHour: 1 })
    expect(await codes.send({ ...somewhere('a', '+7916', 1), channel: 'voice' })).toMatchObject({ ok: true })
    expect(await codes.send(somewhere('a', '+7916', 2))).toMatchObject(BUSY)
    const contact = { kind: 'email', value: 'boris@example.org' } as const
    expect(await codes.send(asking({ contact }))).toMatchObject({ ok: true })
  })
})

test('the budget of the installation stops all, and an operator is told once an hour', async () => {
  const codes = codesWith({ perHour: 10, perNetworkPerHour: 1000 })
  const ask = (n: number) => codes.send(asking({ network: `10.${n}.0.0/24` }))
  const outcomes = await Promise.all(Array.from({ length: 40 }, (_, n) => ask(n)))
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(10)
  expect(told.map(({ type, fields }) => [type, fields])).toEqual([['code.budget_reached', { budget: 'installation' }]])
  expect(warned.map((line) => JSON.parse(line).budget)).toEqual(['installation'])
  clock.pass(3601)
  for (let n = 0; n < 11; n++) await ask(n)
  expect(told).toHaveLength(2)
})

test('SMS and call to one phone share the pause', async () => {
  const codes = codesWith({})
  const asked = asking()
  expect(await codes.send(asked)).toMatchObject({ ok: true })
  expect(await codes.send({ ...asked, channel: 'voice' })).toMatchObject({ error: { code: 'code.too_soon' } })
})

test('asking too early uses up no budget of others', async () => {
  const codes = codesWith({ perNetworkPerHour: 2 })
  const asked = asking()
  await codes.send(asked)
  for (let n = 0; n < 5; n++) await codes.send(asked)
  expect(await codes.send(asking())).toMatchObject({ ok: true })
})

test('a code that was admitted for one contact goes to no other', async () => {
  const codes = codesWith({})
  const [one, other] = [asking(), asking()]
  const admitted = await codes.admit(one)
  if (!admitted.ok) throw new Error('not admitted')
  await expect(opened.store.tx((tx) => codes.issue(tx, other, admitted))).rejects.toThrow('another contact')
})
