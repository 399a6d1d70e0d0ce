import { type Kysely, sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from '#src/store/schema.ts'
import { enter } from '#test/signing-in.ts'
import { worldOfFile } from '#test/world.ts'

const world = worldOfFile({ env: { DATABASE_POOL_SIZE: '2' } })

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly Plan[]
}

/** Scans that look at more rows than a key names. */
function wideScans(plan: Plan): string[] {
  const below = (plan.Plans ?? []).flatMap(wideScans)
  const type = plan['Node Type']
  const isWide = type === 'Seq Scan' || (/^(Index|Index Only|Bitmap Index) Scan$/.test(type) && !plan['Index Cond'])
  return isWide ? [...below, `${type} of ${plan['Relation Name']}`] : below
}

async function plansOn(connection: Kysely<Database>): Promise<[name: string, plan: Plan][]> {
  const { rows } = await sql<{ name: string; statement: string }>`select name, statement from pg_prepared_statements
    where name ~ '^(read|unit|throttle)[:#]'`.execute(connection)
  const plans: [string, Plan][] = []
  for (const { name, statement } of rows) {
    const explain = sql<{
      'QUERY PLAN': [{ Plan: Plan }]
    }>`${sql.raw(`explain (generic_plan, format json) ${statement}`)}`
    const [row] = (await explain.execute(connection)).rows
    plans.push([name, row!['QUERY PLAN'][0].Plan])
  }
  return plans
}

test('what a sign-in asks the database finds rows by their keys, also while the tables are still small', async () => {
  const party = await world.relyingParty()
  const citizen = await world.citizen()
  for (const browser of [world.browser(), world.browser()]) {
    await enter(browser, party, citizen, { scope: 'openid profile email offline_access', prompt: 'consent' })
    await browser.submit({ decision: 'allow' }, '/consent')
    const { body } = await party.redeem(browser.callback.get('code')!)
    await party.userinfo(body.access_token)
    await party.refresh(body.refresh_token!)
  }
  const found = await world.house.store.db
    .connection()
    .execute((one) =>
      world.house.store.db.connection().execute(async (other) => [...(await plansOn(one)), ...(await plansOn(other))]),
    )
  const names = found.map(([name]) => name)
  expect(names).toContain('read:devices')
  expect(names.length).toBeGreaterThan(15)
  expect(found.flatMap(([name, plan]) => wideScans(plan).map((scan) => `${name}: ${scan}`))).toEqual([])
})
