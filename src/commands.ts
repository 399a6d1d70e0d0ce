import { migrate } from '#src/store/migrate.ts'
import type { Store } from '#src/store/store.ts'
import { type AccountCommandDeps, accountCommands } from './commands/accounts.ts'
import { type ClientCommandDeps, clientCommands } from './commands/clients.ts'
import { type Noun, UsageError } from './commands/command.ts'
import { type KeyCommandDeps, keyCommands } from './commands/keys.ts'
import { type PasswordCommandDeps, passwordCommands } from './commands/passwords.ts'
import { type ResourceCommandDeps, resourceCommands } from './commands/resources.ts'
import { type TokenCommandDeps, tokenCommands } from './commands/tokens.ts'

export interface CommandResult {
  readonly output: string
  readonly exitCode: number
}

/** The parts of the house that commands work with. */
export interface CommandHouse
  extends AccountCommandDeps,
    ClientCommandDeps,
    KeyCommandDeps,
    ResourceCommandDeps,
    TokenCommandDeps {}

export interface CommandDeps {
  readonly store: Store
  /** Asked for by commands that need a database that is up to date. */
  readonly house: () => Promise<CommandHouse>
}

const nouns: Readonly<Record<string, Noun<CommandHouse>>> = {
  accounts: accountCommands,
  clients: clientCommands,
  keys: keyCommands,
  resources: resourceCommands,
  tokens: tokenCommands,
}

/** What works on files of this machine, without a database or a running process. */
const localNouns: Readonly<Record<string, Noun<PasswordCommandDeps>>> = { passwords: passwordCommands }

const allNouns: Readonly<Record<string, Pick<Noun<never>, 'usage'>>> = { ...nouns, ...localNouns }

const USAGE = `usage: npm run propusk -- COMMAND

  migrate                        bring the database up to date
${Object.values(allNouns)
  .map(({ usage }) => usage)
  .join('')}`

/** What is answered to `--help`, which is never a value: all commands, or those of the noun before it. */
export function helpFor(argv: readonly string[]): string | undefined {
  if (!argv.includes('--help')) return undefined
  const noun = argv[0]!
  return Object.hasOwn(allNouns, noun) ? `usage: npm run propusk -- COMMAND\n\n${allNouns[noun]!.usage}` : USAGE
}

/** Carries one command out; faults of the caller come back as text and exit code 2, nothing is thrown for them. */
export async function runCommand(argv: readonly string[], deps: CommandDeps): Promise<CommandResult> {
  return told(() => dispatch(argv, deps))
}

/** The same for commands that need no database. @returns undefined for one that does */
export async function runLocalCommand(
  argv: readonly string[],
  deps: PasswordCommandDeps,
): Promise<CommandResult | undefined> {
  const [noun = '', verb = '', ...rest] = argv
  if (!Object.hasOwn(localNouns, noun)) return undefined
  return told(() => carryOut(localNouns[noun]!, verb, rest, async () => deps))
}

async function told(command: () => Promise<string>): Promise<CommandResult> {
  try {
    return { output: await command(), exitCode: 0 }
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
  if (!Object.hasOwn(nouns, noun)) throw new UsageError(USAGE)
  return carryOut(nouns[noun]!, verb ?? '', rest, deps.house)
}

async function carryOut<Deps>(
  { verbs }: Noun<Deps>,
  verb: string,
  args: readonly string[],
  deps: () => Promise<Deps>,
): Promise<string> {
  if (!Object.hasOwn(verbs, verb)) throw new UsageError(USAGE)
  return verbs[verb]!(args, await deps())
}

async function migrated(store: Store): Promise<string> {
  const applied = await migrate(store)
  return applied.length === 0
    ? 'The database is up to date.\n'
    : `${applied.map((name) => `applied ${name}`).join('\n')}\n`
}
