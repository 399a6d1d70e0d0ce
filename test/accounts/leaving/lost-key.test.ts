import { beforeAll, expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { prove } from '../../proving.ts'
import type { ActingParty } from '../../relying-party.ts'
import { signedIn } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** Whoever has lost a key-encryption key can still erase what it had wrapped: nothing of it need be opened. */

type Loser = Citizen & { readonly tokens: Awaited<ReturnType<typeof signedIn>>['tokens'] }

const world = worldOfFile()
let party: ActingParty
let byNumber: Loser
let byPhone: Loser
let closed: Loser
beforeAll(async () => {
  party = await world.relyingParty()
  ;[byNumber, byPhone, closed] = [await loser(), await loser(), await loser()]
  await world.house.closing.close(closed.oid, 'owner', { actor: 'owner', origin: '' })
  await world.house.store.db.updateTable('data_keys').set({ kek_id: 'lost' }).execute()
})

async function loser(): Promise<Loser> {
  const citizen = await world.citizen()
  await prove(world, citizen, 'standard')
  const parameters = { scope: 'openid offline_access', prompt: 'consent' }
  return { ...citizen, tokens: (await signedIn(world, { party, citizen, parameters })).tokens }
}

const run = (verb: string, account: string | number, ...argv: string[]) =>
  runCommand(['accounts', verb, String(account), '--reason', 'Ключ утрачен', ...argv], {
    store: world.house.store,
    house: async () => world.house,
  })
const left = async (oid: number, table: string) =>
  (await world.house.store.script(`select 1 from ${table} where oid = $1`, [oid])).rows.length

test('what has to be opened says which key it takes, and nothing is erased before its time', async () => {
  const { oid } = byNumber
  expect(await run('close', oid)).toMatchObject({ exitCode: 1, output: expect.stringMatching(/"lost" is needed/) })
  expect((await run('erase', oid)).output).toMatch(/active: only an account that was closed/)
  expect(await left(oid, 'persons')).toBe(1)
})

test.each(['oid', 'phone'] as const)('erased by order, found by its %s, with all that was open', async (by) => {
  const citizen = by === 'oid' ? byNumber : byPhone
  const { oid, email, tokens } = citizen
  const messages = world.sentTo(email)
  expect(await run('erase', citizen[by], '--now')).toMatchObject({ exitCode: 0, output: `${oid} is erased.\n` })
  for (const table of ['persons', 'data_keys', 'identifiers', 'contacts', 'consents', 'account_sessions'])
    expect([table, await left(oid, table)]).toEqual([table, 0])
  expect(world.sentTo(email)).toBe(messages)
  expect((await party.userinfo(tokens.access_token)).status).toBe(401)
  expect((await party.refresh(tokens.refresh_token!)).status).toBe(400)
  expect((await run('erase', oid, '--now')).output).toMatch(/is erased, since/)
})

test('closed 30 days ago, it is erased by upkeep, and the log says who heard nothing of it', async () => {
  world.travel(31 * 86_400)
  await world.house.erasure.eraseDue()
  expect((await world.house.closing.find(closed.oid))?.erasedAt).toBeDefined()
  expect(world.logLines.join()).toContain('without a last message')
})
