import { z } from 'zod'
import { nearest } from './nearest.ts'

/** One noun of the command line, with what its verbs do. `Deps` are the parts of the house that it works with. */
export interface Noun<Deps> {
  /** Lines for the overview of all commands, indented by two spaces. */
  readonly usage: string
  readonly verbs: Readonly<Record<string, (args: readonly string[], deps: Deps) => Promise<string>>>
}

/** A command that cannot be carried out, told to whoever typed it. */
export class UsageError extends Error {}

/** What stands after the verb: words, then `--name value` pairs. */
interface Arguments {
  readonly words: readonly string[]
  /** A name may come several times; a name without a value is a switch, whose value is ''. */
  readonly options: ReadonlyMap<string, readonly string[]>
}

function readArguments(args: readonly string[]): Arguments {
  const first = args.findIndex((arg) => arg.startsWith('--'))
  const words = first === -1 ? args : args.slice(0, first)
  const options = new Map<string, string[]>()
  for (let i = words.length; i < args.length; i++) {
    const name = args[i]!
    if (!name.startsWith('--')) throw new UsageError(`"${name}" is not an option; options start with --`)
    const value = args[i + 1]
    const taken = value !== undefined && !value.startsWith('--')
    options.set(name.slice(2), [...(options.get(name.slice(2)) ?? []), taken ? value : ''])
    if (taken) i++
  }
  return { words, options }
}

/**
 * The options of a command without further words.
 * @throws UsageError naming every option that is wrong
 */
export function parseOptions<T extends z.ZodType>(shape: T, args: readonly string[]): z.infer<T> {
  const { words, options } = readArguments(args)
  if (words.length > 0) throw new UsageError(`"${words[0]}" is not an option; options start with --`)
  return parsed(shape, options)
}

/**
 * One word that says what the command is about, then options.
 * @param what names the word to whoever left it out, e.g. `the client_id`
 * @throws UsageError naming every option that is wrong
 */
export function parseWordAndOptions<T extends z.ZodType>(
  what: string,
  shape: T,
  args: readonly string[],
): { word: string; options: z.infer<T> } {
  const { words, options } = readArguments(args)
  if (words.length !== 1) throw new UsageError(`name ${what}, once, before the options`)
  return { word: words[0]!, options: parsed(shape, options) }
}

function parsed<T extends z.ZodType>(shape: T, options: Arguments['options']): z.infer<T> {
  const result = shape.safeParse(Object.fromEntries(options))
  if (result.success) return result.data
  const names = shape instanceof z.ZodObject ? Object.keys(shape.shape) : []
  throw new UsageError(result.error.issues.map((issue) => explain(issue, names)).join('\n'))
}

function explain(issue: z.core.$ZodIssue, names: readonly string[]): string {
  if (issue.code === 'unrecognized_keys') return unknownOptions(issue.keys, names)
  const name = `--${String(issue.path[0])}`
  if (issue.code === 'invalid_type') return `${name}: is missing`
  if (issue.code === 'too_big' && issue.origin === 'array') return `${name}: give it once`
  return `${name}: ${issue.message}`
}

function unknownOptions(keys: readonly string[], names: readonly string[]): string {
  const lines = keys.map((key) => {
    const meant = nearest(key, names)
    return `--${key}: there is no such option${meant === undefined ? '' : `: did you mean --${meant}?`}`
  })
  const list = names.length === 0 ? 'none' : names.map((name) => `--${name}`).join(', ')
  return [...lines, `options: ${list}`].join('\n')
}

/** An option that is given once. */
export const one = <T extends z.ZodType>(inner: T) => z.tuple([inner]).transform(([value]) => value)

/** A switch. */
export const flag = one(z.literal('', 'takes no value')).transform(() => true as const)

/** A whole number within bounds, both included. */
export const whole = (least: number, most: number) =>
  z.coerce.number().int().min(least).max(most).catch(Number.NaN).refine(Number.isInteger, `must be ${least} to ${most}`)

const UNITS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60 }

/** A span of time such as `7d`, `12h`, `30m` or `0`, in seconds. */
export const seconds = z
  .string()
  .regex(/^(\d{1,4}[dhm]|0)$/, 'must be a span of time such as 7d, 12h, 30m or 0')
  .transform((span) => Number.parseInt(span, 10) * (UNITS[span.at(-1)!] ?? 0))

/** Rows as lines with tabs between their columns, for people and `cut` alike. */
export function table(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.join('\t')}\n`).join('')
}
