import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type EvidenceKind, evidenceKinds, type IdentityEvidence } from '#src/accounts/identity/evidence.ts'
import { type IdentityFacts, identityOf, type Lack, nextEnd } from '#src/accounts/identity/level.ts'
import type { IdentityLevel } from '#src/kernel/levels.ts'

const NOW = new Date('2026-11-23T09:00:00Z')
const day = (n: number) => new Date(NOW.getTime() + n * 86_400_000)
const current = { person: 'P', snils: 'S', documents: ['D'] }

const evidence = (kind: EvidenceKind, covers: IdentityEvidence['covers'], more: Partial<IdentityEvidence> = {}) => ({
  id: `${kind}-${JSON.stringify(covers)}`,
  kind,
  covers,
  verifier: 'somebody',
  at: day(-10),
  until: undefined,
  ...more,
})
const whole = { person: 'P', snils: 'S', document: 'D' }
const registry = (more: Partial<IdentityEvidence> = {}) => evidence('registry', whole, more)
const centre = (more: Partial<IdentityEvidence> = {}) => evidence('centre', { person: 'P', document: 'D' }, more)

const facts = (more: Partial<IdentityFacts>): IdentityFacts => ({
  current,
  evidence: [],
  suspendedAt: undefined,
  coreChangeAt: undefined,
  withoutSnils: [],
  now: NOW,
  ...more,
})

