import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { evidencePlace } from '#src/accounts/identity/record-change.ts'
import { open } from '#src/store/seal.ts'
import { type IdentityRig, PASSPORT, REASON, startIdentityRig } from './rig.ts'

let rig: IdentityRig
let numbers = 0

beforeAll(async () => {
  rig = await startIdentityRig()
})
afterAll(() => rig.stop())

/** Made up: numbers from 900 000 000 on are given to nobody. */
const freshSnils = () => String(90_000_990_000 + ++numbers)
const freshPassport = () => ({ ...PASSPORT, number: String(990_000 + ++numbers) })
const snapshot = async (oid: number) => {
  const { person, documents, identity } = await rig.accounts.read(oid)
  return { person, documents, level: identity.level }
}
const rowsOf = async (oid: number) => {
  const counted = ['profile_history', 'identity_evidence', 'identity_documents', 'addresses', 'journal'] as const
  const { rows } = await sql<{ n: number }>`${sql.join(
    counted.map((table) => sql`select count(*)::int as n from ${sql.table(table)} where oid = ${oid}`),
    sql` union all `,
  )}`.execute(rig.store.db)
  return rows.map(({ n }) => n)
}

describe('what is not one’s own', () => {
  test.each<[string, (value: string) => Parameters<IdentityRig['change']>[1]]>([
    ['SNILS', (value) => (record) => record.claimSnils(value)],
    ['document', (value) => (record) => record.putDocument({ ...PASSPORT, number: value }, value)],
  ])('another account’s %s is refused and changes nothing', async (_what, claiming) => {
    const [holder, other] = [await rig.person(), await rig.person()]
    const value = freshSnils()
    expect(await rig.change(holder, claiming(value))).toBe(true)
    const [before, rows] = [await snapshot(other), await rowsOf(other)]
    expect(await rig.change(other, claiming(value))).toBe(false)
    expect([await snapshot(other), await rowsOf(other)]).toEqual([before, rows])
    expect(await rig.change(holder, claiming(value))).toBe(true)
  })

  test('of two accounts that claim one SNILS at once one gets it', async () => {
    const [a, b] = [await rig.person(), await rig.person()]
    const value = freshSnils()
    const got = await Promise.all([a, b].map((oid) => rig.change(oid, (record) => record.claimSnils(value))))
    expect(got.sort()).toEqual([false, true])
  })

  test('a SNILS that was given up can be another account’s, a former document cannot', async () => {
    const [a, b] = [await rig.person(), await rig.person()]
    const [snils, passport] = [freshSnils(), freshPassport()]
    await rig.reconciled(a, snils, passport)
    await rig.reconciled(a, freshSnils(), freshPassport())
    expect(await rig.change(b, (record) => record.claimSnils(snils))).toBe(true)
    expect(await rig.change(b, (record) => record.putDocument(passport, passport.number))).toBe(false)
    expect([await rig.records.ownerOf('snils', snils), await rig.records.ownerOf('document', passport.number)]).toEqual(
      [b, a],
    )
  })
})

describe('evidence', () => {
  test('is appended and never changed', async () => {
    const oid = await rig.person()
    await rig.reconciled(oid, freshSnils(), freshPassport())
    const raised = rig.store.db
      .updateTable('identity_evidence')
      .set({ kind: 'centre' })
      .where('oid', '=', oid)
      .execute()
    await expect(raised).rejects.toThrow('evidence is appended, never changed')
  })

  test('cannot cover what the record does not have', async () => {
    const oid = await rig.person()
    const before = await rowsOf(oid)
    for (const covers of ['snils', 'inn', 'document', 'address'] as const) {
      const proving = rig.change(oid, (record) =>
        record.prove({ kind: 'registry', covers: ['person', covers], verifier: 'x' }),
      )
      await expect(proving).rejects.toThrow(`the record has no ${covers}`)
    }
    expect(await rowsOf(oid)).toEqual(before)
  })

  test('sealed for one row does not open in another', async () => {
    const [a, b] = [await rig.person(), await rig.person()]
    const details = { reference: 'r' }
    const prove = (oid: number) =>
      rig.change(oid, (record) => record.prove({ kind: 'bank', covers: ['person'], verifier: 'bank:1', details }))
    const [first, second, foreign] = [await prove(a), await prove(a), await prove(b)]
    const key = await rig.dataKeys.of(a)
    const { details: sealed } = await rig.store.db
      .selectFrom('identity_evidence')
      .select('details')
      .where('id', '=', first)
      .executeTakeFirstOrThrow()
    expect(JSON.parse(open(key, evidencePlace(a, first), sealed!).toString('utf8'))).toEqual(details)
    for (const [oid, id] of [
      [a, second],
      [b, foreign],
    ] as const)
      expect(() => open(key, evidencePlace(oid, id), sealed!)).toThrow()
  })

  test('of a document moved to another account’s row leaves that account unreadable instead of another person', async () => {
    const [a, b] = [await rig.person(), await rig.person()]
    for (const oid of [a, b]) await rig.reconciled(oid, freshSnils(), freshPassport())
    await sql`update identity_documents set core = (select core from identity_documents where oid = ${a}) where oid = ${b}`.execute(
      rig.store.db,
    )
    const moved = await rig.accounts.read(b)
    expect(() => moved.documents).toThrow()
  })
})

