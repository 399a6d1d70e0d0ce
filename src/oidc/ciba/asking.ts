import type { Account } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { Settings } from '#src/accounts/settings.ts'
import type { SecondFactorPolicy } from '#src/config/config.ts'
import type { CodeRequest, Codes } from '#src/factors/code/codes.ts'
import type { Journal } from '#src/journal/journal.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { NOBODY } from '#src/kernel/ids.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { ByRealm } from '#src/kernel/realms.ts'
import { ownDemand } from '#src/login/second-factor.ts'
import type { Outbox } from '#src/notifications/outbox.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { Clients } from '../clients/clients.ts'
import { describe } from '../clients.ts'
import { cibaRequested } from './events.ts'
import type { CibaRequest } from './request.ts'
import type { CibaRequests } from './store.ts'

/** So many may wait for one person; more would be prompting until somebody gives in. */
const MOST_WAITING = 3
/** So many messages in a row reach one person, whoever sends them and however soon their requests expire. */
const MOST_LATELY = 3
const LATELY_SECONDS = 300
/** A client that one person refused so often in a day stays silent to that person until the day is over. */
const MOST_REFUSALS = 3
const DAY_SECONDS = 86_400

/** What the code of a request is stored under. */
export const codeId = ({ id }: Pick<CibaRequest, 'id'>): string => `approval:${id}`

/** Only a request whose message had a code is decided by one; all others need a sign-in. */
export const takesCode = ({ told }: Pick<CibaRequest, 'told'>): boolean => told === 'code'

export interface Asking {
  /** Tells the person of a new request by a message, unless that would bother them; once, whoever else tries. */
  ask(request: CibaRequest): Promise<void>
  /** Sends the message once more, with a new code. @returns the refusal of the code, if it was refused */
  again(request: CibaRequest): Promise<Awaited<ReturnType<Codes['send']>>>
}

type Notice = 'code' | 'link' | 'none' | 'silenced'
type Contacts = Readonly<Partial<Record<'phone' | 'email', string>>>
/** What fills the message in; `bound` is the binding message. */
type Values = Readonly<Record<string, string>>
/** Whether a code to the phone, which is one factor, may decide on what is asked of an account: not where each sign-in takes two. */
export function makeMayBeCode(deps: {
  settings: Pick<Settings, 'of'>
  secondFactor: ByRealm<SecondFactorPolicy>
}): (account: Account) => Promise<boolean> {
  return async (account) => ownDemand(account, await deps.settings.of(account.oid), deps.secondFactor) === 'none'
}

/** With the language of its message. */
type Worded = CibaRequest & { readonly locale: Locale }

export function makeAsking(deps: {
  store: Store
  accounts: Accounts
  settings: Pick<Settings, 'of'>
  cibaRequests: CibaRequests
  clients: Pick<Clients, 'find'>
  codes: Codes
  outbox: Outbox
  journal: Pick<Journal, 'record'>
  clock: Clock
  /** Origin of the links. */
  issuer: URL
  mayBeCode: (account: Account) => Promise<boolean>
}): Asking {
  const { store, accounts, settings, cibaRequests, clients, codes, outbox, journal, clock, issuer } = deps

  const worded = async (request: CibaRequest): Promise<Worded> => ({
    ...request,
    locale: request.locale ?? (await settings.of(request.oid)).locale,
  })

  /** @returns undefined where the client was suspended meanwhile: nobody is asked on its behalf */
  async function valuesOf({ clientId, locale, bindingMessage, ticket }: Worded): Promise<Values | undefined> {
    const client = await clients.find(clientId)
    if (!client) return undefined
    const service = describe(client, locale).name
    const link = `${issuer.origin}/approve/${ticket}`
    return { service: oneLine(service), link, ...(bindingMessage !== undefined && { bound: bindingMessage }) }
  }

  /** Counted in the transaction: of several workers that try, one sends it and has it counted. */
  async function sendCode(tx: Tx, request: Worded, phone: string, values: Values) {
    const code: CodeRequest = {
      id: codeId(request),
      contact: { kind: 'phone', value: phone },
      oid: request.oid,
      kind: values.bound === undefined ? 'approval_code' : 'approval_code_bound',
      locale: request.locale,
      values,
    }
    const admitted = await codes.admit(code, tx)
    return admitted.ok ? codes.issue(tx, code, admitted) : admitted
  }

  async function bothersome(tx: Tx, request: CibaRequest): Promise<boolean> {
    const today = addSeconds(clock.now(), -DAY_SECONDS)
    const lately = addSeconds(clock.now(), -LATELY_SECONDS)
    const bothered = await cibaRequests.bothered(tx, request, { lately, today })
    if (bothered.waiting >= MOST_WAITING || bothered.lately >= MOST_LATELY) return true
    // One client leaves half of the day to the others.
    const mostToday = codes.limits.perContactPerDay
    if (bothered.today >= mostToday || bothered.todayOfClient >= Math.ceil(mostToday / 2)) return true
    return (await cibaRequests.refusalsSince(tx, request, today)) >= MOST_REFUSALS
  }

  async function send(
    tx: Tx,
    request: Worded,
    { phone, email }: Contacts,
    { values, byCode }: { values: Values; byCode: boolean },
  ): Promise<Notice> {
    // Where no code can be sent, as one was just now or the day's are used up, the request is approved by signing in.
    if (phone !== undefined && byCode && (await sendCode(tx, request, phone, values)).ok) return 'code'
    const [channel, recipient] = phone === undefined ? (['mail', email] as const) : (['sms', phone] as const)
    if (recipient === undefined) return 'none'
    const ttlSeconds = Math.ceil((request.expiresAt.getTime() - clock.now().getTime()) / 1000)
    if (ttlSeconds <= 0) return 'none'
    const kind = values.bound === undefined ? 'approval_link' : 'approval_link_bound'
    await outbox.add(tx, { oid: request.oid, channel, recipient, kind, values, locale: request.locale, ttlSeconds })
    return 'link'
  }

  return {
    async ask(asked) {
      // Reads stand before the transaction: inside it only its own handle may be used.
      const request = await worded(asked)
      const account = request.oid === NOBODY ? undefined : await accounts.find(request.oid)
      const values = await valuesOf(request)
      const byCode = request.level === 'aal1' && account !== undefined && (await deps.mayBeCode(account))
      await store.tx(async (tx) => {
        if (!(await cibaRequests.take(tx, request, 'ask'))) return
        if (account?.state !== 'active' || !values) return
        const notice = (await bothersome(tx, request))
          ? 'silenced'
          : await send(tx, request, account, { values, byCode })
        if (notice === 'silenced') await cibaRequests.silence(tx, request)
        if (notice === 'code' || notice === 'link') await cibaRequests.tell(tx, request, notice)
        await journal.record(tx, cibaRequested({ account: request.oid, client: request.clientId, notice }))
      })
    },
    async again(asked) {
      const request = await worded(asked)
      const { phone } = await accounts.read(request.oid)
      if (phone === undefined) throw new Error('a code was asked of an account without a phone')
      const values = await valuesOf(request)
      if (!values) throw new Error('a code was asked for a client that is suspended')
      return store.tx((tx) => sendCode(tx, request, phone, values))
    },
  }
}

/** What a name could hold that a line of a message must not. */
function oneLine(text: string): string {
  return text.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
}
