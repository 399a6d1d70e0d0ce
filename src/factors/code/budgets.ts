import { parsePhoneNumberFromString } from 'libphonenumber-js'
import type { Logger } from 'pino'
import type { Journal } from '#src/journal/journal.ts'
import { type AccountId, NOBODY } from '#src/kernel/ids.ts'
import type { Tx } from '#src/store/store.ts'
import type { Attempt, Gate, Limit, Throttle } from '#src/throttle/throttle.ts'
import { codeBudgetReached } from './events.ts'

/** How many codes may go out: what one contact is spared, and what the installation pays for at most. */
export interface CodeBudgets {
  readonly resendSeconds: number
  readonly perContactPerDay: number
  readonly perAccountPerDay: number
  readonly perNetworkPerHour: number
  /** Phones that begin alike: country and three digits. */
  readonly perPrefixPerHour: number
  /** All phones together. */
  readonly perHour: number
}

/** What a code is counted against; the same whether anybody holds the contact. */
export interface Countable {
  readonly contact: { readonly kind: 'phone' | 'email'; readonly value: string }
  /** NOBODY while there is no account. */
  readonly oid: AccountId
  /** Of whoever asks; not known where a service asks. */
  readonly network?: string | undefined
}

export type ClosedGate = Extract<Gate, { open: false }>

export interface Budgets {
  /**
   * Counts a code that is about to be sent, in a commit of its own before it is, or in the transaction.
   * @param contactKey keyed hash of the contact and what the code is for
   * @returns the gate that is closed, if one is
   */
  count(countable: Countable, contactKey: string, tx?: Tx): Promise<ClosedGate | undefined>
  /** The next code to the contact need not wait. */
  endPause(contactKey: string, tx: Tx): Promise<void>
}

const HOUR_SECONDS = 3600
const DAY_SECONDS = 86_400
const PREFIX_DIGITS = 3

export const PAUSE = 'code_pause'
export const DAY = 'code_day'

const noticeLimit: Limit = {
  name: 'code_budget_notice',
  windowSeconds: HOUR_SECONDS,
  free: 1,
  delaySeconds: HOUR_SECONDS,
  maxDelaySeconds: HOUR_SECONDS,
}

export function makeBudgets(deps: {
  throttle: Throttle
  journal: Pick<Journal, 'record' | 'note'>
  log: Pick<Logger, 'warn'>
  budgets: CodeBudgets
}): Budgets {
  const { throttle, journal, log, budgets } = deps
  const pause = restingLimit(PAUSE, 1, DAY_SECONDS, budgets.resendSeconds)
  const day = restingLimit(DAY, budgets.perContactPerDay, DAY_SECONDS, DAY_SECONDS)
  const account = restingLimit('code_account', budgets.perAccountPerDay, DAY_SECONDS, DAY_SECONDS)
  const network = sharedLimit('code_network', budgets.perNetworkPerHour)
  const prefix = sharedLimit('code_prefix', budgets.perPrefixPerHour)
  const installation = sharedLimit('code_installation', budgets.perHour)

  async function enter(attempts: readonly Attempt[], tx: Tx | undefined): Promise<ClosedGate | undefined> {
    if (attempts.length === 0) return undefined
    const gate = await throttle.enter(attempts, tx)
    return gate.open ? undefined : gate
  }

  /** Somebody pumps messages, or the budget is too small: either is for an operator to look at. */
  async function tell(name: string, tx: Tx | undefined): Promise<void> {
    const budget = name === prefix.name ? 'prefix' : 'installation'
    const gate = await throttle.enter([{ limit: noticeLimit, key: budget }], tx)
    if (!gate.open) return
    log.warn({ budget }, 'budget of one-time codes reached')
    const event = codeBudgetReached({ budget })
    await (tx ? journal.record(tx, event) : journal.note(event))
  }

  return {
    async count({ contact, oid, network: from }, contactKey, tx) {
      // The pause first: asking too early must not use up the day's codes. What is the asker's own comes before what all share.
      const own: Attempt[] = [
        { limit: pause, key: contactKey },
        { limit: day, key: contactKey },
        ...(oid === NOBODY ? [] : [{ limit: account, key: String(oid) }]),
      ]
      const shared: Attempt[] = [
        ...(from === undefined ? [] : [{ limit: network, key: from }]),
        // Only messages to phones cost money, which is what pumping them is about.
        ...(contact.kind === 'phone'
          ? [
              { limit: prefix, key: prefixOf(contact.value) },
              { limit: installation, key: 'all' },
            ]
          : []),
      ]
      const closed = (await enter(own, tx)) ?? (await enter(shared, tx))
      if (closed?.limit === prefix.name || closed?.limit === installation.name) await tell(closed.limit, tx)
      return closed
    },
    endPause: (contactKey, tx) => throttle.forget({ limit: pause, key: contactKey }, tx),
  }
}

/** After `free` codes there is a rest. */
function restingLimit(name: string, free: number, windowSeconds: number, restSeconds: number): Limit {
  return { name, windowSeconds, free, delaySeconds: restSeconds, maxDelaySeconds: restSeconds }
}

/** What many people share is not closed for the rest of the hour: codes go on one by one, no faster than the budget is on average. */
function sharedLimit(name: string, perHour: number): Limit {
  return restingLimit(name, perHour, HOUR_SECONDS, HOUR_SECONDS / perHour)
}

/** Country and first digits: `+7916`, `+44770`. */
function prefixOf(phone: string): string {
  const parsed = parsePhoneNumberFromString(phone)
  if (!parsed) return phone.slice(0, 2 + PREFIX_DIGITS)
  return `+${parsed.countryCallingCode}${parsed.nationalNumber.slice(0, PREFIX_DIGITS)}`
}
