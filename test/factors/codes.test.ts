import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeBudgets } from '#src/factors/code/budgets.ts'
import { type CodeRequest, type Codes, makeCodes } from '#src/factors/code/codes.ts'
import type { Message } from '#src/notifications/outbox.ts'
import { makeThrottle } from '#src/throttle/throttle.ts'
import { handClock, type OpenedStore, openedStore } from '../store/opened.ts'
import { codeBudgets } from './code-budgets.ts'

const clock = handClock()
const sent: Message[] = []
let opened: OpenedStore
let codes: Codes
let ids = 0
beforeAll(async () => {
  opened = await openedStore()
  const { store, keyring } = opened
  codes = makeCodes({
    store,
    keyring,
    clock,
    budgets: makeBudgets({
      throttle: makeThrottle({ store, clock }),
      journal: { record: async () => {}, note: async () => {} },
      log: pino({ level: 'silent' }),
      budgets: { ...codeBudgets, perContactPerDay: 3 },
    }),
    outbox: {
      add: async (_tx, message) => {
        sent.unshift(message)
      },
    },
    limits: { ttlSeconds: 300, tries: 5, resendSeconds: 60, perContactPerDay: 3 },
    host: 'id.example',
  })
})
afterAll(() => opened.close())

function request(change: Partial<CodeRequest> = {}): CodeRequest {
  const n = ++ids
  return {
    id: `login:${n}`,
    contact: { kind: 'phone', value: `+7916${1_000_000 + n}` },
    oid: 0,
    kind: 'sign_in_code',
    locale: 'ru',
    ...change,
  }
}
const issue = (asked: CodeRequest) => codes.send(asked)
async function issued(change: Partial<CodeRequest> = {}) {
  const asked = request(change)
  expect(await issue(asked)).toMatchObject({ ok: true })
  return { ...asked, code: sent[0]!.values.code! }
}
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')
const spend = (id: string, verdict: Awaited<ReturnType<Codes['verify']>>) =>
  opened.store.tx((tx) => codes.spend(tx, id, verdict))

describe('a code', () => {
  test('has six digits, the contact, the host and its lifetime in minutes', async () => {
    const { contact } = await issued()
    expect(sent[0]).toMatchObject({ channel: 'sms', recipient: contact.value, ttlSeconds: 300 })
    expect(sent[0]!.values).toEqual({ code: expect.stringMatching(/^\d{6}$/), host: 'id.example', minutes: '5' })
  })
  test('is good for one id only', async () => {
    const [mine, theirs] = [await issued(), await issued()]
    if (mine.code === theirs.code) return
    expect(await codes.verify(theirs.id, mine.code)).toMatchObject({ ok: false, error: { code: 'code.wrong' } })
  })
  test('is spent once', async () => {
    const { id, code } = await issued()
    const verdict = await codes.verify(id, code)
    expect(await spend(id, verdict)).toEqual({ ok: true })
    expect(await spend(id, verdict)).toMatchObject({ ok: false, error: { code: 'code.used' } })
    expect(await codes.verify(id, code)).toMatchObject({ ok: false, error: { code: 'code.used' } })
  })
  test('of two that verified it at the same time, one spends it', async () => {
    const { id, code } = await issued()
    const verdicts = await Promise.all([codes.verify(id, code), codes.verify(id, code)])
    const outcomes = await Promise.all(verdicts.map((verdict) => spend(id, verdict)))
    expect(outcomes.map(({ ok }) => ok).sort()).toEqual([false, true])
  })
  test('that was replaced after it was verified is not spent', async () => {
    const { id, code, contact } = await issued()
    const verdict = await codes.verify(id, code)
    clock.pass(61)
    expect(await issue(request({ id, contact }))).toMatchObject({ ok: true })
    if (sent[0]!.values.code === code) return
    expect(await spend(id, verdict)).toMatchObject({ ok: false, error: { code: 'code.used' } })
  })
  test('whose transaction is undone can be spent again', async () => {
    const { id, code } = await issued()
    const verdict = await codes.verify(id, code)
    const undone = opened.store.tx(async (tx) => {
      await codes.spend(tx, id, verdict)
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await spend(id, verdict)).toEqual({ ok: true })
  })
  test('gives five tries to twenty guesses at the same time', async () => {
    const { id, code } = await issued()
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => codes.verify(id, other(code))))
    const wrong = verdicts.filter((verdict) => !verdict.ok && verdict.error.code === 'code.wrong')
    expect(wrong).toHaveLength(4)
    expect(await codes.verify(id, code)).toMatchObject({ ok: false, error: { code: 'code.exhausted' } })
  })
  test('counts a try before it compares: the right one after four wrong ones is the last', async () => {
    const { id, code } = await issued()
    for (let left = 4; left > 0; left--)
      expect(await codes.verify(id, other(code))).toMatchObject({ error: { code: 'code.wrong' }, values: { left } })
    expect(await codes.verify(id, code)).toMatchObject({ ok: true })
  })
  test('ends after five minutes, and one that never was is expired too', async () => {
    const { id, code } = await issued()
    clock.pass(300)
    expect(await codes.verify(id, code)).toMatchObject({ ok: false, error: { code: 'code.expired' } })
    expect(await codes.verify('login:never', code)).toMatchObject({ ok: false, error: { code: 'code.expired' } })
  })
})

