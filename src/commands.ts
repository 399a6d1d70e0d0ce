import { migrate } from '#src/store/migrate.ts'
import type { Store } from '#src/store/store.ts'
import { type ClientCommandDeps, clientCommands } from './commands/clients.ts'
import { type Noun, UsageError } from './commands/command.ts'
import { type KeyCommandDeps, keyCommands } from './commands/keys.ts'
import { type ResourceCommandDeps, resourceCommands } from './commands/resources.ts'

export interface CommandResult {
  readonly output: string
  readonly exitCode: number
}

/** The parts of the house that commands work with. */
export interface CommandHouse extends ClientCommandDeps, KeyCommandDeps, ResourceCommandDeps {}

export interface CommandDeps {
  readonly store: Store
  /** Asked for by commands that need a database that is up to date. */
  readonly house: () => Promise<CommandHouse>
}

const nouns: Readonly<Record<string, Noun<CommandHouse>>> = {
  clients: clientCommands,
  keys: keyCommands,
  resources: resourceCommands,
}

const USAGE = `usage: npm run propusk -- COMMAND

  migrate                        bring the database up to date
${Object.values(nouns)
  .map(({ usage }) => usage)
  .join('')}`

/** What is answered to `--help`, which is never a value: all commands, or those of the noun before it. */
export function helpFor(argv: readonly string[]): string | undefined {
  if (!argv.includes('--help')) return undefined
  const noun = argv[0]!
  return Object.hasOwn(nouns, noun) ? `usage: npm run propusk -- COMMAND\n\n${nouns[noun]!.usage}` : USAGE
}

/** Carries one command out; faults of the caller come back as text and exit code 2, nothing is thrown for them. */
export async function runCommand(argv: readonly string[], deps: CommandDeps): Promise<CommandResult> {
  try {
    return { output: await dispatch(argv, deps), exitCode: 0 }
  } catch (fault) {
    if (fault instanceof UsageError) return { output: `${fault.message}\n`, exitCode: 2 }
    return { output: `${(fault as Error).message}\n`, exitCode: 1 }
  }
}

async function dispatch(argv: readonly string[], deps: CommandDeps): Promise<string> {
  const help = helpFor(argv)
  if (help !== undefined) return help
  const [noun = '', verb, ...rest] = argv
  if (noun === 'migrate' && verb === undefined) return migrated(deps.store)
  const verbs = Object.hasOwn(nouns, noun) ? nouns[noun]!.verbs : {}
  if (verb === undefined || !Object.hasOwn(verbs, verb)) throw new UsageError(USAGE)
  return verbs[verb]!(rest, await deps.house())
}

async function migrated(store: Store): Promise<string> {
  const applied = await migrate(store)
  return applied.length === 0
    ? 'The database is up to date.\n'
    : `${applied.map((name) => `applied ${name}`).join('\n')}\n`
}
