import { z } from 'zod'
import type { ClosingAccounts } from '#src/accounts/leaving/closing.ts'
import type { Erasure } from '#src/accounts/leaving/erasure.ts'
import { Acting, actor, dayOf, type FindDeps, findAccount, findNumber, reason, WHAT } from './account-named.ts'
import { flag, parseWordAndOptions } from './command.ts'

interface EndDeps extends FindDeps {
  readonly closing: Pick<ClosingAccounts, 'find' | 'close' | 'reopen'>
  readonly erasure: Pick<Erasure, 'order' | 'eraseDue'>
}

const Erase = z.strictObject({ reason, now: flag.optional() })

export async function close(deps: EndDeps, args: readonly string[]): Promise<string> {
  const { word, options } = parseWordAndOptions(WHAT, Acting, args)
  const { oid, state } = await findAccount(deps, word)
  const closed = await deps.closing.close(oid, 'operator', { actor, reason: options.reason, origin: '' })
  if (!closed) throw new Error(`${oid} is ${state}: only an active account can be closed`)
  return `${oid} is closed, and its owner is told; it is erased from ${dayOf(closed.eraseAt)} on.\n`
}

export async function reopen(deps: EndDeps, args: readonly string[]): Promise<string> {
  const { word, options } = parseWordAndOptions(WHAT, Acting, args)
  const { oid, state } = await findAccount(deps, word)
  if (await deps.closing.reopen(oid, { actor, reason: options.reason, origin: '' }))
    return `${oid} is active again, and its owner is told.\n`
  if ((await deps.closing.find(oid))?.cause === 'withdrawal')
    throw new Error(
      `${oid} has no consent to the processing of data any more: its owner alone can give it anew, after signing in`,
    )
  throw new Error(state === 'closed' ? `${oid} is being erased: it is too late` : `${oid} is ${state}, not closed`)
}

/** Without `--now` it only does what happens by itself, sooner. */
export async function erase(deps: EndDeps, args: readonly string[]): Promise<string> {
  const { word, options } = parseWordAndOptions(WHAT, Erase, args)
  const { oid, state, end } = await findNumber(deps, word)
  if (!options.now && !end) throw new Error(`${oid} is ${state}: only an account that was closed for 30 days is erased`)
  if (!options.now && end && end.eraseAt > new Date())
    throw new Error(`${oid} is erased from ${dayOf(end.eraseAt)} on; until then its owner can return`)
  if (!(await deps.erasure.order(oid, { actor, reason: options.reason }))) await deps.erasure.eraseDue()
  const now = await deps.closing.find(oid)
  return now?.erasedAt
    ? `${oid} is erased.\n`
    : `Nobody finds ${oid} any more. The rest of it goes as soon as its owner has got the last message, within an hour at most.\n`
}