describe('sending', () => {
  test('rests for a minute per contact, whichever sign-in asks', async () => {
    const { contact } = await issued()
    expect(await issue(request({ contact }))).toMatchObject({ ok: false, error: { code: 'code.too_soon' } })
    clock.pass(59)
    expect(await issue(request({ contact }))).toMatchObject({ values: { seconds: 1 } })
    clock.pass(1)
    expect(await issue(request({ contact }))).toMatchObject({ ok: true })
  })
  test('ends for the day at the cap; asking too early did not use it up', async () => {
    const { contact } = await issued()
    for (let early = 0; early < 10; early++) await issue(request({ contact }))
    for (let more = 0; more < 2; more++) {
      clock.pass(61)
      expect(await issue(request({ contact }))).toMatchObject({ ok: true })
    }
    clock.pass(61)
    expect(await issue(request({ contact }))).toMatchObject({ ok: false, error: { code: 'code.too_many' } })
    clock.pass(86_400)
    expect(await issue(request({ contact }))).toMatchObject({ ok: true })
  })
  test('of twenty requests at the same time sends one', async () => {
    const { contact } = request()
    const before = sent.length
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => issue(request({ contact }))))
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
    expect(sent.length - before).toBe(1)
  })
})

describe('pending', () => {
  test('tells when the code that can still be used was sent', async () => {
    const { id, code } = await issued()
    expect(await codes.pending(id)).toEqual(clock.now())
    await spend(id, await codes.verify(id, code))
    expect(await codes.pending(id)).toBeUndefined()
  })
  test('is nothing after its time, after its tries, and before there was one', async () => {
    const [late, tired] = [await issued(), await issued()]
    for (let i = 0; i < 5; i++) await codes.verify(tired.id, other(tired.code))
    expect(await codes.pending(tired.id)).toBeUndefined()
    clock.pass(301)
    expect(await codes.pending(late.id)).toBeUndefined()
    expect(await codes.pending('login:never')).toBeUndefined()
  })
})

describe('one code by several channels', () => {
  const mail = { kind: 'email', value: 'galina@example.org' } as const

  test('is one code: the newer replaces the older, and tells by which channel it went', async () => {
    const { id, code: first } = await issued()
    expect(await codes.sent(id)).toEqual({ at: clock.now(), channel: 'sms' })
    const { code } = await issued({ id, contact: { ...mail, value: 'one@example.org' } })
    expect(await codes.sent(id)).toEqual({ at: clock.now(), channel: 'mail' })
    expect(sent[0]).toMatchObject({ channel: 'mail', recipient: 'one@example.org' })
    if (first !== code) expect(await codes.verify(id, first)).toMatchObject({ error: { code: 'code.wrong' } })
    expect(await codes.verify(id, code)).toMatchObject({ ok: true, channel: 'mail' })
  })

  test('has its tries counted together: going from one to the next within the pause brings one more, not all', async () => {
    const { id, code } = await issued()
    for (let i = 0; i < 4; i++) await codes.verify(id, other(code))
    const next = await issued({ id, contact: mail })
    expect(await codes.verify(id, other(next.code))).toMatchObject({ error: { code: 'code.exhausted' } })
    expect(await codes.verify(id, next.code)).toMatchObject({ error: { code: 'code.exhausted' } })
    clock.pass(61)
    const fresh = await issued({ id, contact: mail })
    expect(await codes.verify(id, other(fresh.code))).toMatchObject({ values: { left: 4 } })
  })

  test('leaves one try to whoever has none left', async () => {
    const { id, code } = await issued()
    for (let i = 0; i < 5; i++) await codes.verify(id, other(code))
    const next = await issued({ id, contact: { ...mail, value: 'two@example.org' } })
    expect(await codes.verify(id, next.code)).toMatchObject({ ok: true })
  })

  test('begins anew once one was used', async () => {
    const { id, code } = await issued()
    await codes.verify(id, other(code))
    await spend(id, await codes.verify(id, code))
    const next = await issued({ id, contact: { ...mail, value: 'three@example.org' } })
    expect(await codes.verify(id, other(next.code))).toMatchObject({ values: { left: 4 } })
  })
})
