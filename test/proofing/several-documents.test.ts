import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PassportRf, ResidencePermit, TemporaryCertificate } from '#src/accounts/documents/document.ts'
import type { DocumentQuery } from '#src/registries/registries.ts'
import { identityOf, type ProofingRig, registeredAs, startProofingRig } from './rig.ts'

const DAY = 86_400
let rig: ProofingRig
let numbers = 0

beforeAll(async () => {
  rig = await startProofingRig()
})
beforeEach(async () => {
  await rig.rested()
  rig.replaced.person = async () => ({ verdict: 'matches' })
  rig.replaced.document = async () => ({ verdict: 'matches' })
  rig.replaced.snils = async () => ({ verdict: 'matches', state: 'active' })
})
afterAll(() => {
  expect(rig.faults).toEqual([])
  return rig.stop()
})

const next = () => String(700_000 + ++numbers)
const dayFromNow = (days: number) => new Date(rig.clock.now().getTime() + days * DAY * 1000).toISOString().slice(0, 10)
const passport = (): PassportRf => ({ ...(identityOf('maria').document as PassportRf), number: next() })
const certificate = (): TemporaryCertificate => ({
  kind: 'temporary_certificate',
  number: next(),
  issuedOn: dayFromNow(-10),
  validUntil: dayFromNow(20),
  issuer: 'МВД по Заречной области',
})
const permit = (): ResidencePermit => ({
  kind: 'residence_permit',
  number: next(),
  issuedOn: dayFromNow(-10),
  validUntil: dayFromNow(20),
  issuer: 'МВД по Заречной области',
  citizenship: 'KAZ',
})

async function verified() {
  const oid = await rig.person(registeredAs('maria'))
  const confirmed = await rig.check(oid, 'identity', { snils: `9000071${next().slice(-4)}`, document: passport() })
  expect(confirmed.state).toBe('confirmed')
  await rig.seenAtCentre(oid)
  rig.clock.pass(1)
  return oid
}
const kinds = async (oid: number) => (await rig.account(oid)).documents.map(({ document }) => document.kind)
const asked = () =>
  rig.asked.flatMap(({ registry, query }) =>
    registry === 'document' ? [(query as unknown as DocumentQuery).document.kind] : [],
  )

describe('who has a passport', () => {
  test('has no temporary certificate any more, and the other way round', async () => {
    const oid = await verified()
    await rig.check(oid, 'document', { document: certificate() })
    expect(await kinds(oid)).toEqual(['temporary_certificate'])
    expect(await rig.levelOf(oid)).toBe('verified')
    await rig.check(oid, 'document', { document: passport() })
    expect(await kinds(oid)).toEqual(['passport_rf'])
    const [change] = await rig.records.historyOf(oid, { limit: 1 })
    expect(change).toMatchObject({
      field: 'document.passport_rf',
      before: { kind: 'temporary_certificate' },
      after: { kind: 'passport_rf' },
    })
  })

  test('is not kept from a change by another document that has ended', async () => {
    const oid = await verified()
    await rig.check(oid, 'document', { document: permit() })
    expect(await kinds(oid)).toEqual(['residence_permit', 'passport_rf'])
    rig.clock.pass(30 * DAY)
    await rig.rested()
    rig.asked.length = 0
    expect(await rig.check(oid, 'name', { person: { givenName: 'Марина' } })).toMatchObject({ state: 'confirmed' })
    expect(asked()).toEqual(['passport_rf'])
    expect(await rig.check(oid, 'recheck')).toMatchObject({ state: 'confirmed' })
    expect((await rig.account(oid)).identity).toMatchObject({ level: 'verified', lacks: [] })
  })

  test('has each of those compared that are valid', async () => {
    const oid = await verified()
    await rig.check(oid, 'document', { document: permit() })
    rig.asked.length = 0
    await rig.check(oid, 'recheck')
    expect(asked().sort()).toEqual(['passport_rf', 'residence_permit'])
  })
})

test('who has none but one that has ended is told so', async () => {
  const oid = await rig.person(registeredAs('maria'))
  await rig.check(oid, 'identity', { snils: `9000071${next().slice(-4)}`, document: permit() })
  rig.clock.pass(30 * DAY)
  expect(await rig.check(oid, 'name', { person: { givenName: 'Марина' } })).toMatchObject({
    state: 'refused',
    reasons: ['document.expired'],
  })
})
