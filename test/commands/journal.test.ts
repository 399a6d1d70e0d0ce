import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand, runLocalCommand } from '#src/commands.ts'
import { signedIn } from '../signing-in.ts'
import { type Citizen, startWorld, type World } from '../world.ts'

let world: World
let citizen: Citizen
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'propusk-proofs-'))
  world = await startWorld()
  citizen = await world.citizen()
  await signedIn(world, { party: await world.relyingParty(), citizen })
  await world.house.sealer.seal()
})
afterAll(async () => {
  await world.stop()
  await rm(folder, { recursive: true })
})

const lines: string[] = []
const run = (...argv: string[]) =>
  runCommand(argv, {
    store: world.house.store,
    house: async () => world.house,
    showProgress: (line) => void lines.push(line),
  })
const check = (...argv: string[]) =>
  runLocalCommand(['journal', 'check-proof', ...argv], { leakedPasswordsFolder: undefined, showProgress: () => {} })
const publicKeys = async () => (await run('journal', 'keys')).output.trimEnd().split('\n')

async function kept(output: string): Promise<string> {
  const file = join(folder, 'proof.json')
  await writeFile(file, output)
  return file
}

describe('refused with the remedy', () => {
  test.each([
    [['verify', 'all'], /"all"/],
    [['verify', '--root', '12'], /--root: must be NUMBER:HASH/],
    [['prove'], /the event by its number/],
    [['prove', 'first'], /"first" is not the number/],
    [['prove', '--account'], /--account: /],
    [['prove', '1', '--account', '5'], /--account: there is no such option/],
    [['keys', '--all'], /--all/],
    [['rotate', '--now'], /--now/],
  ])('journal %j', async (argv, said) => {
    const { output, exitCode } = await run('journal', ...argv)
    expect(output).toMatch(said)
    expect(exitCode).toBe(2)
  })

  test.each([[[]], [['file.json']], [['file.json', '--key', 'abc']], [['a', 'b', '--key', 'A'.repeat(43)]]])(
    'journal check-proof %j',
    async (argv) => expect(await check(...argv)).toMatchObject({ exitCode: 2 }),
  )

  test('in a running process, as the file lies elsewhere', async () => {
    const argv = ['journal', 'check-proof', 'file.json', '--key', 'A'.repeat(43)]
    expect(await run(...argv)).toMatchObject({ exitCode: 2, output: expect.stringContaining('files of this machine') })
  })
})

describe('journal verify', () => {
  test('tells what it found, and the root to keep', async () => {
    const { output, exitCode } = await run('journal', 'verify')
    expect(output).toMatch(/^The journal is as it was sealed\.\nevents as they were sealed\t\d+\nexpired and gone\t0\n/)
    expect(exitCode).toBe(0)
    expect(lines.at(-1)).toMatch(/^100 % {2}root \d+ of \d+$/)
    const root = /\t(\d+:[\w-]{43})\n$/.exec(output)![1]!
    expect(await run('journal', 'verify', '--root', root)).toMatchObject({ exitCode: 0 })
    const later = root.replace(/^\d+/, (number) => String(Number(number) + 1))
    expect(await run('journal', 'verify', '--root', later)).toMatchObject({ exitCode: 1 })
  })

  test('ends with 1 and the numbers of events that are not as they were', async () => {
    const { rows } = await sql<{ seq: string }>`select seq::text from journal order by seq limit 1`.execute(
      world.house.store.db,
    )
    const replica = (change: ReturnType<typeof sql>) =>
      world.house.store.tx(async (tx) => {
        await sql`set local session_replication_role = replica`.execute(tx)
        await change.execute(tx)
      })
    await replica(sql`update journal set type = type || 'x' where seq = ${rows[0]!.seq}`)
    const { output, exitCode } = await run('journal', 'verify')
    expect(output).toContain(`is not as it was sealed.\nevent ${rows[0]!.seq}: altered\nevents`)
    expect(exitCode).toBe(1)
    await replica(sql`update journal set type = left(type, -1) where seq = ${rows[0]!.seq}`)
    expect((await run('journal', 'verify')).exitCode).toBe(0)
  })
})

test('all events of an account are proven by its phone and by its number, and checked without the database', async () => {
  const { output } = await run('journal', 'prove', '--account', citizen.phone)
  expect(JSON.parse(output).length).toBeGreaterThan(2)
  expect(await run('journal', 'prove', '--account', String(citizen.oid))).toEqual({ output, exitCode: 0 })
  expect(output).not.toContain(citizen.phone)
  const file = await kept(output)
  const [key] = (await publicKeys())[0]!.split('\t')
  const checked = await check(file, '--key', 'A'.repeat(43), '--key', key!)
  expect(checked).toMatchObject({ exitCode: 0, output: expect.stringContaining('All of this was sealed so.') })
  expect(checked!.output).toMatch(
    new RegExp(`^event \\d+, \\S+, [\\w.]+, account ${citizen.oid}: in root \\d+ of `, 'm'),
  )
  expect(await check(file, '--key', 'A'.repeat(43))).toMatchObject({ exitCode: 1 })
  await kept(output.replace(`"account": ${citizen.oid}`, '"account": 1000000000'))
  expect(await check(file, '--key', key!)).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining('not what was sealed'),
  })
  expect(await check(join(folder, 'none'), '--key', key!)).toMatchObject({ exitCode: 1 })
})

test('one event is proven by its number, which has to be there', async () => {
  const { rows } = await sql<{ seq: string }>`select max(last_seq)::text as seq from journal_roots`.execute(
    world.house.store.db,
  )
  const { output } = await run('journal', 'prove', rows[0]!.seq)
  expect(JSON.parse(output).event.seq).toBe(Number(rows[0]!.seq))
  expect(await run('journal', 'prove', '987654321')).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining('no event'),
  })
  expect(await run('journal', 'prove', '--account', '1999999999')).toMatchObject({ exitCode: 1 })
})

test('the key is rotated, which the journal tells of; both keys are published', async () => {
  const before = await publicKeys()
  expect(before).toEqual([expect.stringMatching(/^[\w-]{43}\tsigns\tsince \d{4}-\d\d-\d\d$/)])
  const { output } = await run('journal', 'rotate')
  const [key, former] = output.split('\n').map((line) => line.split('\t')[0]!)
  expect(former).toBe(before[0]!.split('\t')[0])
  expect((await publicKeys()).map((line) => line.split('\t').slice(0, 2))).toEqual([
    [former, 'retired'],
    [key, 'signs'],
  ])
  const told = await world.house.journal.read(0, { limit: 1 })
  expect(told[0]).toMatchObject({ type: 'sealing_key.replaced', fields: { key, former } })
  await world.house.sealer.seal()
  expect(await run('journal', 'verify')).toMatchObject({ exitCode: 0 })
})
