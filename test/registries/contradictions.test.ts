import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeRegistriesOver } from '#src/registries/asking.ts'
import { citizen, entity, keptLog, outcome } from './rig.ts'

const reference = '0f8fad5b-d9cb-469f-a165-70867728950e'
const maria = citizen('maria')
const { name, birthDate, gender } = maria
const { code: _code, shows: _shows, head: _head, ...school } = entity('municipal-school')

/** Registries that answer everything in one way. */
function answering(answer: object) {
  return makeRegistriesOver(async () => ({ status: 200, body: { reference, ...answer } }), keptLog())
}

describe('an answer that cannot be true of its question is none', () => {
  const person = { reference, name, birthDate, gender }
  const inn = { reference, name, birthDate, inn: maria.inn! }
  const ending = { reference, name, birthDate, innEnding: maria.inn!.slice(-4) }
  const other = citizen('timur').inn!

  const cases: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['group not asked', () => answering({ verdict: 'differs', groups: ['snils'] }).person(person)],
    [
      'group not asked',
      () => answering({ verdict: 'differs', groups: ['snils'] }).document({ ...person, document: maria.document! }),
    ],
    ['another INN', () => answering({ verdict: 'matches', inn: other }).inn(inn)],
    ['another INN', () => answering({ verdict: 'matches', inn: other }).inn(ending)],
    ['ambiguous though asked whole', () => answering({ verdict: 'ambiguous' }).inn(inn)],
    [
      'group not asked',
      () =>
        answering({ verdict: 'differs', groups: ['head'] }).legalEntity({
          reference,
          ogrn: school.ogrn,
          inn: school.inn,
        }),
    ],
    ...[
      { ...school, ogrn: entity('regional-museum').ogrn },
      { ...school, inn: entity('regional-museum').inn },
      { ...school, type: 'sole_proprietor' },
    ].map(
      (wrong) =>
        [
          'another legal entity',
          () =>
            answering({ verdict: 'matches', entity: wrong }).legalEntity({
              reference,
              ogrn: school.ogrn,
              inn: school.inn,
            }),
        ] as const,
    ),
  ]

  test.each(cases)('%s', async (detail, ask) => {
    expect(await outcome(ask())).toMatchObject({ trouble: 'nonsense', detail })
  })

  test('while the same answers count where they fit', async () => {
    const withSnils = { ...person, snils: maria.snils! }
    expect(await answering({ verdict: 'differs', groups: ['snils'] }).person(withSnils)).toMatchObject({
      groups: ['snils'],
    })
    expect(
      await answering({ verdict: 'differs', groups: ['snils'] }).document({ ...withSnils, document: maria.document! }),
    ).toMatchObject({ groups: ['snils'] })
    expect(await answering({ verdict: 'matches', inn: maria.inn }).inn(ending)).toEqual({
      verdict: 'matches',
      inn: maria.inn,
    })
    expect(await answering({ verdict: 'ambiguous' }).inn(ending)).toEqual({ verdict: 'ambiguous' })
  })
})

test('suggestions carry a reference of their own, which has to come back too', async () => {
  const references: string[] = []
  const echoing = makeRegistriesOver(async (_registry, question) => {
    references.push(question.reference)
    return { status: 200, body: { reference: question.reference, suggestions: [maria.address] } }
  }, keptLog())
  expect(await echoing.suggestAddresses('Садовая')).toEqual([maria.address])
  await echoing.suggestAddresses('Садовая')
  expect(new Set(references).size).toBe(2)
  expect(await outcome(answering({ suggestions: [] }).suggestAddresses('Садовая'))).toMatchObject({
    detail: 'reference',
  })
})

test('whatever a transport throws becomes trouble without words of its own', async () => {
  const { log, lines } = keptLog()
  const broken = makeRegistriesOver(() => Promise.reject(new Error('Иванова is not JSON')), { log })
  const error = await broken.suggestAddresses('Садовая').catch((fault: unknown) => fault)
  expect(String(error)).toBe('RegistryUnavailable: registry address_suggestions: failed (unexpected fault)')
  expect(`${(error as Error).stack}${lines()}`).not.toContain('Иванова is')
})

test('nothing but the agreed match ever counts as one, whatever JSON comes', async () => {
  const match = { reference, verdict: 'matches', state: 'active' }
  const question = { reference, name, birthDate, gender, snils: maria.snils! }
  const member = fc.tuple(fc.oneof(fc.string(), fc.constantFrom(...Object.keys(match))), fc.jsonValue())
  const answers = fc.oneof(
    fc.jsonValue(),
    fc.array(member, { maxLength: 3 }).map((others) => ({ ...match, ...Object.fromEntries(others) })),
  )
  await fc.assert(
    fc.asyncProperty(answers, async (body) => {
      const registries = makeRegistriesOver(async () => ({ status: 200, body }), { log: { warn() {}, error() {} } })
      const answer = await outcome(registries.snils(question))
      const agreed = { ...match, ...(body as object) }
      const same = JSON.stringify(Object.entries(agreed).sort()) === JSON.stringify(Object.entries(match).sort())
      expect(answer).toMatchObject(same && isObject(body) ? { verdict: 'matches' } : { trouble: 'nonsense' })
    }),
  )
})

/** With all members of its own, as `{}` would borrow them from the match. */
function isObject(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.keys(body).length === 3
}
