import { describe, expect, test } from 'vitest'
import { addSeconds } from '#src/kernel/clock.ts'
import { fieldGroups } from '#src/registries/contract.ts'
import { makeSandboxRegistries } from '#src/registries/sandbox-driver.ts'
import { askAbout, citizen, citizenRegistries, entity, keptLog, outcome } from './rig.ts'
import { NOW } from './server.ts'
import { citizenSurprises } from './surprises.ts'

const reference = '0f8fad5b-d9cb-469f-a165-70867728950e'
const [maria, timur] = [citizen('maria'), citizen('timur')]

let now = NOW
const makeSandbox = () => makeSandboxRegistries({ clock: { now: () => now }, log: keptLog().log })
const sandbox = makeSandbox()

describe('each citizen, filled in just as the table says', () => {
  test.each(citizenSurprises())('%s', async (_code, citizen, surprises) => {
    for (const registry of citizenRegistries) {
      const asked = askAbout(sandbox, registry, citizen)
      if (asked === undefined) continue
      const expected = surprises[registry] ?? { verdict: 'matches' }
      expect([registry, await outcome(asked)]).toEqual([registry, expect.objectContaining(expected)])
    }
  })
})

test('every refusal that the interface has is shown by some citizen', () => {
  const surprises = citizenSurprises().flatMap(([, , answers]) => Object.values(answers))
  const reasons = 'deceased expired lost replaced withdrawn suspended annulled'.split(' ')
  expect(surprises.flatMap(({ reason }) => reason ?? [])).toEqual(expect.arrayContaining(reasons))
  // A SNILS that differs is the twins' matter, below: nobody types that in as their own.
  const groups = fieldGroups.filter((group) => group !== 'snils')
  expect(surprises.flatMap((answer) => answer.groups ?? [])).toEqual(expect.arrayContaining(groups))
  expect(surprises.filter(({ verdict }) => verdict === 'not_found').length).toBeGreaterThan(0)
  const troubles = ['working', 'busy', 'failed', 'nonsense']
  expect(surprises.flatMap(({ trouble }) => trouble ?? [])).toEqual(expect.arrayContaining(troubles))
})

describe('a slow registry', () => {
  const ask = (registries: typeof sandbox, as: string) =>
    outcome(askAbout(registries, 'document', citizen('document-slow'), as))
  const working = { trouble: 'working', detail: 'status 202', retryAfterSeconds: 5 }

  test('works twice on one question, then answers', async () => {
    const registries = makeSandbox()
    expect(await ask(registries, reference)).toEqual(working)
    expect(await ask(registries, reference)).toEqual(working)
    expect(await ask(registries, reference)).toEqual({ verdict: 'matches' })
    expect(await ask(registries, reference)).toEqual({ verdict: 'matches' })
  })

  test('starts anew for another question, and a day later', async () => {
    const registries = makeSandbox()
    for (let turn = 1; turn <= 3; turn++) await ask(registries, reference)
    expect(await ask(registries, crypto.randomUUID())).toEqual(working)
    now = addSeconds(NOW, 24 * 3600 + 1)
    expect(await ask(registries, reference)).toEqual(working)
    now = NOW
  })
})

describe('somebody else’s data', () => {
  const mixed = { ...maria, snils: timur.snils!, inn: timur.inn!, document: timur.document! }

  test.each(['snils', 'document'] as const)('%s of another person differs in all that was asked', async (registry) => {
    expect(await outcome(askAbout(sandbox, registry, mixed))).toEqual({
      verdict: 'differs',
      groups: ['name', 'birth_date', 'gender'],
    })
  })

  test('a lost passport is not told to be lost to who does not know its owner', async () => {
    const lost = { ...maria, document: citizen('passport-lost').document! }
    expect(await outcome(askAbout(sandbox, 'document', lost))).toMatchObject({ verdict: 'differs' })
  })

  test('a twin with the other one’s SNILS differs in the name only', async () => {
    const anna = { ...citizen('twin-anna'), snils: citizen('twin-inna').snils! }
    expect(await outcome(askAbout(sandbox, 'snils', anna))).toEqual({ verdict: 'differs', groups: ['name'] })
  })

  test('the passport of a namesake does not go with one’s own SNILS; asked without it, it is the same person', async () => {
    const [elder, younger] = [citizen('namesake-elder'), citizen('namesake-younger')]
    const mixed = { ...elder, document: younger.document! }
    expect(await outcome(askAbout(sandbox, 'document', mixed))).toEqual({ verdict: 'differs', groups: ['snils'] })
    const { snils: _own, ...unnumbered } = mixed
    expect(await outcome(askAbout(sandbox, 'document', unnumbered))).toEqual({ verdict: 'matches' })
  })

  test('the INN of a namesake does not go with one’s own SNILS either', async () => {
    const mixed = { ...citizen('namesake-elder'), inn: citizen('namesake-younger').inn! }
    expect(await outcome(askAbout(sandbox, 'inn', mixed))).toEqual({ verdict: 'differs', groups: ['snils'] })
  })

  test('of a document whose holder has no SNILS on record, nothing is said about one', async () => {
    const foreigner = { ...citizen('foreign-no-snils'), snils: maria.snils! }
    expect(await outcome(askAbout(sandbox, 'document', foreigner))).toEqual({ verdict: 'matches' })
  })

  test('a person found by name has another SNILS', async () => {
    const wrong = { ...maria, snils: '99999999999' }
    expect(await outcome(askAbout(sandbox, 'person', wrong))).toEqual({ verdict: 'differs', groups: ['snils'] })
  })

  test('who is on no record at all is not found', async () => {
    const stranger = { ...maria, name: { familyName: 'Никто', givenName: 'Никак' }, snils: '99999999999' }
    for (const registry of ['person', 'snils', 'address'] as const)
      expect(await outcome(askAbout(sandbox, registry, stranger))).toEqual({ verdict: 'not_found' })
  })
})

