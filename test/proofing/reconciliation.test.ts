import fc from 'fast-check'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { allTexts } from '#src/all-texts.ts'
import { locales } from '#src/kernel/locale.ts'
import type { Answered } from '#src/proofing/questions.ts'
import { ask, outcomeOf, type Reply } from '#src/proofing/reconciliation.ts'
import { reasonKey } from '#src/proofing/request.ts'
import { type Registries, RegistryUnavailable, type Trouble } from '#src/registries/registries.ts'

/** Every answer that a registry can give, and what becomes of it. */
const table: readonly (readonly [Answered, readonly string[]])[] = [
  [{ registry: 'person', answer: { verdict: 'matches' } }, []],
  [{ registry: 'person', answer: { verdict: 'differs', groups: ['name'] } }, ['person.name_differs']],
  [{ registry: 'person', answer: { verdict: 'differs', groups: ['birth_date'] } }, ['person.birth_date_differs']],
  [
    { registry: 'person', answer: { verdict: 'differs', groups: ['gender', 'snils'] } },
    ['person.gender_differs', 'person.snils_differs'],
  ],
  [{ registry: 'person', answer: { verdict: 'not_found' } }, ['person.not_found']],
  [{ registry: 'person', answer: { verdict: 'invalid', reason: 'deceased' } }, ['person.deceased']],
  [{ registry: 'document', answer: { verdict: 'matches' } }, []],
  [
    {
      registry: 'document',
      answer: { verdict: 'differs', groups: ['name', 'birth_date', 'gender', 'document', 'snils'] },
    },
    [
      'document.name_differs',
      'document.birth_date_differs',
      'document.gender_differs',
      'document.differs',
      'document.snils_differs',
    ],
  ],
  [{ registry: 'document', answer: { verdict: 'not_found' } }, ['document.not_found']],
  ...(['expired', 'lost', 'replaced', 'withdrawn'] as const).map(
    (reason) => [{ registry: 'document', answer: { verdict: 'invalid', reason } }, [`document.${reason}`]] as const,
  ),
  [{ registry: 'snils', answer: { verdict: 'matches', state: 'active' } }, []],
  [
    { registry: 'snils', answer: { verdict: 'differs', groups: ['name', 'birth_date', 'gender'] } },
    ['snils.name_differs', 'snils.birth_date_differs', 'snils.gender_differs'],
  ],
  [{ registry: 'snils', answer: { verdict: 'not_found' } }, ['snils.not_found']],
  [{ registry: 'snils', answer: { verdict: 'invalid', reason: 'suspended' } }, ['snils.suspended']],
  [{ registry: 'snils', answer: { verdict: 'invalid', reason: 'annulled' } }, ['snils.annulled']],
  [{ registry: 'inn', answer: { verdict: 'matches', inn: '006900000117' } }, []],
  [
    { registry: 'inn', answer: { verdict: 'differs', groups: ['name', 'birth_date', 'inn', 'snils'] } },
    ['inn.name_differs', 'inn.birth_date_differs', 'inn.differs', 'inn.snils_differs'],
  ],
  [{ registry: 'inn', answer: { verdict: 'not_found' } }, ['inn.not_found']],
  [{ registry: 'inn', answer: { verdict: 'ambiguous' } }, ['inn.ambiguous']],
  [{ registry: 'address', answer: { verdict: 'matches' } }, []],
  [
    { registry: 'address', answer: { verdict: 'differs', groups: ['name', 'birth_date', 'address'] } },
    ['address.name_differs', 'address.birth_date_differs', 'address.differs'],
  ],
  [{ registry: 'address', answer: { verdict: 'not_found' } }, ['address.not_found']],
]
const troubles: readonly Trouble[] = [
  'working',
  'busy',
  'timeout',
  'unreachable',
  'failed',
  'refused',
  'nonsense',
  'not_configured',
]
const silence = (trouble: Trouble = 'timeout', retryAfterSeconds?: number) =>
  new RegistryUnavailable('document', trouble, { retryAfterSeconds })

test.each(table)('%o', (answered, reasons) => {
  const outcome = outcomeOf([answered])
  if (reasons.length > 0) expect(outcome).toEqual({ kind: 'refused', reasons })
  else expect(outcome.kind).toBe('confirmed')
})

test('the whole INN comes with the confirmation', () => {
  expect(outcomeOf([{ registry: 'inn', answer: { verdict: 'matches', inn: '006900000117' } }])).toEqual({
    kind: 'confirmed',
    inn: '006900000117',
  })
})

test.each(troubles)('trouble (%s) says nothing, whatever else matches', (trouble) => {
  const matches = table.filter(([, reasons]) => reasons.length === 0).map(([answered]) => answered)
  expect(outcomeOf([...matches, silence(trouble, 7), silence('busy', 90)])).toEqual({
    kind: 'unavailable',
    retryAfterSeconds: 90,
    registries: ['document', 'document'],
  })
})

test('a reason is named once, and a refusal does not wait for who is silent', () => {
  const [lost] = table.find(([, reasons]) => reasons.includes('document.lost'))!
  expect(outcomeOf([lost, silence(), lost])).toEqual({ kind: 'refused', reasons: ['document.lost'] })
})

test('confirmed is only what every registry confirmed', () => {
  const anyReply: fc.Arbitrary<Reply> = fc.oneof(
    fc.constantFrom(...table.map(([answered]) => answered)),
    fc.constantFrom(...troubles).map((trouble) => silence(trouble)),
  )
  fc.assert(
    fc.property(fc.array(anyReply, { maxLength: 6 }), (replies) => {
      const all = replies.every((reply) => !(reply instanceof Error) && reply.answer.verdict === 'matches')
      expect(outcomeOf(replies).kind === 'confirmed').toBe(all)
    }),
  )
})

test('a fault of ours is no verdict and no trouble', async () => {
  const broken = [async () => Promise.reject(new TypeError('ours'))]
  await expect(ask({} as Registries, broken)).rejects.toThrow('ours')
})

describe.each(locales)('in %s', (locale) => {
  const translate = allTexts(pino({ level: 'silent' })).translator(locale)
  test.each([...table.flatMap(([, reasons]) => reasons), 'document.taken', 'snils.taken', 'registry.slow'])(
    '%s has a text',
    (code) => {
      expect(translate(reasonKey(code))).not.toBe(reasonKey(code))
    },
  )
})
