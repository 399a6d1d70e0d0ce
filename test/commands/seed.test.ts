import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isValid } from '#src/accounts/documents/kinds.ts'
import { parseEmail } from '#src/accounts/fields/email.ts'
import { parsePhone } from '#src/accounts/fields/phone.ts'
import { parseSnils } from '#src/accounts/fields/snils.ts'
import { madeUp, PEOPLE } from '#src/commands/seed/people.ts'
import { makeProgress } from '#src/commands/seed/progress.ts'
import { runCommand } from '#src/commands.ts'
import { makeSubjects, subjectOf } from '#src/store/subject.ts'
import type { House } from '#src/wire.ts'
import { enter } from '../signing-in.ts'
import { worldOfFile } from '../world.ts'

const world = worldOfFile()

const seed = (args: readonly string[], config: Partial<House['config']> = {}) => {
  const { house } = world
  const changed = { ...house, config: { ...house.config, ...config } }
  return runCommand(['accounts', 'seed', ...args], { store: house.store, house: async () => changed })
}
const accounts = async () => (await world.house.store.db.selectFrom('accounts').select('oid').execute()).length

describe('refused, and nothing is written', () => {
  test.each([
    [[], /--count/],
    [['--count', '0'], /--count/],
    [['--count', '1e3x'], /--count/],
    [['--count', '10', '--from', String(PEOPLE - 5)], /at most/],
    [['--count', '5', '--force'], /--force/],
  ])('%j', async (args, fault) => {
    const { output, exitCode } = await seed(args)
    expect(output).toMatch(fault)
    expect(exitCode).toBe(2)
  })

  test('in production, unless it is meant', async () => {
    expect(await seed(['--count', '5'], { mode: 'production' })).toMatchObject({ exitCode: 2 })
    expect(await accounts()).toBe(0)
  })

  test('on anything but PostgreSQL', async () => {
    const { output } = await seed(['--count', '5'], { database: { kind: 'pglite', folder: undefined } })
    expect(output).toMatch(/PostgreSQL/)
    expect(await accounts()).toBe(0)
  })
})

test('accounts of each level, whose owners sign in; what was there already is left as it is', async () => {
  const { output, exitCode } = await seed(['--count', '12', '--from', '40'])
  expect(output).toMatch(/12 people written, 0 were there/)
  expect(exitCode).toBe(0)
  const password = /password: (\S+)/.exec(output)?.[1] ?? ''
  const { house } = world
  for (let n = 40; n < 52; n++) {
    const expected = madeUp(n)
    const oid = await house.accounts.ownerOf('phone', expected.phone)
    const account = await house.accounts.read(oid!)
    expect(account).toMatchObject({ phone: expected.phone, email: expected.email, person: expected.person })
    expect(account.identity.level).toBe(expected.level)
    expect(account.documents.map(({ document }) => document)).toEqual(expected.passport ? [expected.passport] : [])
    if (expected.person.snils) expect(await house.identityRecords.ownerOf('snils', expected.person.snils)).toBe(oid)
  }
  const party = await world.relyingParty()
  const { phone, person } = madeUp(41)
  for (const identifier of [phone, person.snils!]) {
    const citizen = { oid: 0, phone: identifier, email: '', password }
    expect((await enter(world.browser(), party, citizen)).html).toMatch(/\/consent|\/factor\/code/)
  }

  const again = await seed(['--count', '14', '--from', '39'])
  expect(again.output).toMatch(/2 people written, 12 were there/)
  expect(again.output).toContain(password)
  expect(await accounts()).toBe(14)
  // A new registration gets a number of its own.
  await world.citizen()
})

test('not beside accounts of real people, unless it is meant', async () => {
  await world.citizen()
  const before = await accounts()
  const { output, exitCode } = await seed(['--count', '5'])
  expect(output).toMatch(/--into-existing/)
  expect(exitCode).toBe(2)
  expect(await accounts()).toBe(before)
  expect((await seed(['--count', '5', '--into-existing'])).exitCode).toBe(0)
  expect(await accounts()).toBe(before + 5)
})

test('made-up people pass every rule, and are nobody’s neighbours', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: PEOPLE - 1 }), (n) => {
      const { phone, email, person, passport, level } = madeUp(n)
      expect(madeUp(n)).toEqual(madeUp(n))
      expect(parsePhone(phone)).toEqual({ ok: true, value: phone })
      expect(parseEmail(email)).toEqual({ ok: true, value: email })
      expect(level === 'simplified').toBe(passport === undefined)
      if (!passport) return
      expect(parseSnils(person.snils!)).toEqual({ ok: true, value: person.snils })
      expect(isValid(passport, person, new Date('2026-06-01'))).toBe(true)
      expect([passport.series, passport.number, passport.departmentCode].map(({ length }) => length)).toEqual([4, 6, 6])
    }),
  )
  const some = Array.from({ length: 2_000 }, (_, n) => madeUp(n))
  expect(new Set(some.flatMap(({ phone, email, person }) => [phone, email, person.snils ?? email])).size).toBe(5_800)
})

test('account numbers for very many are those of the others', () => {
  const key = Buffer.alloc(32, 7)
  const many = makeSubjects(key)
  for (let n = 0; n < 300; n++) expect(many(n)).toBe(subjectOf(key, n))
  expect(() => many(-1)).toThrow(RangeError)
})

test('a terminal has a bar that is written over, anything else a line now and then', () => {
  const written: string[] = []
  const write = (text: string) => void written.push(text)
  const bar = makeProgress(1_000, { watched: true, write })
  bar(500)
  expect(written.pop()).toMatch(/^\r.*\[#{15}\.{15}\] 50 % {2}500 of 1 000 people, [\d ]+\/s, \d+:\d\d to go$/)
  const lines = makeProgress(1_000, { watched: false, write })
  for (let done = 1; done <= 1_000; done++) lines(done)
  expect(written.length).toBeLessThan(25)
  expect(written.at(-1)).toMatch(/^100 % .*\n$/)
})
