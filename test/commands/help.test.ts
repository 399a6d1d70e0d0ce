import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'

const run = (...argv: string[]) =>
  runCommand(argv, {
    store: undefined as never,
    house: () => Promise.reject(new Error('the house is not needed for help')),
  })

test.each([[['--help']], [['migrate', '--help']], [['nothing', '--help']], [['__proto__', '--help']]])(
  '%j prints every command',
  async (argv) => {
    const { output, exitCode } = await run(...argv)
    expect(exitCode).toBe(0)
    for (const command of ['migrate', 'clients create', 'keys rotate', 'resources create', 'passwords import'])
      expect(output).toContain(`  ${command} `)
  },
)

test.each([
  [['clients', '--help']],
  [['clients', 'create', '--help']],
  [['clients', 'secret', 'x', '--overlap', '--help']],
])('%j prints the commands of the noun', async (argv) => {
  const { output, exitCode } = await run(...argv)
  expect(exitCode).toBe(0)
  expect(output).toContain('usage: npm run propusk -- COMMAND\n\n  clients list ')
  expect(output).not.toContain('resources create')
})

test('help is there without a configuration and a database', () => {
  const output = execFileSync(process.execPath, ['src/cli.ts', 'clients', 'create', '--metadata', '--help'], {
    env: { DATABASE_URL: 'nonsense' },
    encoding: 'utf8',
  })
  expect(output).toContain('clients create --id ID')
})
