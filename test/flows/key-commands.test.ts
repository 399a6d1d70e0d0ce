import { beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { keyAlgorithms } from '#src/oidc/algorithms.ts'
import { LEAD_SECONDS } from '#src/oidc/keys/schedule.ts'
import { worldOfFile } from '../world.ts'

const world = worldOfFile({ env: { SIGNING_KEY_DAYS: '30' } })
beforeAll(async () => {
  world.travel(0)
})

const run = (...argv: string[]) => runCommand(argv, { store: world.house.store, house: async () => world.house })
const listed = async () =>
  (await run('keys', 'list')).output
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
const from = (seconds: number) => `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`
const stateOf = async (alg: string) => (await listed()).filter((row) => row[1] === alg).map((row) => row[2])

describe('keys rotate refuses, and changes nothing', () => {
  test.each<[string, string[]]>([
    ['--alg: ', ['--alg']],
    ['--alg: ', ['--alg', 'HS256']],
    ['--alg: ', ['--alg', 'ES256', '--alg', 'RS256']],
    ['--now: ', ['--now', 'yes']],
    ['--kid: ', ['--kid', 'x']],
    ['"ES256" ', ['ES256']],
  ])('%s%j', async (said, argv) => {
    const before = await listed()
    const { output, exitCode } = await run('keys', 'rotate', ...argv)
    expect(exitCode).toBe(2)
    expect(output).toContain(said)
    expect(await listed()).toEqual(before)
  })
})

test('keys list shows for each key its state, since when and until when', async () => {
  const rows = await listed()
  expect(rows.map(([, alg]) => alg).sort()).toEqual([...keyAlgorithms].sort())
  for (const [kid, , state, since, until] of rows) {
    expect(kid).toMatch(/^[\w-]{16}$/)
    expect(state).toBe('active')
    const started = Date.parse(since!.replace('since ', ''))
    expect(Date.parse(until!.replace('signs until ', '')) - started).toBe(30 * 86_400_000)
  }
})

test('keys rotate says when the next key signs; asked again it says the same', async () => {
  const { output, exitCode } = await run('keys', 'rotate', '--alg', 'ES256')
  expect(exitCode).toBe(0)
  const [kid, alg, when] = output.trimEnd().split('\t')
  expect([alg, when]).toEqual(['ES256', `signs from ${from(LEAD_SECONDS)}`])
  expect(await listed()).toContainEqual([kid, 'ES256', 'next', `since ${from(0)}`, when])
  expect((await run('keys', 'rotate', '--alg', 'ES256')).output).toBe(output)
  world.travel(LEAD_SECONDS)
  await world.house.signingKeys.advance()
  expect(await stateOf('ES256')).toEqual(['active', 'retired'])
  expect(await listed()).toContainEqual(
    expect.arrayContaining(['retired', `since ${from(0)}`, `published until ${from(86_400)}`]),
  )
})

test('without an algorithm keys rotate is for all of them', async () => {
  await run('keys', 'rotate')
  for (const alg of keyAlgorithms) expect(await stateOf(alg)).toContain('next')
})

test('keys rotate --now drops the keys of the algorithm and warns of what that means', async () => {
  const before = (await listed()).filter(([, alg]) => alg === 'ES256').map(([kid]) => kid)
  const { output, exitCode } = await run('keys', 'rotate', '--alg', 'ES256', '--now')
  expect(exitCode).toBe(0)
  for (const kid of before) expect(output).toContain(`${kid}\tgone\n`)
  expect(output).toContain('refused from now on')
  expect(await stateOf('ES256')).toEqual(['active'])
  expect((await listed()).map(([kid]) => kid)).not.toEqual(expect.arrayContaining([before[0]]))
})
