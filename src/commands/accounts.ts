import { z } from 'zod'
import type { Account } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'
import { type AccountAdministration, isSuspected } from '#src/accounts/administration.ts'
import { maskEmail } from '#src/accounts/fields/email.ts'
import { maskPhone } from '#src/accounts/fields/phone.ts'
import type { ClosingAccounts } from '#src/accounts/leaving/closing.ts'
import type { Erasure } from '#src/accounts/leaving/erasure.ts'
import type { Sessions } from '#src/accounts/sessions.ts'
import { type Realm, realms } from '#src/kernel/realms.ts'
import type { Authenticators, ListedAuthenticator } from '#src/login/authenticators.ts'
import { close, erase, reopen } from './account-ends.ts'
import { Acting, accountNumber, actor, findAccount as find, reason, WHAT } from './account-named.ts'
import { suspect, trust } from './account-trust.ts'
import { flag, type Noun, parseWordAndOptions, table, UsageError } from './command.ts'
import { proof, type QuotedProofDeps } from './quoted-proof.ts'
import { type SeedDeps, seedPeople } from './seed/seed.ts'

export interface AccountCommandDeps extends SeedDeps, QuotedProofDeps {
  readonly accounts: Pick<Accounts, 'read' | 'stateOf' | 'ownerOf'>
  readonly authenticators: Pick<Authenticators, 'list'>
  readonly sessions: Pick<Sessions, 'list'>
  readonly administration: AccountAdministration
  readonly closing: Pick<ClosingAccounts, 'find' | 'close' | 'reopen'>
  readonly erasure: Pick<Erasure, 'order' | 'eraseDue'>
}

export const accountCommands: Noun<AccountCommandDeps> = {
  usage: `  accounts show ACCOUNT          state, levels, what opens it with last uses, live sessions; ACCOUNT is its number, phone or e-mail
      [--reveal --reason TEXT]   with name and contacts, which the owner sees in the journal
      [--json]
  accounts block ACCOUNT --reason TEXT
                                 nobody signs in any more, all sessions and offline access end; the owner is told
  accounts unblock ACCOUNT --reason TEXT
  accounts suspect ACCOUNT --reason TEXT
                                 a verified identity does not count until it is proven again; the owner is told
  accounts trust ACCOUNT --reason TEXT
                                 it counts again
  accounts end-sessions ACCOUNT --reason TEXT
                                 everywhere, with offline access
  accounts realm ACCOUNT ${realms.join('|')} --reason TEXT
                                 whose rules of signing in apply; all sessions end
  accounts close ACCOUNT --reason TEXT
                                 as its owner could: nothing is released any more, erased after 30 days; the owner is told
  accounts reopen ACCOUNT --reason TEXT
                                 within these 30 days
  accounts erase ACCOUNT --reason TEXT
                                 once the 30 days are over; by itself that happens within minutes
      [--now]                    at once, whatever the state: the reason names the decision of a court
  accounts proof REFERENCE --reason TEXT
                                 whose proof it is that a relying party quotes from verified_claims; the owner sees it in the journal
      [--client ID]              who quotes, if its subjects are pairwise
  accounts seed --count N        made-up people for tests of load, on PostgreSQL; goes on where it was interrupted
      [--from N]                 with that one of 100 000 000 as the first; each is always the same person
      [--into-existing]          although there are accounts of real people
      [--yes-made-up-people]     in production, too
`,
  verbs: {
    show: (args, deps) => show(deps, args),
    block: (args, deps) => block(deps, args),
    unblock: (args, deps) => unblock(deps, args),
    suspect: (args, deps) => suspect(deps, args),
    trust: (args, deps) => trust(deps, args),
    'end-sessions': (args, deps) => endSessions(deps, args),
    realm: (args, deps) => moveTo(deps, args),
    close: (args, deps) => close(deps, args),
    reopen: (args, deps) => reopen(deps, args),
    erase: (args, deps) => erase(deps, args),
    proof: (args, deps) => proof(deps, args),
    seed: (args, deps) => seedPeople(deps, args),
  },
}

const Show = z.strictObject({ reveal: flag.optional(), reason: reason.optional(), json: flag.optional() })

async function show(deps: AccountCommandDeps, args: readonly string[]): Promise<string> {
  const { word, options } = parseWordAndOptions(WHAT, Show, args)
  if ((options.reveal === undefined) !== (options.reason === undefined))
    throw new UsageError('--reveal and --reason go together: whose data are looked at is told why')
  const gone = await erased(deps, word)
  if (gone) return options.json ? `${JSON.stringify(gone, null, 2)}\n` : table(Object.entries(gone).map(texts))
  const account = await find(deps, word)
  if (options.reveal && options.reason !== undefined)
    await deps.administration.reveal(account.oid, { actor, reason: options.reason })
  const { authenticators, ...facts } = await describe(deps, account, options.reveal === true)
  if (options.json) return `${JSON.stringify({ ...facts, authenticators }, null, 2)}\n`
  return table([...Object.entries(facts).map(texts), ...authenticators.map((one) => ['authenticator', ...lineOf(one)])])
}

