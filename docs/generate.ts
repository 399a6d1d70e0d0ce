import { glob, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { configurationTable } from '#src/config/variables.ts'
import type { DefinedError } from '#src/kernel/errors.ts'
import { sandboxMarkdown } from '#src/registries/sandbox-citizens.ts'
import { registriesOpenapi } from './registries-openapi.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))

interface DeclaredEvent {
  readonly type: string
  readonly declared: Readonly<Record<string, string>>
}

/** The documents that are made from the code: path below the repository → content. */
export async function documents(): Promise<Map<string, string>> {
  return new Map([
    ['README.md', await readme()],
    ['docs/errors.md', await errorCatalogue()],
    ['docs/events.md', await eventCatalogue()],
    ['docs/registries.openapi.yaml', registriesOpenapi()],
    ['docs/sandbox-citizens.md', sandboxCatalogue()],
  ])
}

async function readme(): Promise<string> {
  const text = await readFile(`${ROOT}README.md`, 'utf8')
  const [start, end] = ['<!-- configuration: made by "npm run docs" -->', '<!-- end of configuration -->']
  const before = text.slice(0, text.indexOf(start) + start.length)
  return `${before}\n\n${configurationTable()}\n${text.slice(text.indexOf(end))}`
}

async function errorCatalogue(): Promise<string> {
  const errors = (await exportsOf('errors.ts')).flatMap((value) =>
    typeof value === 'object' && value !== null ? Object.values(value).filter(isError) : [],
  )
  const rows = errors
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(({ code, status, oauth, help }) => `| \`${code}\` | ${status} | \`${oauth}\` | ${help} |`)
  const head = '# Errors\n\nWhat the code beside an incident id means. Made by `npm run docs` from the definitions.\n\n'
  return `${head}| Code | Status | OAuth | For the operator |\n|---|---|---|---|\n${rows.join('\n')}\n`
}

async function eventCatalogue(): Promise<string> {
  const rows = (await declaredEvents()).map(({ type, declared }) => {
    const fields = Object.entries(declared).map(([name, kind]) => `${name} (${kind})`)
    return `| \`${type}\` | ${fields.join(', ')} |`
  })
  const head =
    '# Journal events\n\nEvery event that the journal can hold, with its fields. Made by `npm run docs` from the definitions.\n\n'
  return `${head}| Event | Fields |\n|---|---|\n${rows.join('\n')}\n`
}

function sandboxCatalogue(): string {
  const head =
    '# Citizens of the sandbox\n\nWhom the made-up registries of the sandbox know, and what one sees with each. Made by `npm run docs`.\n\n'
  return `${head}${sandboxMarkdown()}`
}

/** Every event that the journal can hold, by its name. */
export async function declaredEvents(): Promise<DeclaredEvent[]> {
  return (await exportsOf('events.ts')).filter(isEvent).sort((a, b) => (a.type < b.type ? -1 : 1))
}

async function exportsOf(name: string): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const file of glob(`src/**/${name}`, { cwd: ROOT }))
    found.push(...Object.values(await import(`${ROOT}${file}`)))
  return found
}

function isError(value: unknown): value is DefinedError {
  return typeof value === 'object' && value !== null && 'code' in value && 'help' in value
}

function isEvent(value: unknown): value is DeclaredEvent {
  return typeof value === 'function' && 'declared' in value && 'type' in value
}

if (import.meta.main) for (const [path, content] of await documents()) await writeFile(`${ROOT}${path}`, content)
