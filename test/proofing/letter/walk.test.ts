import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { dump } from '#test/hostile/dump.ts'
import { shownIn } from '#test/hostile/encodings.ts'
import { type Sent, startWorld, type World } from '#test/world.ts'
import { codeOn, pdfText } from './pdf-text.ts'
import { ADDRESS, ORIGIN, otherThan } from './rig.ts'

const PASSPORT = {
  kind: 'passport_rf',
  series: '0010',
  number: '999001',
  issuedOn: '2010-05-04',
  issuer: 'ОВД города Приозёрска',
  departmentCode: '000001',
  birthPlace: 'город Приозёрск',
} as const
const REASON = { cause: 'reconciled', actor: 'registry', origin: '' }

let world: World
let beside: World

beforeAll(async () => {
  world = await startWorld()
  beside = await startWorld({ beside: world })
})
afterAll(async () => {
  await beside.stop()
  await world.stop()
})

/** As if registries had confirmed what was typed. */
async function reconcile(oid: number): Promise<void> {
  const { store, identityRecords, ownerNotices } = world.house
  const owner = await ownerNotices.ownerOf(oid)
  await store.tx((tx) =>
    identityRecords.change(tx, owner, REASON, async (record) => {
      await record.claimSnils('90000099001')
      await record.putDocument(PASSPORT, 'passport_rf 0010999001')
      await record.putAddress(ADDRESS)
      for (const covers of [['snils'], ['document'], ['address']] as const)
        await record.prove({
          kind: 'registry',
          covers: ['person', ...covers],
          documentKind: 'passport_rf',
          verifier: 'registry',
        })
    }),
  )
}

/** Whichever of the two processes has printed it. */
async function letterTo(oid: number): Promise<Sent> {
  return vi.waitFor(
    () => {
      const found = [...world.sent, ...beside.sent].find(({ channel }) => channel === 'post')
      if (!found) throw new Error(`no letter to ${oid}`)
      return found
    },
    { timeout: 10_000, interval: 20 },
  )
}

test('from the order through the post to the verified level, and nobody reads the code on its way', async () => {
  const { oid } = await world.citizen()
  const { letters, ownerNotices, store, accounts } = world.house
  expect(letters.available).toBe(true)
  await reconcile(oid)
  const ordered = await letters.order(await ownerNotices.ownerOf(oid), ORIGIN)
  if (!ordered.ok) throw new Error(ordered.why)
  const { id } = ordered.request

  const letter = await letterTo(oid)
  expect(letter).toMatchObject({ id, text: '', recipient: expect.stringContaining('Ветрова Ольга Игоревна, 420111') })
  const code = await codeOn(letter.pdf!)
  expect((await pdfText(letter.pdf!)).text).toContain(world.origin)

  await vi.waitFor(async () => {
    const row = await store.db.selectFrom('messages').select(['state', 'body']).where('id', '=', id).executeTakeFirst()
    expect(row).toEqual({ state: 'sent', body: null })
  }, 10_000)
  const owner = await ownerNotices.ownerOf(oid)
  expect(await letters.redeem(owner, id, otherThan(code), ORIGIN)).toMatchObject({
    why: 'wrong',
    triesLeft: 4,
  })
  const stored = await dump(world.databaseUrl!)
  const log = Buffer.from([...world.logLines, ...beside.logLines].join(''))
  const journal = Buffer.from(JSON.stringify(await world.journal(oid)))
  const secrets = { code, plain: code.replace('-', ''), street: 'Баумана' }
  for (const place of [stored, log, journal]) {
    expect(shownIn(place, secrets)).toEqual([])
    expect(place.includes('%PDF')).toBe(false)
  }

  const redeemed = await Promise.all(
    [world, beside, world].map(async ({ house }) =>
      house.letters.redeem(await house.ownerNotices.ownerOf(oid), id, code, ORIGIN),
    ),
  )
  expect(redeemed.filter(({ ok }) => ok)).toHaveLength(1)
  expect((await accounts.read(oid)).identity.level).toBe('verified')
  const request = await world.house.requests.find(oid, id)
  expect(request).toMatchObject({ kind: 'letter', state: 'confirmed' })
})
