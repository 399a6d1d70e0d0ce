import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultOfProof, type Proof, parseProofs, proveAccount, proveEvent } from '#src/journal/sealer/proof.ts'
import { ME, OTHER, type Rig, sealerRig } from './rig.ts'

let rig: Rig
let key: string
let seqs: readonly number[]
let proof: Proof
beforeAll(async () => {
  rig = await sealerRig()
  seqs = [...(await rig.record(5)), ...(await rig.record(4, OTHER)), ...(await rig.record(2))]
  await rig.sealer({ batch: 6 }).seal()
  key = (await rig.keys.list())[0]!.key
  proof = await proveEvent(rig.store.db, seqs[3]!)
})
afterAll(() => rig.close())

test('a proof holds with the public key and nothing else', () => {
  const [read] = parseProofs(JSON.stringify(proof))
  expect(faultOfProof(read!, key)).toBeUndefined()
  expect(read!.event).toMatchObject({
    seq: seqs[3],
    account: ME,
    type: 'marker.noted',
    at: expect.stringMatching(/\.\d{6}Z$/),
  })
})

describe('it does not hold', () => {
  const { event, root } = { event: () => proof.event, root: () => proof.root }
  test.each<[string, () => Proof]>([
    ['for another type', () => ({ ...proof, event: { ...event(), type: 'marker.other' } })],
    ['for another account', () => ({ ...proof, event: { ...event(), account: OTHER } })],
    ['for another number', () => ({ ...proof, event: { ...event(), seq: event().seq + 1 } })],
    [
      'for another time',
      () => ({ ...proof, event: { ...event(), at: event().at.replace('Z', '').replace(/.$/, '1Z') } }),
    ],
    ['for a time of another form', () => ({ ...proof, event: { ...event(), at: event().at.replace('000Z', 'Z') } })],
    ['for another day of expiry', () => ({ ...proof, event: { ...event(), expires: '2035-01-01' } })],
    ['for another payload', () => ({ ...proof, event: { ...event(), payload: 'AAAA' } })],
    ['at another place', () => ({ ...proof, index: proof.index + 1 })],
    ['by a way of another length', () => ({ ...proof, path: proof.path.slice(1) })],
    ['under a root with another time', () => ({ ...proof, root: { ...root(), at: '2026-01-01T00:00:00.000Z' } })],
    [
      'under a root with another tree',
      () => ({ ...proof, root: { ...root(), tree: root().previous.replace('none', 'A'.repeat(43)) } }),
    ],
    ['with another signature', () => ({ ...proof, root: { ...root(), signature: 'A'.repeat(86) } })],
  ])('%s', (_what, forged) => {
    const [read] = parseProofs(JSON.stringify(forged()))
    expect(faultOfProof(read!, key)).toMatch(/not what was sealed|signature does not fit/)
  })

  test('by another key, even one that the proof itself names', async () => {
    expect(faultOfProof(proof, 'A'.repeat(43))).toBe(`is signed by the key ${key}`)
  })
})

test.each([['{}'], ['[]'], ['no JSON'], ['null'], ['[1]']])('%s is no proof', (json) => {
  expect(() => parseProofs(json)).toThrow('this is not a proof')
  expect(() => parseProofs(JSON.stringify({ ...proof, further: 1 }))).toThrow('this is not a proof')
})

test('all events of an account are proven, newest first, those of others not', async () => {
  const proofs = await proveAccount(rig.store.db, ME)
  expect(proofs.map(({ event }) => event.seq)).toEqual([...seqs.slice(0, 5), ...seqs.slice(9)].reverse())
  expect(new Set(proofs.map(({ root }) => root.number)).size).toBe(2)
  for (const one of proofs) expect(faultOfProof(one, key)).toBeUndefined()
  expect(await proveAccount(rig.store.db, 1_999_999_999)).toEqual([])
})

test('nothing is proven that is not there, not sealed yet, or not as it was sealed', async () => {
  const [fresh = 0] = await rig.record(1)
  await expect(proveEvent(rig.store.db, fresh)).rejects.toThrow('not sealed yet')
  await expect(proveEvent(rig.store.db, 999_999)).rejects.toThrow('there is no event 999999')
  const [victim = 0] = seqs
  const work = rig.store.tx(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx)
    await sql`update journal set type = 'marker.other' where seq = ${victim}`.execute(tx)
    await proveEvent(tx, victim)
  })
  await expect(work).rejects.toThrow('journal verify')
})

test('the embedded database seals, verifies and proves as PostgreSQL does', async () => {
  const small = await sealerRig({ kind: 'pglite' })
  try {
    const [seq = 0] = await small.record(5)
    expect(await small.sealer({ batch: 2 }).seal()).toBe(5)
    expect(await small.verify()).toMatchObject({ faults: [], roots: 3, events: 5, unsealed: { events: 0 } })
    const [{ key: own } = { key: '' }] = await small.keys.list()
    expect(faultOfProof(await proveEvent(small.store.db, seq), own)).toBeUndefined()
    expect(await proveAccount(small.store.db, ME)).toHaveLength(5)
    expect(await small.afterwards(sql`update journal set type = 'marker.other' where seq = ${seq}`)).toEqual([
      `event ${seq}: altered`,
    ])
  } finally {
    await small.close()
  }
})