describe('the INN by its last four digits', () => {
  const ask = (code: string, innEnding = citizen(code).inn!.slice(-4)) => {
    const { name, birthDate } = citizen(code)
    return sandbox.inn({ reference, name, birthDate, innEnding })
  }

  test('comes back whole', async () => {
    expect(await ask('maria')).toEqual({ verdict: 'matches', inn: maria.inn })
  })

  test('is ambiguous for namesakes of one birthday', async () => {
    expect(await ask('namesake-elder')).toEqual({ verdict: 'ambiguous' })
  })

  test('differs, or is not found with the person', async () => {
    expect(await ask('maria', '0000')).toEqual({ verdict: 'differs', groups: ['inn'] })
    expect(await ask('inn-unknown')).toEqual({ verdict: 'not_found' })
  })
})

test('names are compared as people write them, and a former one where it is still on record', async () => {
  const anna = citizen('twin-anna')
  const loud = { ...anna, name: { familyName: 'СОЛОВЬЕВА', givenName: 'анна', patronymic: 'Павловна' } }
  expect(await outcome(askAbout(sandbox, 'document', loud))).toEqual({ verdict: 'matches' })
  const married = citizen('married')
  const former = { ...married, name: { ...married.name, familyName: 'Лебедева' } }
  expect(await outcome(askAbout(sandbox, 'snils', former))).toMatchObject({ verdict: 'matches' })
  expect(await outcome(askAbout(sandbox, 'document', former))).toEqual({ verdict: 'differs', groups: ['name'] })
})

test('addresses are compared by what they say, not how', async () => {
  const at = (text: string, postcode?: string) =>
    outcome(askAbout(sandbox, 'address', { ...maria, address: { text, ...(postcode && { postcode }) } }))
  const line = 'Заречная обл, Приозерск-на-Каме, улица садовая, дом 5, квартира 12'
  expect(await at(line.replace('обл,', ''))).toEqual({ verdict: 'matches' })
  expect(await at(`000100, ${line}`, '000100')).toEqual({ verdict: 'matches' })
  expect(await at(line, '999999')).toEqual({ verdict: 'differs', groups: ['address'] })
  expect(await at(line.replace('12', '13'))).toEqual({ verdict: 'differs', groups: ['address'] })
})

test('the directory suggests houses as they are typed, ten at most, and nothing for nothing', async () => {
  const suggested = await sandbox.suggestAddresses('садовая ул 1')
  expect(suggested.length).toBeGreaterThan(1)
  for (const { street, flat } of suggested) expect([street, flat]).toEqual(['ул. Садовая', undefined])
  expect(await sandbox.suggestAddresses('Приозёрск')).toHaveLength(10)
  expect(await sandbox.suggestAddresses('Атлантида')).toEqual([])
  expect(await sandbox.suggestAddresses(' , ')).toEqual([])
})

describe('legal entities', () => {
  const ask = (code: string, change: object = {}) => {
    const { ogrn, inn } = entity(code)
    return sandbox.legalEntity({ reference, ogrn, inn, ...change })
  }
  const headOf = (code: string) => citizen(entity(code).head)

  test.each(['federal-agency', 'regional-museum', 'municipal-school', 'private-company', 'sole-proprietor'])(
    '%s is found, with its head, and says nothing of the person',
    async (code) => {
      const { name, inn } = headOf(code)
      const { code: _code, shows: _shows, head: _head, ...known } = entity(code)
      expect(await ask(code)).toEqual({ verdict: 'matches', entity: known })
      expect(await ask(code, { head: { name, inn } })).toEqual({ verdict: 'matches', entity: known })
    },
  )

  test('a wrong INN, somebody who is not the head, one that is gone and one that never was', async () => {
    const head = { name: maria.name, inn: maria.inn }
    const inn = entity('municipal-school').inn
    expect(await ask('private-company', { head, inn })).toEqual({ verdict: 'differs', groups: ['inn', 'head'] })
    const namesake = { name: headOf('municipal-school').name, inn: timur.inn }
    expect(await ask('municipal-school', { head: namesake })).toEqual({ verdict: 'differs', groups: ['head'] })
    expect(await ask('liquidated-company')).toEqual({ verdict: 'invalid', reason: 'liquidated' })
    expect(await ask('municipal-school', { ogrn: '1000000000009' })).toEqual({ verdict: 'not_found' })
  })
})
