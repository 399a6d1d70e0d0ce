import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { parseOptions } from '#src/commands/command.ts'
import { nearest } from '#src/commands/nearest.ts'
import { runCommand } from '#src/commands.ts'

const run = (...argv: string[]) =>
  runCommand(argv, {
    store: undefined as never,
    house: () => Promise.reject(new Error('the house is not needed for a refusal')),
  })

const NOUNS = /^commands: migrate, accounts, clients, journal, keys, .*; "npm run propusk -- --help" tells more$/m
const VERBS = /^commands of accounts: show, block, .*; "npm run propusk -- accounts --help" tells more$/m

describe('a command that there is not is named, with what was meant', () => {
  test.each<[string, string[], RegExp]>([
    ['unknown command "acounts": did you mean "accounts"?', ['acounts', 'show', 'x'], NOUNS],
    ['unknown command "account": did you mean "accounts"?', ['account'], NOUNS],
    ['unknown command "cleints": did you mean "clients"?', ['cleints', 'list'], NOUNS],
    ['unknown command "__proto__"', ['__proto__', 'list'], NOUNS],
    ['unknown command "--verbose"', ['--verbose'], NOUNS],
    ['unknown command "\\u001b[2J"', ['\u001b[2J'], NOUNS],
    ['unknown command "accounts shwo": did you mean "accounts show"?', ['accounts', 'shwo', 'x'], VERBS],
    [
      'unknown command "accounts endsessions": did you mean "accounts end-sessions"?',
      ['accounts', 'endsessions'],
      VERBS,
    ],
    ['unknown command "accounts constructor"', ['accounts', 'constructor'], VERBS],
    ['"accounts" what?', ['accounts'], VERBS],
  ])('%s', async (fault, argv, list) => {
    const { output, exitCode } = await run(...argv)
    expect(output.split('\n')[0]).toBe(fault)
    expect(output).toMatch(list)
    expect(output.split('\n')).toHaveLength(3)
    expect(exitCode).toBe(2)
  })

  test('migrate takes nothing after it', async () => {
    expect(await run('migrate', 'now')).toEqual({ output: '"migrate" takes nothing after it\n', exitCode: 2 })
  })

  test('without a configuration and a database', async () => {
    const argv = ['src/cli.ts', 'acounts', 'show', '--metadata', 'no-such-file']
    const node = promisify(execFile)(process.execPath, argv, { env: { DATABASE_URL: 'nonsense' } })
    await expect(node).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/^unknown command "acounts"/) })
  })
})

describe('an option that there is not is named', () => {
  const Shape = z.strictObject({ reason: z.string().optional(), reveal: z.string().optional() })
  test.each<[string, string[]]>([
    ['--raeson: there is no such option: did you mean --reason?\noptions: --reason, --reveal', ['--raeson', 'x']],
    [
      '--colour: there is no such option\n--revael: there is no such option: did you mean --reveal?\noptions: --reason, --reveal',
      ['--colour', 'red', '--revael'],
    ],
  ])('%s', (message, args) => {
    expect(() => parseOptions(Shape, args)).toThrow(new Error(message))
  })

  test('where there is none to choose', () => {
    expect(() => parseOptions(z.strictObject({}), ['--json'])).toThrow(
      /^--json: there is no such option\noptions: none$/,
    )
  })
})

test.each([
  ['show', 'show'],
  ['shw', 'show'],
  ['hsow', 'show'],
  ['blokc', 'block'],
  ['lock', 'block'],
  ['sessions', undefined],
  ['', undefined],
  ['s'.repeat(100_000), undefined],
])('%s is near to %s', (word, name) => {
  expect(nearest(word, ['show', 'block', 'unblock', 'end-sessions']) ?? 'none').toBe(name ?? 'none')
})
