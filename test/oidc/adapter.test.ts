import { randomBytes } from 'node:crypto'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeAdapter } from '#src/oidc/adapter.ts'
import { Unit, UnitLost, units } from '#src/store/unit.ts'
import { handClock, type OpenedStore, openedStore } from '../store/opened.ts'

const HOUR = 3600
const clientsAdapter = {} as Adapter

describe.each(['postgres', 'pglite'] as const)('artifacts on %s', (kind) => {
  const clock = handClock()
  let opened: OpenedStore
  let adapter: ReturnType<typeof makeAdapter>
  beforeAll(async () => {
    opened = await openedStore(kind)
    const { store, keyring } = opened
    adapter = makeAdapter({
      store,
      keyring,
      clock,
      others: { Client: clientsAdapter },
    })
  })
  afterAll(() => opened.close())

  const newId = () => randomBytes(32).toString('base64url')
  const put = async (model: string, payload: AdapterPayload = {}, id = newId(), expiresIn = HOUR) => {
    await adapter(model).upsert(id, { ...payload, jti: id }, expiresIn)
    return id
  }
  /** One request: its own unit, flushed at its end. */
  const request = <T>(work: (unit: Unit) => Promise<T>): Promise<T> => {
    const unit = new Unit()
    return units.run(unit, async () => {
      const answer = await work(unit)
      await unit.flush(opened.store)
      return answer
    })
  }
  const dump = async () => {
    const tables = ['artifacts', 'fleeting_artifacts'] as const
    const rows = await Promise.all(tables.map((table) => opened.store.db.selectFrom(table).selectAll().execute()))
    return rows.flat()
  }

  describe.each(['Session', 'AuthorizationCode'])('%s', (model) => {
    test('is found by its id with everything that was stored', async () => {
      const id = await put(model, { accountId: '1', scope: 'openid' })
      expect(await adapter(model).find(id)).toEqual({ accountId: '1', scope: 'openid', jti: id })
    })
    test('is not found by another id, nor as another model', async () => {
      const id = await put(model)
      expect(await adapter(model).find(newId())).toBeUndefined()
      expect(await adapter('AccessToken').find(id)).toBeUndefined()
    })
    test('is not found after its time', async () => {
      const id = await put(model, {}, newId(), 60)
      clock.pass(59)
      expect(await adapter(model).find(id)).toBeDefined()
      clock.pass(2)
      expect(await adapter(model).find(id)).toBeUndefined()
    })
    test('is replaced by a later write of the same id', async () => {
      const id = await put(model, { accountId: '1' })
      await put(model, { accountId: '2' }, id)
      expect(await adapter(model).find(id)).toMatchObject({ accountId: '2' })
    })
    test('is gone when destroyed', async () => {
      const id = await put(model)
      await adapter(model).destroy(id)
      expect(await adapter(model).find(id)).toBeUndefined()
    })
    test('is consumed once: the second time is lost', async () => {
      const id = await put(model)
      await request(() => adapter(model).consume(id))
      expect(await adapter(model).find(id)).toMatchObject({ consumed: Math.floor(clock.now().getTime() / 1000) })
      await expect(request(() => adapter(model).consume(id))).rejects.toThrow(UnitLost)
    })
    test('goes with its grant, and only with its own', async () => {
      const [mine, other] = [newId(), newId()]
      const [a, b, c] = [
        await put(model, { grantId: mine }),
        await put(model, { grantId: mine }),
        await put(model, { grantId: other }),
      ]
      await adapter(model).revokeByGrantId(mine)
      expect(await adapter(model).find(a)).toBeUndefined()
      expect(await adapter(model).find(b)).toBeUndefined()
      expect(await adapter(model).find(c)).toBeDefined()
    })
    test('is found by its uid', async () => {
      const uid = newId()
      await put(model, { uid, accountId: '1' })
      expect(await adapter(model).findByUid(uid)).toMatchObject({ uid, accountId: '1' })
      expect(await adapter(model).findByUid(newId())).toBeUndefined()
    })
  })

  test('a device code is found by what the person types', async () => {
    await put('DeviceCode', { userCode: 'WDJBMJHT' })
    expect(await adapter('DeviceCode').findByUserCode('WDJBMJHT')).toMatchObject({ userCode: 'WDJBMJHT' })
    expect(await adapter('DeviceCode').findByUserCode('AAAAAAAA')).toBeUndefined()
  })

  describe('within one request', () => {
    test('what was written is read, by every way, before it is stored', async () => {
      const [id, uid] = [newId(), newId()]
      await request(async (unit) => {
        await put('Session', { uid, accountId: '1' }, id)
        expect(await adapter('Session').find(id)).toMatchObject({ accountId: '1', jti: id })
        expect(await adapter('Session').findByUid(uid)).toMatchObject({ accountId: '1' })
        expect(await adapter('Grant').find(id)).toBeUndefined()
        unit.discard()
      })
      expect(await adapter('Session').find(id)).toBeUndefined()
    })
    test('what was destroyed is gone at once, and written again it is there', async () => {
      const id = await put('Session', { accountId: '1' })
      await request(async () => {
        await adapter('Session').destroy(id)
        expect(await adapter('Session').find(id)).toBeUndefined()
        await put('Session', { accountId: '2' }, id)
        expect(await adapter('Session').find(id)).toMatchObject({ accountId: '2' })
      })
      expect(await adapter('Session').find(id)).toMatchObject({ accountId: '2' })
    })
    test('what was written and destroyed was never there', async () => {
      const id = newId()
      await request(async () => {
        await put('Session', {}, id)
        await adapter('Session').destroy(id)
      })
      expect(await adapter('Session').find(id)).toBeUndefined()
    })
    test('a revoked grant takes what is stored and what is only buffered', async () => {
      const grantId = newId()
      const stored = await put('AccessToken', { grantId })
      const buffered = await request(async () => {
        const id = await put('AccessToken', { grantId })
        await adapter('AccessToken').revokeByGrantId(grantId)
        expect(await adapter('AccessToken').find(stored)).toBeUndefined()
        expect(await adapter('AccessToken').find(id)).toBeUndefined()
        return id
      })
      expect(await adapter('AccessToken').find(buffered)).toBeUndefined()
    })
    test('what was consumed shows as consumed', async () => {
      const id = await put('AuthorizationCode')
      await request(async () => {
        await adapter('AuthorizationCode').consume(id)
        expect(await adapter('AuthorizationCode').find(id)).toHaveProperty('consumed')
      })
    })
    test('a request that lost leaves no trace of what else it wrote', async () => {
      const code = await put('AuthorizationCode')
      await adapter('AuthorizationCode').consume(code)
      const token = newId()
      const late = request(async () => {
        await adapter('AuthorizationCode').consume(code)
        await put('AccessToken', {}, token)
      })
      await expect(late).rejects.toThrow(UnitLost)
      expect(await adapter('AccessToken').find(token)).toBeUndefined()
    })
  })

  test('a refresh token spent a moment ago counts as a parallel request, later as stolen', async () => {
    const id = await put('RefreshToken', { accountId: '1' })
    await adapter('RefreshToken').consume(id)
    clock.pass(9)
    expect(await adapter('RefreshToken').find(id)).toBeUndefined()
    clock.pass(2)
    expect(await adapter('RefreshToken').find(id)).toHaveProperty('consumed')
  })

  test('the database holds neither ids nor contents', async () => {
    const [id, grantId, uid] = [newId(), newId(), newId()]
    await put('Session', { uid, grantId, accountId: '1234567890', state: { secret: 'marker' } }, id)
    const rows = (await dump()).map((row) => `${JSON.stringify(row)} ${Buffer.from(row.payload).toString('latin1')}`)
    for (const secret of [id, grantId, uid, '1234567890', 'marker'])
      for (const row of rows) expect(row).not.toContain(secret)
  })

  test('a row put in the place of another does not open', async () => {
    const [mine, foreign] = [await put('Session', { accountId: '1' }), await put('Session', { accountId: '2' })]
    const { createHash } = await import('node:crypto')
    const hash = (id: string) => createHash('sha256').update(id).digest('base64url')
    const { payload } = await opened.store.db
      .selectFrom('artifacts')
      .select('payload')
      .where('id', '=', hash(foreign))
      .executeTakeFirstOrThrow()
    await opened.store.db.updateTable('artifacts').set({ payload }).where('id', '=', hash(mine)).execute()
    await expect(adapter('Session').find(mine)).rejects.toThrow()
  })

  test.each(['', '\0', 'a\0b', '\ud800', 'x'.repeat(100_000), "'; drop table artifacts; --", '__proto__'])(
    'a malformed id is simply not found: %#',
    async (id) => {
      for (const model of ['Session', 'Interaction', 'RefreshToken']) {
        expect(await adapter(model).find(id)).toBeUndefined()
        expect(await adapter(model).findByUid(id)).toBeUndefined()
        expect(await adapter(model).findByUserCode(id)).toBeUndefined()
      }
    },
  )

  test('NUL and half a surrogate pair in a payload are stored and read back, and harm no neighbour', async () => {
    const [odd, plain] = [newId(), newId()]
    const state = 'a\0b \ud800 \u2028'
    await request(async () => {
      await put('Interaction', { params: { state } } as AdapterPayload, odd)
      await put('Interaction', { params: { state: 'x' } } as AdapterPayload, plain)
    })
    expect(await adapter('Interaction').find(odd)).toMatchObject({ params: { state } })
    expect(await adapter('Interaction').find(plain)).toMatchObject({ params: { state: 'x' } })
  })

  test('what the provider gives no lifetime is kept', async () => {
    const id = newId()
    await adapter('Grant').upsert(id, { accountId: '1' }, undefined as unknown as number)
    clock.pass(365 * 86_400)
    expect(await adapter('Grant').find(id)).toMatchObject({ accountId: '1' })
  })

  test('what is no artifact has an adapter of its own', () => {
    expect(adapter('Client')).toBe(clientsAdapter)
  })
})
