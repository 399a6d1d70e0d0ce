import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { answeredAtOnce } from '#src/commands.ts'
import { documents } from '../docs/generate.ts'

test('documents made from the code are up to date; "npm run docs" makes them anew', async () => {
  for (const [path, content] of await documents())
    expect(await readFile(new URL(`../${path}`, import.meta.url), 'utf8'), path).toBe(content)
})

test('every command that --help tells of stands in a table of the README', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const { output } = answeredAtOnce(['--help'])!
  const commands = [...output.matchAll(/^ {2}(migrate|[a-z]+ [a-z-]+)(?= )/gm)].map(([, command]) => command!)
  expect(commands.length).toBeGreaterThan(20)
  const tables = readme.split('\n').filter((line) => line.startsWith('|'))
  const told = (command: string) => tables.some((line) => new RegExp(`\`${command}[ \`]`).test(line))
  expect([...new Set(commands)].filter((command) => !told(command))).toEqual([])
})
