import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADDRESS, type LetterRig, otherThan, startLetterRig } from './rig.ts'

const DAY = 86_400
let rig: LetterRig

beforeAll(async () => {
  rig = await startLetterRig()
})
afterAll(() => rig.stop())

async function withLetter() {
  const oid = await rig.citizen()
  return { oid, ...(await rig.ordered(oid)) }
}
const lettersProven = async (oid: number) => (await rig.evidence(oid)).filter(({ kind }) => kind === 'letter').length
/** Nothing of what a right code does has been done. */
async function expectNothingProven(oid: number) {
  expect(await lettersProven(oid)).toBe(0)
  expect(await rig.levelOf(oid)).toBe('standard')
}

describe('a code proves nothing', () => {
  test('in another account, whose try costs the owner none', async () => {
    const { oid, id, code } = await withLetter()
    const thief = await rig.citizen()
    expect(await rig.redeem(thief, id, code)).toEqual({ ok: false, why: 'gone', triesLeft: 0 })
    await expectNothingProven(thief)
    expect(await rig.redeem(oid, id, otherThan(code))).toEqual({ ok: false, why: 'wrong', triesLeft: 4 })
  })

  test('of another account’s letter in one’s own', async () => {
    const [mine, other] = [await withLetter(), await withLetter()]
    expect(await rig.redeem(mine.oid, mine.id, other.code)).toMatchObject({ why: 'wrong', triesLeft: 4 })
    await expectNothingProven(mine.oid)
  })

  test.each(['no-such-id', '00000000-0000-4000-8000-000000000000', "' or 1=1 --", ''])('for the id %j', async (id) => {
    const { oid, code } = await withLetter()
    expect(await rig.redeem(oid, id, code)).toEqual({ ok: false, why: 'gone', triesLeft: 0 })
    await expectNothingProven(oid)
  })

  test('when it is not the one on the letter: five tries, then the letter is over, the right code included', async () => {
    const { oid, id, code } = await withLetter()
    for (const left of [4, 3, 2, 1, 0])
      expect(await rig.redeem(oid, id, otherThan(code))).toEqual({ ok: false, why: 'wrong', triesLeft: left })
    expect(await rig.redeem(oid, id, code)).toEqual({ ok: false, why: 'gone', triesLeft: 0 })
    await expectNothingProven(oid)
    const request = (await rig.request(oid, id))!
    expect(request).toMatchObject({ state: 'refused', reasons: ['letter.tries_used'] })
    expect(request.steps.map(({ step }) => step)).toEqual(['opened', ...Array(5).fill('wrong_code'), 'refused'])
    expect(rig.told(oid)).toContain('letter_void')
    expect((await rig.events(oid, 'letter.refused')).map(({ fields }) => fields.left)).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
    ])
  })

  test('at the sixth of many guesses in parallel from two processes', async () => {
    const { oid, id, code } = await withLetter()
    const processes = [rig.letters, rig.process()]
    const guesses = Array.from({ length: 12 }, (_, n) => rig.redeem(oid, id, otherThan(code), processes[n % 2]))
    const why = (await Promise.all(guesses)).map((done) => (done.ok ? 'ok' : done.why))
    expect(why.filter((each) => each === 'wrong')).toHaveLength(5)
    expect(await rig.redeem(oid, id, code)).toMatchObject({ why: 'gone' })
    await expectNothingProven(oid)
  })

  test('after 60 days, and until their last second it does', async () => {
    const [late, early] = [await withLetter(), await withLetter()]
    rig.clock.pass(60 * DAY - 1)
    expect(await rig.redeem(early.oid, early.id, early.code)).toEqual({ ok: true })
    rig.clock.pass(1)
    expect(await rig.redeem(late.oid, late.id, late.code)).toMatchObject({ why: 'expired' })
    await expectNothingProven(late.oid)
  })

  test('once its request is withdrawn, also where a newer letter was ordered', async () => {
    const { oid, id, code } = await withLetter()
    await rig.withdraw(oid, id)
    expect(await rig.redeem(oid, id, code)).toMatchObject({ why: 'gone' })
    const newer = await rig.ordered(oid)
    expect(newer.code).not.toBe(code)
    expect(await rig.redeem(oid, id, code)).toMatchObject({ why: 'gone' })
    expect(await rig.redeem(oid, newer.id, code)).toMatchObject({ why: 'wrong', triesLeft: 4 })
    await expectNothingProven(oid)
  })

  test.each<[string, Parameters<LetterRig['change']>[1]]>([
    ['name', (record) => record.setPerson({ familyName: 'Другая' })],
    ['birth date', (record) => record.setPerson({ birthDate: '1991-04-12' })],
    ['address', (record) => record.putAddress({ ...ADDRESS, text: 'г. Казань, ул. Пушкина, д. 2' })],
    [
      'SNILS',
      async (record) => {
        await record.claimSnils('90000999999')
        await record.prove({ kind: 'registry', covers: ['person', 'snils'], verifier: 'registry.snils' })
        await record.suspend()
      },
    ],
  ])('once the %s is another one than the letter was sent to', async (_what, work) => {
    const { oid, id, code } = await withLetter()
    rig.clock.pass(1)
    await rig.change(oid, work)
    expect(await rig.redeem(oid, id, code)).toMatchObject({ why: 'gone' })
    expect(await lettersProven(oid)).toBe(0)
    expect(await rig.request(oid, id)).toMatchObject({ state: 'refused', reasons: ['letter.record_changed'] })
  })
})

