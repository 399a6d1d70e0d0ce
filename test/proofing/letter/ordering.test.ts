import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { groupedNumber } from '#src/proofing/request-number.ts'
import { ADDRESS, type LetterRig, ORIGIN, startLetterRig } from './rig.ts'

const DAY = 86_400
let rig: LetterRig

beforeAll(async () => {
  rig = await startLetterRig()
})
afterAll(() => rig.stop())

/** @returns why it was refused; nothing may have been stored, posted or told then */
async function refusalOf(oid: number, by = rig.letters) {
  const [posted, told] = [rig.posted.length, rig.told(oid).length]
  const requests = () => rig.store.db.selectFrom('requests').select('id').where('oid', '=', oid).execute()
  const before = await requests()
  const done = await rig.order(oid, by)
  expect([rig.posted.length, rig.told(oid).length, await requests()]).toEqual([posted, told, before])
  return done.ok ? undefined : done.why
}

/** Until some statement waits for a lock. */
const isWaiting = () =>
  vi.waitFor(async () => {
    const { rows } = await rig.store.script(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
    expect(rows).not.toEqual([])
  })

describe('no letter', () => {
  test('where nobody prints them', async () => {
    expect(await refusalOf(await rig.citizen(), rig.process({ available: false }))).toBe('unavailable')
  })

  test('below the standard level', async () => {
    const oid = await rig.person()
    await rig.livesAt(oid, ADDRESS)
    expect(await refusalOf(oid)).toBe('not_standard')
  })

  test('for who is verified', async () => {
    const oid = await rig.citizen()
    await rig.seenAtCentre(oid)
    expect(await refusalOf(oid)).toBe('verified')
  })

  test('while a change of core data waits', async () => {
    const oid = await rig.citizen()
    await rig.change(oid, (record) => record.setCoreChange(true))
    expect(await refusalOf(oid)).toBe('core_change')
  })

  test('without an address', async () => {
    expect(await refusalOf(await rig.standard())).toBe('no_address')
  })

  test.each([
    ['that no registry has confirmed', ADDRESS],
    ['where the person only lives', { ...ADDRESS, kind: 'actual' as const }],
  ])('to an address %s', async (_what, address) => {
    const oid = await rig.standard()
    await rig.change(oid, (record) => record.putAddress(address))
    expect(await refusalOf(oid)).toBe('no_address')
  })

  test('to an address that is not the confirmed one any more', async () => {
    const oid = await rig.citizen()
    await rig.change(oid, (record) => record.putAddress({ ...ADDRESS, text: 'г. Казань, ул. Пушкина, д. 2' }))
    expect(await refusalOf(oid)).toBe('no_address')
  })

  test('while one is on its way, not even in parallel from two processes', async () => {
    const oid = await rig.citizen()
    const done = await Promise.all([rig.order(oid), rig.order(oid, rig.process())])
    expect(done.map(({ ok }) => ok).sort()).toEqual([false, true])
    await rig.letters.workDue()
    expect(rig.posted.filter((letter) => letter.oid === oid)).toHaveLength(1)
    expect(await refusalOf(oid)).toBe('open')
  })

  test('beyond three in a year; one that was never sent does not count', async () => {
    const oid = await rig.citizen()
    const unsent = await rig.ordered(oid)
    await rig.settle(oid, unsent.id, 'refused')
    rig.clock.pass(DAY)
    await rig.letters.workDue()
    for (let n = 0; n < 3; n++) {
      const { id } = await rig.ordered(oid)
      await rig.withdraw(oid, id)
      rig.clock.pass(DAY)
    }
    expect(await refusalOf(oid)).toBe('too_many')
    const retryAt = new Date(rig.clock.now().getTime() + 362 * DAY * 1000)
    expect(await rig.order(oid)).toEqual({ ok: false, why: 'too_many', retryAt })
    rig.clock.pass(362 * DAY - 1)
    expect(await refusalOf(oid)).toBe('too_many')
    rig.clock.pass(1)
    expect((await rig.order(oid)).ok).toBe(true)
  })

  test('beyond three in a year, although the third is ordered and withdrawn meanwhile', async () => {
    const oid = await rig.citizen()
    for (let n = 0; n < 2; n++) {
      await rig.withdraw(oid, (await rig.ordered(oid)).id)
      rig.clock.pass(DAY)
    }
    let slower: ReturnType<typeof rig.order> | undefined
    await rig.store.tx(async (tx) => {
      await tx.selectFrom('accounts').select('oid').where('oid', '=', oid).forUpdate().execute()
      slower = rig.order(oid)
      await isWaiting()
      const [third] = await tx.selectFrom('requests').selectAll().where('oid', '=', oid).limit(1).execute()
      const number = String(Number(third!.number) + 1)
      const created_at = rig.clock.now()
      await tx
        .insertInto('requests')
        .values({ ...third!, id: crypto.randomUUID(), number, created_at })
        .execute()
    })
    expect(await slower).toMatchObject({ why: 'too_many' })
  })
})

describe('an ordered letter', () => {
  test('is a request that waits, for 60 days', async () => {
    const oid = await rig.citizen()
    const { id } = await rig.ordered(oid)
    const request = (await rig.request(oid, id))!
    expect(request).toMatchObject({ kind: 'letter', state: 'waiting', reasons: [], steps: [{ step: 'opened' }] })
    expect(request.dueAt.getTime() - rig.clock.now().getTime()).toBe(60 * DAY * 1000)
  })

  test('is told on every contact, with a way to say that it was not oneself, and without the address', async () => {
    const oid = await rig.citizen()
    const { number, code } = await rig.ordered(oid)
    const told = rig.sent.filter((message) => message.oid === oid && message.kind === 'letter_ordered')
    expect(told).toHaveLength(1)
    expect(told[0]!.values).toEqual({
      number: groupedNumber(number),
      link: expect.stringMatching(/^https:\/\/id\.example\.ru\//),
    })
    expect(JSON.stringify(told)).not.toContain(code)
    expect((await rig.events(oid, 'letter.ordered'))[0]!.fields).toMatchObject({ origin: ORIGIN })
  })

  test('goes to the confirmed address, under the name of the record', async () => {
    const oid = await rig.citizen()
    const { id } = await rig.ordered(oid)
    const letter = rig.posted.find((posted) => posted.id === id)!
    expect(letter.recipient).toBe('Ветрова Ольга, 420111, г. Казань, ул. Баумана, д. 1, кв. 15')
  })

  test('has a code that nobody finds in the tables', async () => {
    const oid = await rig.citizen()
    const { code } = await rig.ordered(oid)
    for (const table of ['proofing_letters', 'requests', 'messages'] as const) {
      const rows = await rig.store.db.selectFrom(table).selectAll().where('oid', '=', oid).execute()
      const text = rows
        .map((row) =>
          Object.values(row)
            .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
            .join(),
        )
        .join()
      expect(text).not.toContain(code.replace('-', ''))
      expect(text).not.toContain(code)
      expect(text).not.toContain('%PDF')
    }
  })
})
