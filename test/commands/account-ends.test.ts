import { beforeEach, describe, expect, test, vi } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const DAY = 86_400
const because = ['--reason', 'Заявление 12-345']

const world = worldOfFile()
let citizen: Citizen
beforeEach(async () => {
  world.travel(DAY)
  citizen = await world.citizen()
})

const run = (verb: string, ...argv: string[]) =>
  runCommand(['accounts', verb, String(citizen.oid), ...argv], {
    store: world.house.store,
    house: async () => world.house,
  })

const untilErased = () =>
  vi.waitFor(
    async () => {
      await world.house.erasure.eraseDue()
      expect((await world.house.closing.find(citizen.oid))?.erasedAt).toBeDefined()
    },
    { timeout: 10_000, interval: 50 },
  )

describe('refused', () => {
  test.each([
    ['close', [], /--reason/],
    ['reopen', [], /--reason/],
    ['erase', [], /--reason/],
    ['erase', ['--now'], /--reason/],
    ['erase', because, /active: only an account that was closed/],
    ['reopen', because, /active, not closed/],
  ] as const)('%s %j', async (verb, argv, fault) => {
    const { output, exitCode } = await run(verb, ...argv)
    expect(output).toMatch(fault)
    expect(exitCode).toBeGreaterThan(0)
    expect((await world.house.accounts.find(citizen.oid))?.state).toBe('active')
  })

  test('closing a blocked account, which its owner could open again', async () => {
    await run('block', ...because)
    expect((await run('close', ...because)).output).toMatch(/is blocked: only an active/)
  })

  test('erasing before the 30 days are over', async () => {
    await run('close', ...because)
    expect((await run('erase', ...because)).output).toMatch(/until then its owner can return/)
    expect((await world.house.closing.find(citizen.oid))?.farewellAt).toBeUndefined()
  })
})

test('closed, shown with the day of its end, and open again', async () => {
  expect((await run('close', ...because)).output).toMatch(/is closed/)
  const { output } = await run('show')
  expect(output).toMatch(/^state\tclosed$/m)
  expect(output).toMatch(/^erased_from\t\d{4}-/m)
  expect(output).toMatch(/^because\tЗаявление 12-345$/m)
  expect((await run('reopen', ...because)).output).toMatch(/active again/)
  expect((await run('show')).output).not.toMatch(/erased_from|because/)
  const types = (await world.journal(citizen.oid)).map(({ type }) => type)
  expect(types).toEqual(expect.arrayContaining(['account.closed', 'account.reopened']))
})

test('who withdrew the consent to processing gives it anew in person', async () => {
  await world.house.closing.close(citizen.oid, 'withdrawal', { actor: 'owner', origin: '' })
  const { output, exitCode } = await run('reopen', ...because)
  expect(output).toMatch(/its owner alone can give it anew/)
  expect(exitCode).toBeGreaterThan(0)
  expect((await world.house.accounts.find(citizen.oid))?.state).toBe('closed')
})

test('erased after 30 days, and shown as that', async () => {
  await run('close', ...because)
  world.travel(31 * DAY)
  expect((await run('reopen', ...because)).output).toMatch(/too late/)
  expect((await run('erase', ...because)).exitCode).toBe(0)
  await untilErased()
  expect((await run('show')).output).toMatch(/^state\terased$/m)
  expect(JSON.parse((await run('show', '--json')).output)).toMatchObject({ account: citizen.oid, state: 'erased' })
  for (const verb of ['reopen', 'block', 'erase', 'close'])
    expect((await run(verb, ...because)).output).toMatch(/is erased, since/)
})

test('at once by order of a court', async () => {
  expect((await run('erase', '--now', ...because)).exitCode).toBe(0)
  await untilErased()
  expect(await world.house.accounts.find(citizen.oid)).toBeUndefined()
})