describe('the level is what the evidence carries', () => {
  test.each<[string, Partial<IdentityFacts>, IdentityLevel, Lack[]]>([
    ['nothing is proven', {}, 'simplified', ['snils', 'document', 'proof']],
    ['all is reconciled', { evidence: [registry()] }, 'standard', ['proof']],
    [
      'reconciled in two pieces',
      {
        evidence: [
          evidence('registry', { person: 'P', snils: 'S' }),
          evidence('registry', { person: 'P', document: 'D' }),
        ],
      },
      'standard',
      ['proof'],
    ],
    [
      'the SNILS alone',
      { evidence: [evidence('registry', { person: 'P', snils: 'S' })] },
      'simplified',
      ['document', 'proof'],
    ],
    [
      'the document alone',
      { evidence: [evidence('registry', { person: 'P', document: 'D' })] },
      'simplified',
      ['snils', 'proof'],
    ],
    ['seen at a centre', { evidence: [registry(), centre()] }, 'verified', []],
    ['seen at a centre, not reconciled', { evidence: [centre()] }, 'simplified', ['snils', 'document']],
    [
      'another name since',
      { current: { ...current, person: 'Q' }, evidence: [registry(), centre()] },
      'simplified',
      ['snils', 'document', 'proof'],
    ],
    [
      'another SNILS since',
      { current: { ...current, snils: 'T' }, evidence: [registry(), centre()] },
      'simplified',
      ['snils'],
    ],
    [
      'another document since',
      { current: { ...current, documents: ['E'] }, evidence: [registry(), centre()] },
      'simplified',
      ['document'],
    ],
    [
      'a renewed document, reconciled',
      {
        current: { ...current, documents: ['E'] },
        evidence: [registry(), centre(), evidence('registry', { person: 'P', document: 'E' })],
      },
      'verified',
      [],
    ],
    [
      'the document has ended',
      { evidence: [registry({ until: day(-1) }), centre()] },
      'simplified',
      ['snils', 'document'],
    ],
    [
      'the document ends this instant',
      { evidence: [registry({ until: NOW }), centre()] },
      'simplified',
      ['snils', 'document'],
    ],
    ['the document ends tomorrow', { evidence: [registry({ until: day(1) }), centre()] }, 'verified', []],
    ['the proof has ended', { evidence: [registry(), centre({ until: day(-1) })] }, 'standard', ['proof']],
    [
      'suspended after the proof',
      { evidence: [registry(), centre()], suspendedAt: day(-5) },
      'standard',
      ['proof_again'],
    ],
    [
      'suspended in the same instant',
      { evidence: [registry(), centre()], suspendedAt: day(-10) },
      'standard',
      ['proof_again'],
    ],
    ['suspended before the proof', { evidence: [registry(), centre()], suspendedAt: day(-20) }, 'verified', []],
    [
      'proven again after the suspension',
      { evidence: [registry(), centre(), evidence('letter', { person: 'P' }, { at: day(-1) })], suspendedAt: day(-5) },
      'verified',
      [],
    ],
    ['a core change is open', { evidence: [registry(), centre()], coreChangeAt: day(-1) }, 'standard', ['core_change']],
    [
      'reconciled after a suspension is no proof',
      { evidence: [registry({ at: day(-1) })], suspendedAt: day(-5) },
      'standard',
      ['proof'],
    ],
  ])('%s', (_, more, level, lacks) => {
    expect(identityOf(facts(more))).toMatchObject({ level, lacks })
  })

  test.each(
    (Object.keys(evidenceKinds) as EvidenceKind[]).filter((kind) => evidenceKinds[kind].carries === 'verified'),
  )('%s makes a reconciled person verified', (kind) => {
    expect(identityOf(facts({ evidence: [registry(), evidence(kind, { person: 'P' })] })).level).toBe('verified')
  })

  test.each<[string, IdentityEvidence[], IdentityLevel]>([
    ['the registries tell the same', [registry({ covers: { ...whole, former_person: 'O' } })], 'verified'],
    ['the registries tell nothing of the former name', [registry()], 'standard'],
    ['they tell it of another name', [registry({ covers: { ...whole, former_person: 'X' } })], 'standard'],
    [
      'the names changed twice',
      [
        registry({ covers: { ...whole, former_person: 'N' } }),
        evidence('registry', { person: 'N', snils: 'S', former_person: 'O' }),
      ],
      'verified',
    ],
    [
      'only the second change is the same person’s',
      [registry({ covers: { ...whole, former_person: 'N' } }), evidence('registry', { person: 'N', snils: 'S' })],
      'standard',
    ],
    [
      'it is told by somebody who proves and does not reconcile',
      [registry(), evidence('review', { person: 'P', former_person: 'O' }, { until: day(-1) })],
      'standard',
    ],
    [
      'what told it has ended',
      [registry(), evidence('registry', { person: 'P', former_person: 'O' }, { until: day(-1) })],
      'standard',
    ],
    ['names go round in a circle', [registry({ covers: { ...whole, former_person: 'P' } })], 'standard'],
  ])('a proof of a former name counts where %s', (_, told, level) => {
    expect(identityOf(facts({ evidence: [evidence('centre', { person: 'O' }), ...told] })).level).toBe(level)
  })

  test('a former name that was reconciled is not the present one', () => {
    const former = evidence('registry', { person: 'O', snils: 'S', document: 'D' })
    const renamed = evidence('registry', { person: 'P', former_person: 'O' })
    expect(identityOf(facts({ evidence: [former, renamed] })).lacks).toEqual(['snils', 'document', 'proof'])
  })

  test('a suspension counts for proofs of a former name', () => {
    const told = registry({ covers: { ...whole, former_person: 'O' }, at: day(-1) })
    const suspended = facts({ evidence: [evidence('centre', { person: 'O' }), told], suspendedAt: day(-5) })
    expect(identityOf(suspended).lacks).toEqual(['proof_again'])
  })

  test('without a SNILS only by policy', () => {
    const stranger = {
      current: { ...current, snils: undefined },
      evidence: [evidence('registry', { person: 'P', document: 'D' })],
    }
    expect(identityOf(facts(stranger)).level).toBe('simplified')
    expect(identityOf(facts({ ...stranger, withoutSnils: ['D'] })).level).toBe('standard')
  })

  test('without a SNILS only as long as the document from abroad itself counts', () => {
    const stranger = {
      current: { person: 'P', snils: undefined, documents: ['D', 'E'] },
      evidence: [
        evidence('registry', { person: 'P', document: 'D' }, { until: day(-1) }),
        evidence('registry', { person: 'P', document: 'E' }),
      ],
      withoutSnils: ['D'],
    }
    expect(identityOf(facts(stranger))).toMatchObject({ level: 'simplified', lacks: ['snils', 'proof'] })
    expect(identityOf(facts({ ...stranger, withoutSnils: ['D', 'E'] })).level).toBe('standard')
  })

  test('a SNILS on record that is not proven is not waived', () => {
    const claimed = { evidence: [evidence('registry', { person: 'P', document: 'D' })], withoutSnils: ['D'] }
    expect(identityOf(facts(claimed)).lacks).toContain('snils')
  })

  test('names what carries it, each piece once', () => {
    const both = registry()
    const proof = centre()
    expect(identityOf(facts({ evidence: [both, proof] })).carriedBy).toEqual([both, proof])
  })
})

