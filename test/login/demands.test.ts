import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Evidence, Worth } from '#src/factors/factor.ts'
import { type Acr, type AuthLevel, acrs, authLevels, satisfies } from '#src/kernel/levels.ts'
import { combined, type Demand, demandOf, holds, levelWanted, meets, nextStep, reached } from '#src/login/assurance.ts'

const base = { at: new Date(0), amr: [], multiFactor: false, hardware: false, phishingResistant: false } as const
const password: Evidence = { ...base, kind: 'password', proof: 'knowledge', ceiling: 'aal2' }
const sms: Evidence = { ...base, kind: 'code', proof: 'possession', ceiling: 'aal2' }
const mail: Evidence = { ...sms, ceiling: 'aal1' }
const totp: Evidence = { ...sms, kind: 'totp' }
const recovery: Evidence = { ...sms, kind: 'recovery_code' }
const bank: Evidence = { ...base, kind: 'bank', proof: 'federated', ceiling: 'aal1' }
const strongBank: Evidence = { ...bank, multiFactor: true, ceiling: 'aal2' }
const passkey: Evidence = { ...sms, kind: 'webauthn', multiFactor: true, phishingResistant: true }
const touchedPasskey: Evidence = { ...passkey, multiFactor: false }
const hardwareKey: Evidence = { ...passkey, hardware: true, ceiling: 'aal3' }
const touchedKey: Evidence = { ...hardwareKey, multiFactor: false }
const certificate: Evidence = { ...hardwareKey, kind: 'certificate' }

/** Every kind of evidence that there is, in words. */
const pieces = {
  password,
  sms,
  mail,
  totp,
  recovery,
  bank,
  strongBank,
  passkey,
  touchedPasskey,
  hardwareKey,
  touchedKey,
  certificate,
}
const all: readonly Evidence[] = Object.values(pieces)
const pairs = Object.entries(pieces).flatMap(([a, before]) =>
  Object.entries(pieces).map(([b, after]) => [a, b, before, after] as const),
)

describe('a demand', () => {
  test.each<[AuthLevel, Acr[], Demand, AuthLevel]>([
    ['aal1', [], { level: 'aal1', anyOf: [] }, 'aal1'],
    ['aal2', ['aal1'], { level: 'aal2', anyOf: [] }, 'aal2'],
    ['aal1', ['aal3', 'aal2'], { level: 'aal2', anyOf: [] }, 'aal2'],
    ['aal1', ['phr'], { level: 'aal1', anyOf: ['phr'] }, 'aal1'],
    ['aal2', ['phrh'], { level: 'aal2', anyOf: ['phrh'] }, 'aal2'],
    ['aal1', ['phr', 'aal3', 'aal2'], { level: 'aal1', anyOf: ['phr', 'aal3', 'aal2'] }, 'aal2'],
  ])('from a floor of %s and %j', (floor, asked, demand, wanted) => {
    expect(demandOf(floor, asked)).toEqual(demand)
    expect(levelWanted(demand)).toBe(wanted)
  })

  test.each<[string, Demand, Evidence[], boolean]>([
    ['phr by a synced passkey', demandOf('aal1', ['phr']), [touchedPasskey], true],
    ['phr by password and code', demandOf('aal1', ['phr']), [password, sms], false],
    ['phr, however strong what can be relayed', demandOf('aal1', ['phr']), [strongBank, password, totp], false],
    ['phrh by a synced passkey', demandOf('aal1', ['phrh']), [passkey], false],
    ['phrh by a hardware key', demandOf('aal1', ['phrh']), [touchedKey], true],
    ['phr says nothing of the floor', demandOf('aal2', ['phr']), [touchedPasskey], false],
    ['phr and the floor by two factors', demandOf('aal2', ['phr']), [password, touchedPasskey], true],
    ['phr or aal2: the second', demandOf('aal1', ['phr', 'aal2']), [password, sms], true],
    ['phr or aal2: neither', demandOf('aal1', ['phr', 'aal2']), [password], false],
    ['two factors: one', { ...demandOf('aal1'), twoFactors: true }, [password], false],
    ['two factors: an e-mail is one', { ...demandOf('aal1'), twoFactors: true }, [password, mail], true],
    ['two factors in one act', { ...demandOf('aal1'), twoFactors: true }, [passkey], true],
    ['two factors: two things that one has', { ...demandOf('aal1'), twoFactors: true }, [sms, totp], false],
    ['two factors: two channels of codes', { ...demandOf('aal1'), twoFactors: true }, [sms, mail], false],
  ])('%s', (_what, demand, evidence, met) => {
    expect(meets(demand, evidence)).toBe(met)
  })
})