describe('a change of level', () => {
  test('is journalled with the evidence that carries it', async () => {
    const oid = await rig.person()
    await rig.reconciled(oid, freshSnils(), freshPassport())
    const proof = await rig.seenAtCentre(oid)
    const changes = (await rig.events(oid, 'identity.level_changed')).map(({ fields }) => fields)
    expect(changes).toMatchObject([
      { before: 'standard', after: 'verified', cause: 'proven', lacks: '' },
      { before: 'simplified', after: 'standard', cause: 'reconciled', lacks: 'proof' },
    ])
    const ids = (await rig.store.db.selectFrom('identity_evidence').select('id').where('oid', '=', oid).execute()).map(
      ({ id }) => id,
    )
    expect(String(changes[0]!.evidence).split(' ').sort()).toEqual(ids.sort())
    expect(String(changes[1]!.evidence).split(' ').sort()).toEqual(ids.filter((id) => id !== proof).sort())
    expect(rig.told(oid)).toEqual([])
  })

  test('is not told where the level stays', async () => {
    const oid = await rig.person()
    await rig.reconciled(oid, freshSnils(), freshPassport())
    await rig.settled()
    await rig.change(oid, (record) => record.setPerson({ birthPlace: 'Приозёрск' }))
    await rig.change(oid, (record) => record.prove({ kind: 'registry', covers: ['person', 'snils'], verifier: 'x' }))
    await rig.settled()
    expect(rig.told(oid)).toEqual(['level_standard'])
  })

  test.each<[string, Parameters<IdentityRig['change']>[1], string]>([
    ['a name', (record) => record.setPerson({ familyName: 'Ветрова-Лис' }), 'simplified'],
    ['the birth date', (record) => record.setPerson({ birthDate: '1990-04-13' }), 'simplified'],
    ['the SNILS', (record) => record.claimSnils(freshSnils()), 'simplified'],
    ['the document', (record) => record.putDocument(freshPassport(), String(numbers)), 'simplified'],
    ['a suspension', (record) => record.suspend(), 'standard'],
    ['an open change', (record) => record.setCoreChange(true), 'standard'],
    ['the gender', (record) => record.setPerson({ gender: 'male' }), 'verified'],
  ])('follows %s', async (_what, work, level) => {
    const oid = await rig.person()
    await rig.reconciled(oid, freshSnils(), freshPassport())
    await rig.seenAtCentre(oid)
    expect(await rig.levelOf(oid)).toBe('verified')
    rig.clock.pass(1)
    await rig.change(oid, work)
    expect(await rig.levelOf(oid)).toBe(level)
  })

  test('is stored nowhere', async () => {
    const { rows } = await sql<{ name: string }>`select table_name || '.' || column_name as name
      from information_schema.columns where table_schema = 'public' and column_name ~ 'level|verified'`.execute(
      rig.store.db,
    )
    expect(rows.map(({ name }) => name).filter((name) => /account|person|identity/.test(name))).toEqual([])
  })
})

describe('two processes', () => {
  test('that change one record at once lose nothing', async () => {
    const oid = await rig.person()
    const changes = Array.from({ length: 8 }, (_, n) =>
      n % 2 === 0
        ? rig.change(oid, (record) => record.setPerson({ birthPlace: `место ${n}` }))
        : rig.change(oid, (record) => record.setPerson({ inn: `00690000000${n}` })),
    )
    await Promise.all(changes)
    const { person } = await rig.accounts.read(oid)
    expect(person).toMatchObject({ familyName: 'Ветрова', birthPlace: expect.any(String), inn: expect.any(String) })
    const history = await rig.records.historyOf(oid, { limit: 50 })
    expect(history).toHaveLength(8)
    for (const field of ['birthPlace', 'inn']) {
      const chain = history.filter((change) => change.field === field).reverse()
      expect(chain.map(({ before }) => before)).toEqual([undefined, ...chain.slice(0, -1).map(({ after }) => after)])
    }
  })

  test('that swap what two records have end without a deadlock', async () => {
    const [a, b] = [await rig.person(), await rig.person()]
    const [one, other] = [freshSnils(), freshSnils()]
    await Promise.all([
      rig.change(a, (record) => record.claimSnils(one)),
      rig.change(b, (record) => record.claimSnils(other)),
    ])
    const swapped = [
      rig.change(a, (record) => record.claimSnils(other)),
      rig.change(b, (record) => record.claimSnils(one)),
    ]
    expect(await Promise.all(swapped)).toEqual([false, false])
  })
})

test('what fails halfway leaves nothing', async () => {
  const oid = await rig.person()
  const [before, rows, snils] = [await snapshot(oid), await rowsOf(oid), freshSnils()]
  const failing = rig.change(
    oid,
    async (record) => {
      await record.claimSnils(snils)
      await record.setPerson({ familyName: 'Другая' })
      await record.prove({ kind: 'centre', covers: ['person', 'snils'], verifier: 'centre:1' })
      throw new Error('halfway')
    },
    REASON,
  )
  await expect(failing).rejects.toThrow('halfway')
  expect([await snapshot(oid), await rowsOf(oid), await rig.records.ownerOf('snils', snils)]).toEqual([
    before,
    rows,
    undefined,
  ])
  expect(rig.told(oid)).toEqual([])
})
