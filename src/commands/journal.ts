import { z } from 'zod'
import type { SealingKeys } from '#src/journal/sealer/keys.ts'
import { MOST_PROOFS, proveAccount, proveEvent } from '#src/journal/sealer/proof.ts'
import { type KnownRoot, type Verification, verifyJournal } from '#src/journal/sealer/verification.ts'
import { accountNumber, findAccount, WHAT } from './account-named.ts'
import type { AccountCommandDeps } from './accounts.ts'
import { type Noun, one, parseOptions, parseWordAndOptions, table, UsageError } from './command.ts'

export interface JournalCommandDeps extends Pick<AccountCommandDeps, 'store' | 'accounts' | 'closing'> {
  readonly sealingKeys: SealingKeys
  /** Where somebody watches. */
  readonly showProgress?: (line: string) => void
}

/** Of those that are told of one by one. */
const MOST_FAULTS = 100

export const journalCommands: Noun<JournalCommandDeps> = {
  usage: `  journal verify                 whether every event is as it was sealed, and none is missing or put in; else ends with 1 and says which
      [--root NUMBER:HASH]       and whether this root, which an earlier run printed, is still there
  journal prove SEQ              one event with the way to its signed root, as JSON that "journal check-proof" reads
  journal prove --account ACCOUNT
                                 the ${MOST_PROOFS} newest events of an account
  journal keys                   the public keys that sign roots: publish them
  journal rotate                 signs with a new key from now on, and destroys the private half of the former one
`,
  verbs: {
    verify: (args, deps) => verify(deps, args),
    prove: (args, deps) => prove(deps, args),
    keys: (args, deps) => keys(deps, args),
    rotate: (args, deps) => rotate(deps, args),
  },
}

const root = z
  .string()
  .regex(/^[1-9]\d{0,8}:[\w-]{43}$/, 'must be NUMBER:HASH, as "journal verify" prints it')
  .transform((text): KnownRoot => {
    const [number, hash = ''] = text.split(':')
    return { number: Number(number), hash }
  })

async function verify(
  { store, sealingKeys, showProgress }: JournalCommandDeps,
  args: readonly string[],
): Promise<string> {
  const { root: known } = parseOptions(z.strictObject({ root: one(root).optional() }), args)
  const progress = (number: number, of: number) =>
    showProgress?.(`${Math.floor((number / of) * 100)} %  root ${number} of ${of}`)
  const found = await verifyJournal({ db: store.db, keys: sealingKeys }, { known, today: new Date(), progress })
  const { faults } = found
  if (faults.length === 0) return `The journal is as it was sealed.\n${summary(found)}`
  const told = faults.slice(0, MOST_FAULTS)
  const more = faults.length > told.length ? `and ${faults.length - told.length} more\n` : ''
  throw new Error(
    `The journal is not as it was sealed.\n${told.map((fault) => `${fault}\n`).join('')}${more}${summary(found).trimEnd()}`,
  )
}

function summary({ events, expired, unsealed, roots, last }: Verification): string {
  const since = unsealed.since ? `, since ${unsealed.since.toISOString().slice(0, 19)}Z` : ''
  return table([
    ['events as they were sealed', String(events)],
    ['expired and gone', String(expired)],
    ['not sealed yet', `${unsealed.events}${since}`],
    ['roots', String(roots)],
    ...(last ? [['last root, to be kept elsewhere', `${last.number}:${last.hash}`]] : []),
  ])
}

async function prove(deps: JournalCommandDeps, args: readonly string[]): Promise<string> {
  const { db } = deps.store
  if (!args[0]?.startsWith('--')) {
    const { word } = parseWordAndOptions('the event by its number', z.strictObject({}), args)
    if (!/^\d{1,15}$/.test(word)) throw new UsageError(`"${word}" is not the number of an event`)
    return `${JSON.stringify(await proveEvent(db, Number(word)), null, 2)}\n`
  }
  const { account } = parseOptions(z.strictObject({ account: one(z.string().min(1, `must be ${WHAT}`)) }), args)
  // Events of an account that was erased are there, sealed for ever.
  const oid = accountNumber(account) ?? (await findAccount(deps, account)).oid
  const proofs = await proveAccount(db, oid)
  if (proofs.length === 0) throw new Error(`no event of ${oid} is sealed`)
  return `${JSON.stringify(proofs, null, 2)}\n`
}

async function keys({ sealingKeys }: JournalCommandDeps, args: readonly string[]): Promise<string> {
  parseOptions(z.strictObject({}), args)
  const day = (at: Date) => at.toISOString().slice(0, 10)
  return table(
    (await sealingKeys.list()).map(({ key, madeAt, retiredAt, isOurs }) => {
      if (!isOurs) return [key, 'none of this installation: somebody has put it into the database']
      return [
        key,
        retiredAt ? 'retired' : 'signs',
        `since ${day(madeAt)}`,
        ...(retiredAt ? [`until ${day(retiredAt)}`] : []),
      ]
    }),
  )
}

async function rotate({ sealingKeys }: JournalCommandDeps, args: readonly string[]): Promise<string> {
  parseOptions(z.strictObject({}), args)
  const [key, former] = await sealingKeys.replace()
  return `${table([[key, 'signs'], ...(former ? [[former, 'retired']] : [])])}Publish both: what the former key signed is checked with it for ever.\n`
}