describe('the next step', () => {
  test.each<[string, Demand, Evidence[], Worth[], string[]]>([
    [
      'phr is asked of the key only',
      demandOf('aal1', ['phr']),
      [password],
      [password, sms, totp, passkey],
      ['webauthn'],
    ],
    [
      'any way to one of several',
      demandOf('aal1', ['phr', 'aal2']),
      [password],
      [password, sms, passkey],
      ['code', 'webauthn'],
    ],
    ['the better channel after the weaker', demandOf('aal2'), [password, mail], [password, sms, mail], ['code']],
    ['the same kind for a stronger authenticator', demandOf('aal3'), [passkey], [passkey, hardwareKey], ['webauthn']],
    [
      'two steps: what both begin with',
      demandOf('aal2', ['phr']),
      [sms],
      [password, sms, touchedPasskey],
      ['password', 'webauthn'],
    ],
    ['never by a detour', demandOf('aal2'), [], [password, sms, passkey], ['webauthn']],
    [
      'two factors by whatever is a second one',
      { ...demandOf('aal1'), twoFactors: true },
      [password],
      [password, mail, totp],
      ['code', 'totp'],
    ],
  ])('%s', (_what, demand, evidence, enrolled, factors) => {
    expect(nextStep(demand, evidence, enrolled)).toEqual({ kind: 'ask', factors })
  })
  test.each<[string, Demand, Evidence[], Worth[]]>([
    ['no key', demandOf('aal1', ['phr']), [password], [password, sms, totp]],
    ['no hardware', demandOf('aal1', ['phrh']), [passkey], [password, passkey]],
    ['e-mail only', demandOf('aal2'), [password], [password, mail]],
    ['no second factor', { ...demandOf('aal1'), twoFactors: true }, [password], [password]],
    ['two things that one has', demandOf('aal2'), [sms], [sms, totp]],
  ])('leads nowhere: %s', (_what, demand, evidence, enrolled) => {
    expect(nextStep(demand, evidence, enrolled)).toEqual({ kind: 'unmet' })
  })
})

const some = (max: number) => fc.array(fc.constantFrom(...all), { maxLength: max })
const demands: fc.Arbitrary<Demand> = fc
  .record({
    floor: fc.constantFrom(...authLevels),
    asked: fc.array(fc.constantFrom(...acrs), { maxLength: 3 }),
    two: fc.boolean(),
  })
  .map(({ floor, asked, two }) => ({ ...demandOf(floor, asked), twoFactors: two }))

describe('whatever is demanded, proven and enrolled', () => {
  test('further evidence lowers nothing', () => {
    fc.assert(
      fc.property(demands, some(5), fc.constantFrom(...all), (demand, evidence, more) => {
        if (meets(demand, evidence)) expect(meets(demand, [...evidence, more])).toBe(true)
      }),
    )
  })

  test('the asking ends: whatever of it the person chooses, the demand is met before everything was asked for', () => {
    fc.assert(
      fc.property(demands, some(3), some(6), fc.infiniteStream(fc.nat()), (demand, evidence, enrolled, choice) => {
        const proven = [...evidence]
        for (let asked = 0; asked <= enrolled.length; asked++) {
          const step = nextStep(demand, proven, enrolled)
          if (step.kind !== 'ask') return
          const kind = step.factors[choice.next().value % step.factors.length]
          // The best that the person has of the kind.
          const gained = enrolled.filter((worth) => worth.kind === kind)
          proven.push(...(gained as Evidence[]))
        }
        expect.fail('asked for more than there is')
      }),
    )
  })

  test('nothing is asked for that gains nothing: without it the rest of some shortest way would not do', () => {
    fc.assert(
      fc.property(demands, some(3), some(6), (demand, evidence, enrolled) => {
        const step = nextStep(demand, evidence, enrolled)
        if (step.kind !== 'ask') return
        for (const kind of step.factors) {
          const others = enrolled.filter((worth) => worth.kind !== kind)
          const gains = subsets(others).some(
            (rest) =>
              !meets(demand, [...evidence, ...rest]) &&
              meets(demand, [...evidence, ...rest, ...enrolled.filter((worth) => worth.kind === kind)]),
          )
          expect(gains, kind).toBe(true)
        }
      }),
    )
  })

  test('it is unmet only where all that is enrolled would not do', () => {
    fc.assert(
      fc.property(demands, some(3), some(6), (demand, evidence, enrolled) => {
        const unmet = nextStep(demand, evidence, enrolled).kind === 'unmet'
        expect(unmet).toBe(!meets(demand, [...evidence, ...enrolled]))
      }),
    )
  })
})

function subsets<T>([first, ...rest]: readonly T[]): T[][] {
  if (first === undefined) return [[]]
  return subsets(rest).flatMap((subset) => [subset, [first, ...subset]])
}

describe('a later sign-in never lowers a live session', () => {
  test.each(pairs)('%s, then %s', (_a, _b, before, after) => {
    const joined = combined([before], [after])
    expect(satisfies(reached(joined), reached([before])!)).toBe(true)
    for (const acr of acrs) if (holds(acr, [before])) expect(holds(acr, joined), acr).toBe(true)
    expect(joined).toContain(after)
  })

  test('nor do many', () => {
    fc.assert(
      fc.property(some(6), some(6), (before, after) => {
        const joined = combined(combined([], before), after)
        for (const acr of acrs) expect(holds(acr, joined)).toBe(holds(acr, [...before, ...after]))
        // What adds nothing is not kept for ever.
        expect(joined.length).toBeLessThanOrEqual(all.length)
      }),
    )
  })
})
