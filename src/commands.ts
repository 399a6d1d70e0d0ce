import { migrate } from '#src/store/migrate.ts'
import type { Store } from '#src/store/store.ts'
import { type AccountCommandDeps, accountCommands } from './commands/accounts.ts'
import { type ClientCommandDeps, clientCommands } from './commands/clients.ts'
import { type Noun, UsageError } from './commands/command.ts'
import { type JournalCommandDeps, journalCommands } from './commands/journal.ts'
import { journalProofCommands } from './commands/journal-proofs.ts'
import { type KeyCommandDeps, keyCommands } from './commands/keys.ts'
import { nearest } from './commands/nearest.ts'
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
    JournalCommandDeps,
    KeyCommandDeps,
    ResourceCommandDeps,
    TokenCommandDeps {}

export interface CommandDeps {
  readonly store: Store
  /** Asked for by commands that need a database that is up to date. */
  readonly house: () => Promise<CommandHouse>
  /** Where somebody watches. */
  readonly showProgress?: (line: string) => void
}

const nouns: Readonly<Record<string, Noun<CommandHouse>>> = {
  accounts: accountCommands,
  clients: clientCommands,
  journal: journalCommands,
  keys: keyCommands,
  resources: resourceCommands,
  tokens: tokenCommands,
}

/** What works on files of this machine, without a database or a running process. */
const localNouns: Readonly<Record<string, Noun<PasswordCommandDeps>>> = {
  journal: journalProofCommands,
  passwords: passwordCommands,
}

const allNouns: Readonly<Record<string, Noun<never>>> = {
  ...nouns,
  ...localNouns,
  journal: joined(journalCommands, journalProofCommands),
}

function joined(one: Noun<never>, other: Noun<never>): Noun<never> {
  return { usage: one.usage + other.usage, verbs: { ...one.verbs, ...other.verbs } }
}

const USAGE = `usage: npm run propusk -- COMMAND

  migrate                        bring the database up to date
${Object.values(allNouns)
  .map(({ usage }) => usage)
  .join('')}`

/** What needs no configuration and no database: help, and the refusal of a command that there is not. */
export function answeredAtOnce(argv: readonly string[]): CommandResult | undefined {
  if (argv.includes('--help')) return { output: helpFor(argv[0]!), exitCode: 0 }
  const fault = faultIn(argv)
  return fault === undefined ? undefined : { output: fault, exitCode: 2 }
}

/** All commands, or those of one noun. `--help` asks for it wherever it stands, as it is never a value. */
function helpFor(noun: string): string {
  return Object.hasOwn(allNouns, noun) ? `usage: npm run propusk -- COMMAND\n\n${allNouns[noun]!.usage}` : USAGE
}

/** What is wrong with the first two words, in two lines: the fault, and what there is instead. */
function faultIn([noun, verb]: readonly string[]): string | undefined {
  if (noun === undefined) return USAGE
  if (noun === 'migrate') return verb === undefined ? undefined : '"migrate" takes nothing after it\n'
  if (!Object.hasOwn(allNouns, noun)) return unknown('', noun, ['migrate', ...Object.keys(allNouns)])
  const verbs = Object.keys(allNouns[noun]!.verbs)
  if (verb === undefined) return `"${noun}" what?\n${instead(noun, verbs)}`
  return verbs.includes(verb) ? undefined : unknown(`${noun} `, verb, verbs)
}

function unknown(before: string, word: string, names: readonly string[]): string {
  const meant = nearest(word, names)
  const hint = meant === undefined ? '' : `: did you mean "${before}${meant}"?`
  return `unknown command ${JSON.stringify(before + word)}${hint}\n${instead(before.trim(), names)}`
}

function instead(noun: string, names: readonly string[]): string {
  const help = ['npm run propusk --', ...(noun === '' ? [] : [noun]), '--help'].join(' ')
  return `${noun === '' ? 'commands' : `commands of ${noun}`}: ${names.join(', ')}; "${help}" tells more\n`
}

/** Carries one command out; faults of the caller come back as text and exit code 2, nothing is thrown for them. */
export async function runCommand(argv: readonly string[], deps: CommandDeps): Promise<CommandResult> {
  return answeredAtOnce(argv) ?? told(() => dispatch(argv, deps))
}

/** The same for commands that need no database. @returns undefined for one that does */
export async function runLocalCommand(
  argv: readonly string[],
  deps: PasswordCommandDeps,
): Promise<CommandResult | undefined> {
  const [noun = '', verb = '', ...rest] = argv
  const local = Object.hasOwn(localNouns, noun) ? localNouns[noun]! : undefined
  // The same noun may have verbs that need the database.
  if (!local || (Object.hasOwn(nouns, noun) && !Object.hasOwn(local.verbs, verb))) return undefined
  return answeredAtOnce(argv) ?? told(() => local.verbs[verb]!(rest, deps))
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
  const [noun = '', verb = '', ...rest] = argv
  if (noun === 'migrate') return migrated(deps.store)
  if (!Object.hasOwn(nouns, noun) || !Object.hasOwn(nouns[noun]!.verbs, verb))
    throw new UsageError(`"${noun} ${verb}" works on files of this machine, not in a running process`)
  const { showProgress } = deps
  return nouns[noun]!.verbs[verb]!(rest, { ...(await deps.house()), ...(showProgress && { showProgress }) })
}

async function migrated(store: Store): Promise<string> {
  const applied = await migrate(store)
  return applied.length === 0
    ? 'The database is up to date.\n'
    : `${applied.map((name) => `applied ${name}`).join('\n')}\n`
}