const texts = ([name, value]: [string, unknown]) => [name, String(value)]

/** What is left to say of an account that was erased; only its number finds it. */
async function erased({ closing }: AccountCommandDeps, word: string) {
  const oid = accountNumber(word)
  const end = oid === undefined ? undefined : await closing.find(oid)
  if (!end?.erasedAt) return undefined
  return { account: oid, state: 'erased', closed: end.closedAt.toISOString(), erased: end.erasedAt.toISOString() }
}

async function describe({ authenticators, sessions, closing }: AccountCommandDeps, account: Account, reveal: boolean) {
  const { oid, state, stateReason, stateAt, realm, registeredAt, person, phone, email } = account
  const [held, live, end] = await Promise.all([authenticators.list(oid), sessions.list(oid), closing.find(oid)])
  const name = [person.familyName, person.givenName, person.patronymic].filter((part) => part !== undefined).join(' ')
  return {
    account: oid,
    state,
    ...(stateReason !== undefined && { because: stateReason }),
    ...(stateAt && { since: stateAt.toISOString() }),
    ...(end && { erased_from: end.eraseAt.toISOString() }),
    realm,
    identity_level: account.identity.level,
    ...(isSuspected(account) && { suspected_since: account.suspectedAt?.toISOString() }),
    registered: registeredAt.toISOString(),
    ...(reveal && { name, birth_date: person.birthDate }),
    ...(phone !== undefined && { phone: reveal ? phone : maskPhone(phone) }),
    ...(email !== undefined && { email: reveal ? email : maskEmail(email) }),
    authenticators: held.map(described),
    sessions: live.length,
  }
}

/** An authenticator as support asks its owner about it: which one, what sort of key, when used. */
function described({ kind, worth, name, detail, left, warning, addedAt, usedAt }: ListedAuthenticator) {
  return {
    kind,
    // Where it proves a key that nobody can relay: one of hardware, or one that wanders between devices.
    ...(worth.phishingResistant && { sort: worth.hardware ? 'hardware' : 'synced' }),
    ...(name !== undefined && { name }),
    ...(detail !== undefined && { detail }),
    ...(left !== undefined && { left }),
    ...(warning !== undefined && { out_of_use: warning }),
    ...(addedAt && { added: addedAt.toISOString() }),
    last_use: usedAt?.toISOString() ?? null,
  }
}

function lineOf({ kind, last_use, ...rest }: ReturnType<typeof described>): string[] {
  const facts = Object.entries(rest).map(([fact, value]) => `${fact.replaceAll('_', ' ')} ${value}`)
  return [kind, ...facts, last_use === null ? 'never used' : `last use ${last_use}`]
}

async function block(deps: AccountCommandDeps, args: readonly string[]): Promise<string> {
  const { word, options } = parseWordAndOptions(WHAT, Acting, args)
  const { oid, state } = await find(deps, word)
  if (await deps.administration.block(oid, { actor, reason: options.reason }))
    return `${oid} is blocked; its sessions and offline access have ended, and its owner is told.\n`
  throw new Error(`${oid} is ${state}: only an active account can be blocked`)
}

async function unblock(deps: AccountCommandDeps, args: readonly string[]): Promise<string> {
  const { word, options } = parseWordAndOptions(WHAT, Acting, args)
  const { oid, state } = await find(deps, word)
  if (await deps.administration.unblock(oid, { actor, reason: options.reason }))
    return `${oid} is active again, and its owner is told.\n`
  throw new Error(`${oid} is ${state}, not blocked`)
}

async function endSessions(deps: AccountCommandDeps, args: readonly string[]): Promise<string> {
  const { word, options } = parseWordAndOptions(WHAT, Acting, args)
  const { oid } = await find(deps, word)
  const count = await deps.administration.endSessions(oid, { actor, reason: options.reason })
  return `${oid}: sessions ended: ${count}; offline access is gone too.\n`
}

async function moveTo(deps: AccountCommandDeps, args: readonly string[]): Promise<string> {
  const [account = '', realm = '', ...rest] = args
  if (!realms.includes(realm as Realm)) throw new UsageError(`name the account, then its realm: ${realms.join(', ')}`)
  const { word, options } = parseWordAndOptions(WHAT, Acting, [account, ...rest])
  const { oid } = await find(deps, word)
  const moved = await deps.administration.moveTo(realm as Realm, oid, { actor, reason: options.reason })
  return moved
    ? `${oid} is in the realm ${realm} from now on; its sessions have ended.\n`
    : `${oid} is there already.\n`
}