describe('the right code', () => {
  test('makes the account verified, with evidence of person and address, and confirms the request', async () => {
    const { oid, id, code } = await withLetter()
    expect(await rig.redeem(oid, id, code)).toEqual({ ok: true })
    expect(await rig.levelOf(oid)).toBe('verified')
    const proof = (await rig.evidence(oid)).find(({ kind }) => kind === 'letter')!
    expect([Object.keys(JSON.parse(proof.covers)).sort(), proof.request]).toEqual([['address', 'person'], id])
    expect(await rig.request(oid, id)).toMatchObject({ state: 'confirmed', reasons: [] })
    await rig.settled()
    expect(rig.told(oid)).toContain('level_verified')
    expect(await rig.events(oid, 'letter.redeemed')).toHaveLength(1)
    expect((await rig.events(oid, 'identity.level_changed'))[0]!.fields).toMatchObject({
      after: 'verified',
      cause: 'proven',
    })
  })

  test('counts in whatever case and spacing, with letters of the Russian keyboard', async () => {
    const { oid, id, code } = await withLetter()
    const cyrillic = code
      .toLowerCase()
      .replace(/[abekmhpctyx]/g, (letter) => 'авекмнрстух'['abekmhpctyx'.indexOf(letter)]!)
    const typed = ` ${cyrillic.replaceAll('0', 'o').replaceAll('1', 'l').replace('-', ' – ')} `
    expect(await rig.redeem(oid, id, typed)).toEqual({ ok: true })
  })

  test('can be mistyped: what cannot be a code costs no try', async () => {
    const { oid, id, code } = await withLetter()
    for (const typed of ['', code.slice(1), `${code}0`, 'U'.repeat(10), '0'.repeat(100_000)])
      expect(await rig.redeem(oid, id, typed)).toEqual({ ok: false, why: 'malformed', triesLeft: 5 })
    expect(await rig.redeem(oid, id, code)).toEqual({ ok: true })
  })

  test('counts at the fifth try', async () => {
    const { oid, id, code } = await withLetter()
    for (let n = 0; n < 4; n++) await rig.redeem(oid, id, otherThan(code))
    expect(await rig.redeem(oid, id, code)).toEqual({ ok: true })
  })

  test('is spent once, whatever comes in parallel through two processes', async () => {
    const { oid, id, code } = await withLetter()
    const processes = [rig.letters, rig.process()]
    const done = await Promise.all(Array.from({ length: 5 }, (_, n) => rig.redeem(oid, id, code, processes[n % 2])))
    expect(done.filter(({ ok }) => ok)).toHaveLength(1)
    expect(new Set(done.map((each) => (each.ok ? 'ok' : each.why)))).toEqual(new Set(['ok', 'spent']))
    expect(await lettersProven(oid)).toBe(1)
    expect(await rig.redeem(oid, id, code)).toEqual({ ok: false, why: 'spent', triesLeft: 0 })
  })

  test('and wrong ones in parallel end without a deadlock', async () => {
    const { oid, id, code } = await withLetter()
    const codes = [otherThan(code), code, otherThan(code), otherThan(code)]
    const done = await Promise.all(codes.map((each) => rig.redeem(oid, id, each)))
    expect(done.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await rig.levelOf(oid)).toBe('verified')
  })
})