describe('an INN and an address are those of who had the SNILS when they were found', () => {
  const found = evidence('registry', { person: 'P', inn: 'I', address: 'A' }, { at: day(-5) })
  const snils = (value: string, at: Date) => evidence('registry', { person: 'P', snils: value }, { at })
  const abroad = evidence('registry', { person: 'P', document: 'D' })
  const groups = (snilsNow: string | undefined, told: IdentityEvidence[]) =>
    [
      ...identityOf(
        facts({
          current: { ...current, snils: snilsNow, inn: 'I', address: 'A' },
          evidence: told,
          withoutSnils: ['D'],
        }),
      ).reconciled.keys(),
    ].filter((group) => group === 'inn' || group === 'address')

  test.each<[string, string | undefined, IdentityEvidence[], boolean]>([
    ['the same one as now', 'S', [snils('S', day(-6)), found], true],
    ['in one instant', 'S', [found, snils('S', day(-5))], true],
    ['confirmed once more since', 'S', [snils('S', day(-6)), found, snils('S', day(-1))], true],
    ['one may do without', undefined, [abroad, found], true],
    ['one may not do without', undefined, [found], false],
    ['it is not proven', 'S', [evidence('registry', { person: 'Q', snils: 'S' }, { at: day(-6) }), found], false],
    ['another one then', 'S', [snils('T', day(-6)), found, snils('S', day(-1))], false],
    ['another one then, and back', 'S', [snils('S', day(-9)), snils('T', day(-6)), found, snils('S', day(-1))], false],
    ['none then', 'S', [found, snils('S', day(-1))], false],
  ])('%s', (_, now, told, speaks) => {
    expect(groups(now, told)).toEqual(speaks ? ['inn', 'address'] : [])
  })
})

const anyEvidence: fc.Arbitrary<IdentityEvidence> = fc.record({
  id: fc.uuid(),
  kind: fc.constantFrom(...(Object.keys(evidenceKinds) as EvidenceKind[])),
  covers: fc.record(
    {
      person: fc.constantFrom('P', 'Q'),
      former_person: fc.constantFrom('P', 'Q'),
      snils: fc.constantFrom('S', 'T'),
      document: fc.constantFrom('D', 'E'),
    },
    { requiredKeys: [] },
  ),
  verifier: fc.constant('v'),
  at: fc.integer({ min: -30, max: 0 }).map(day),
  until: fc.option(fc.integer({ min: -5, max: 5 }).map(day), { nil: undefined }),
}) as fc.Arbitrary<IdentityEvidence>
const rank = (level: IdentityLevel) => ['simplified', 'standard', 'verified'].indexOf(level)

describe('whatever the record', () => {
  test('more evidence never lowers the level', () => {
    fc.assert(
      fc.property(fc.array(anyEvidence, { maxLength: 6 }), anyEvidence, (some, more) => {
        const before = identityOf(facts({ evidence: some })).level
        expect(rank(identityOf(facts({ evidence: [...some, more] })).level)).toBeGreaterThanOrEqual(rank(before))
      }),
    )
  })

  test('a suspension or an open change never raises it, and leaves at most standard where nothing was proven since', () => {
    fc.assert(
      fc.property(fc.array(anyEvidence, { maxLength: 6 }), (some) => {
        const before = identityOf(facts({ evidence: some })).level
        const suspended = identityOf(facts({ evidence: some, suspendedAt: NOW })).level
        expect(rank(suspended)).toBe(Math.min(rank(before), 1))
        expect(rank(identityOf(facts({ evidence: some, coreChangeAt: NOW })).level)).toBe(Math.min(rank(before), 1))
      }),
    )
  })

  test('lacks nothing exactly when verified', () => {
    fc.assert(
      fc.property(fc.array(anyEvidence, { maxLength: 6 }), (some) => {
        const { level, lacks } = identityOf(facts({ evidence: some }))
        expect(lacks.length === 0).toBe(level === 'verified')
      }),
    )
  })
})

test('time may change the level next when the first piece ends', () => {
  expect(nextEnd({ evidence: [], now: NOW })).toBeUndefined()
  const ends = [registry({ until: day(3) }), centre({ until: day(2) }), registry({ until: day(-1) }), centre()]
  expect(nextEnd({ evidence: ends, now: NOW })).toEqual(day(2))
})
