import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeJournal } from '#src/journal/journal.ts'
import { NOBODY } from '#src/kernel/ids.ts'
import { keyAlgorithms } from '#src/oidc/algorithms.ts'
import { LEAD_SECONDS, RETIRED_SECONDS } from '#src/oidc/keys/schedule.ts'
import { makeSigningKeys, type SigningKeys } from '#src/oidc/keys/signing-keys.ts'
import { makeDataKeys } from '#src/store/keyring.ts'
import { handClock, type OpenedStore, openedStore } from '../../store/opened.ts'

const DAYS = 90
const DAY = 86_400

describe.each(['postgres', 'pglite'] as const)('signing keys on %s', (kind) => {
  const clock = handClock()
  let opened: OpenedStore
  let keys: SigningKeys
  let journal: ReturnType<typeof makeJournal>
  beforeAll(async () => {
    opened = await openedStore(kind)
    const { store, keyring } = opened
    journal = makeJournal({ store, keyring, dataKeys: makeDataKeys(store.db, keyring), clock, retentionDays: 365 })
    keys = makeSigningKeys({ store, keyring, journal, clock, rotationDays: DAYS })
    await Promise.all([keys.advance(), keys.advance(), keys.advance()])
  })
  afterAll(() => opened.close())

  const of = async (alg: string) => (await keys.list()).filter((key) => key.alg === alg)
  const states = async (alg: string) => (await of(alg)).map(({ state }) => state)
  const active = async (alg: string) => (await of(alg)).find(({ state }) => state === 'active')!.kid

  test('several processes that start at once make one key of each algorithm', async () => {
    const listed = await keys.list()
    expect(listed.map(({ alg }) => alg).sort()).toEqual([...keyAlgorithms].sort())
    expect(new Set(listed.map(({ state }) => state))).toEqual(new Set(['active']))
  })

  test.each(['next', 'active'] as const)('the database refuses a second %s key of an algorithm', async (state) => {
    const { db } = opened.store
    await keys.rotate(['PS256'])
    const row = await db.selectFrom('signing_keys').selectAll().where('alg', '=', 'PS256').executeTakeFirstOrThrow()
    const second = db.insertInto('signing_keys').values({ ...row, kid: `second-${state}`, state })
    await expect(second.execute()).rejects.toMatchObject({ code: '23505' })
  })

  test('asked for again, or by several at once, a next key stays the only one and keeps its time', async () => {
    const [first] = await keys.rotate(['ES256'])
    clock.pass(60)
    const again = await Promise.all([keys.rotate(['ES256']), keys.rotate(['ES256'])])
    expect(again).toEqual([[first], [first]])
    expect(await states('ES256')).toEqual(['active', 'next'])
  })

  test('a next key is published and does not sign until everybody can know it; then it does', async () => {
    const before = await active('ES256')
    clock.pass(LEAD_SECONDS - 61)
    await keys.advance()
    expect(await active('ES256')).toBe(before)
    const { signingKeys } = await keys.load()
    const published = (await of('ES256')).map(({ kid }) => kid)
    expect(signingKeys.map(({ kid }) => kid)).toEqual(expect.arrayContaining(published))
    clock.pass(1)
    await Promise.all([keys.advance(), keys.advance()])
    expect(await states('ES256')).toEqual(['active', 'retired'])
    expect((await of('ES256'))[1]).toMatchObject({ kid: before, retiredAt: clock.now() })
    expect((await keys.load()).signingKeys.find(({ alg }) => alg === 'ES256')?.kid).toBe(await active('ES256'))
  })

  test('a retired key stays for a day; then only its public half is left, which is not published', async () => {
    const retired = (await of('ES256'))[1]!
    const { x, y } = (await keys.load()).signingKeys.find(({ kid }) => kid === retired.kid)!
    clock.pass(RETIRED_SECONDS - 1)
    await keys.advance()
    expect(await states('ES256')).toEqual(['active', 'retired'])
    clock.pass(1)
    await keys.advance()
    expect(await states('ES256')).toEqual(['active'])
    const { formerKeys } = await keys.load()
    expect(formerKeys).toContainEqual({ kty: 'EC', use: 'sig', kid: retired.kid, alg: 'ES256', crv: 'P-256', x, y })
  })

  test('by schedule a key is followed by another when its time is over', async () => {
    const before = await active('RS256')
    clock.pass(DAYS * DAY - LEAD_SECONDS)
    await keys.advance()
    expect(await states('RS256')).toEqual(['active', 'next'])
    clock.pass(LEAD_SECONDS)
    await keys.advance()
    expect(await states('RS256')).toEqual(['active', 'retired'])
    expect(await active('RS256')).not.toBe(before)
  })

  test('after a leak nothing of the algorithm is left but a new key; the others are not touched', async () => {
    await keys.rotate(['RS256'])
    const others = (await keys.list()).filter(({ alg }) => alg !== 'RS256')
    const before = (await of('RS256')).map(({ kid }) => kid)
    expect(before).toHaveLength(3)
    expect((await keys.replace(['RS256'])).sort()).toEqual(before.sort())
    expect(await states('RS256')).toEqual(['active'])
    expect(before).not.toContain(await active('RS256'))
    expect((await keys.load()).formerKeys.filter(({ alg }) => alg === 'RS256')).toEqual([])
    expect((await keys.list()).filter(({ alg }) => alg !== 'RS256')).toEqual(others)
  })

  test('public halves are kept for a year', async () => {
    expect((await keys.load()).formerKeys).not.toEqual([])
    clock.pass(366 * DAY)
    const kept = (await keys.load()).formerKeys.map(({ kid }) => kid)
    await keys.advance()
    for (const { kid } of (await keys.load()).formerKeys) expect(kept).not.toContain(kid)
  })

  test('the journal tells of each change', async () => {
    const events = await journal.read(NOBODY, { limit: 100 })
    const changes = events.filter(({ type }) => type === 'signing_key.changed').reverse()
    const of = (alg: string) => changes.filter(({ fields }) => fields.alg === alg).map(({ fields }) => fields.state)
    expect(of('ES256').slice(0, 4)).toEqual(['next', 'active', 'retired', 'withdrawn'])
    expect(of('RS256').slice(0, 8)).toEqual([
      'next',
      'active',
      'retired',
      'next',
      'dropped',
      'dropped',
      'dropped',
      'active',
    ])
  })

  test('private keys are sealed in the database, each bound to its row', async () => {
    const { signingKeys } = await keys.load()
    const { db } = opened.store
    const stored = await db.selectFrom('signing_keys').selectAll().execute()
    const everything = Buffer.concat(stored.map(({ private_jwk }) => Buffer.from(private_jwk))).toString('latin1')
    const rest = JSON.stringify([stored, await db.selectFrom('former_keys').selectAll().execute()])
    for (const { d } of signingKeys) for (const held of [everything, rest]) expect(held).not.toContain(d)
    const [one, other] = stored
    await db.updateTable('signing_keys').set({ private_jwk: other!.private_jwk }).where('kid', '=', one!.kid).execute()
    await expect(keys.load()).rejects.toThrow()
  })
})
