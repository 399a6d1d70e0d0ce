import { sql } from 'kysely'
import type { Clock } from '#src/kernel/clock.ts'
import { addSeconds } from '#src/kernel/clock.ts'
import type { DefinedError, MessageValues } from '#src/kernel/errors.ts'
import { constantTimeEqual, randomDigits } from '#src/kernel/ids.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { ChannelKind } from '#src/notifications/channels.ts'
import type { Outbox } from '#src/notifications/outbox.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { keyedHash } from '#src/store/seal.ts'
import type { Statement } from '#src/store/statement.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { type Budgets, type ClosedGate, type Countable, DAY, PAUSE } from './budgets.ts'
import { codeErrors } from './errors.ts'

const CODE_DIGITS = 6

/** R-B2: how long a code lives, how often it may be tried, sent again, and sent in a day. */
export interface CodeLimits {
  readonly ttlSeconds: number
  readonly tries: number
  readonly resendSeconds: number
  readonly perContactPerDay: number
}

/** What a code is asked for: the kind of its message, and whom it counts against. */
export interface CodeAsked extends Countable {
  readonly kind:
    | 'registration_code'
    | 'sign_in_code'
    | 'approval_code'
    | 'approval_code_bound'
    | 'contact_code'
    | 'recovery_code'
    | 'recovery_check_code'
}

export interface CodeRequest extends CodeAsked {
  /** What the code is for, such as `login:<hash>`; a new code for the same id replaces the old one, whatever channel it went by. */
  readonly id: string
  /** How it goes out: to a phone by SMS unless it is spoken. */
  readonly channel?: ChannelKind
  readonly locale: Locale
  /** What the text of the message says beside the code. */
  readonly values?: Readonly<Record<string, string>>
}

type Refused = { readonly ok: false; readonly error: DefinedError; readonly values: MessageValues }

/** The right code, still to be spent, and the channel that it went by. */
export type CodeVerdict = { readonly ok: true; readonly digest: string; readonly channel: ChannelKind } | Refused

/** That a code was counted and may go out. */
export type Admitted = { readonly ok: true; readonly contactKey: string }

/** A code that can still be used. */
export interface SentCode {
  readonly at: Date
  readonly channel: ChannelKind
}

export interface Codes {
  /**
   * Counts a code before it is sent, in a commit of its own (nothing that fails afterwards gives it back) or in the transaction. The
   * same for contacts that nobody has. Refusals: `code.too_soon` {seconds}, `code.too_many`, `code.too_busy` {minutes}.
   */
  admit(asked: CodeAsked, tx?: Tx): Promise<Admitted | Refused>
  /** Makes a code that was admitted and puts it into the outbox. */
  issue(tx: Tx, request: CodeRequest, admitted: Admitted): Promise<{ ok: true; sentAt: Date }>
  /** Counts, makes and sends a code, where nothing else has to happen in the same transaction. */
  send(request: CodeRequest): Promise<{ ok: true; sentAt: Date } | Refused>
  /** The code that can still be used; undefined when there is none. */
  sent(id: string): Promise<SentCode | undefined>
  /** When it was sent. */
  pending(id: string): Promise<Date | undefined>
  /**
   * Counts the try in a commit of its own, then compares. Refusals: `code.missing`, `code.wrong` {left}, `code.expired`,
   * `code.exhausted`, `code.used`.
   */
  verify(id: string, typed: string): Promise<CodeVerdict>
  /** Spends the code in the transaction of what it confirms; of two users of one code the second gets `code.used`. */
  spend(tx: Tx, id: string, verdict: CodeVerdict): Promise<{ ok: true } | Refused>
  readonly limits: CodeLimits
}

interface TriedRow {
  digest: string
  tries: number
  channel: ChannelKind
}

const countTry: Statement = {
  name: 'codes:try',
  text: `update codes set tries = tries + 1
    where id = $1 and spent_at is null and expires_at > $2 and tries < $3
    returning digest, tries, channel`,
}

const readState: Statement = {
  name: 'codes:state',
  text: `select sent_at, channel, tries, expires_at <= $2 as expired, spent_at is not null as spent from codes where id = $1`,
}

interface StateRow {
  sent_at: Date
  channel: ChannelKind
  tries: number
  expired: boolean
  spent: boolean
}

export interface CodesDeps {
  readonly store: Store
  readonly keyring: Keyring
  readonly outbox: Outbox
  readonly budgets: Budgets
  readonly clock: Clock
  readonly limits: CodeLimits
  /** For the origin-bound last line of an SMS, as `boundHost` says it. */
  readonly host: string | undefined
}

export function makeCodes(deps: CodesDeps): Codes {
  const { store, keyring, outbox, budgets, clock, limits } = deps
  const digestOf = (id: string, code: string) => keyedHash(keyring.key('codes'), id, code)
  const contactKeyOf = ({ kind, contact }: CodeAsked) =>
    `${kind}:${keyedHash(keyring.key('codes'), contact.kind, contact.value)}`
  const usable = (row: StateRow | undefined): row is StateRow =>
    row !== undefined && !row.expired && !row.spent && row.tries < limits.tries

  function refusalOf({ limit, retryAt }: ClosedGate): Refused {
    const seconds = Math.max(1, Math.ceil((retryAt.getTime() - clock.now().getTime()) / 1000))
    if (limit === PAUSE) return refused(codeErrors.too_soon, { seconds })
    return limit === DAY
      ? refused(codeErrors.too_many)
      : refused(codeErrors.too_busy, { minutes: Math.ceil(seconds / 60) })
  }

  const codes: Codes = {
    limits,
    async admit(asked, tx) {
      const contactKey = contactKeyOf(asked)
      const closed = await budgets.count(asked, contactKey, tx)
      return closed ? refusalOf(closed) : { ok: true, contactKey }
    },
    async issue(tx, request, { contactKey }) {
      if (contactKey !== contactKeyOf(request)) throw new Error('a code was admitted for another contact')
      const { id, oid, contact, kind, locale, channel = contact.kind === 'phone' ? 'sms' : 'mail' } = request
      const code = randomDigits(CODE_DIGITS)
      const sentAt = clock.now()
      const row = {
        digest: digestOf(id, code),
        pause_key: contactKey,
        channel,
        sent_at: sentAt,
        expires_at: addSeconds(sentAt, limits.ttlSeconds),
        spent_at: null,
      }
      // Another channel has a pause of its own: going from one to the next brings one more try at most, not all of them.
      const pauseAgo = addSeconds(sentAt, -limits.resendSeconds)
      await tx
        .insertInto('codes')
        .values({ id, ...row, tries: 0 })
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet((e) => ({
            ...row,
            tries: e
              .case()
              .when(e.and([e('codes.spent_at', 'is', null), e('codes.sent_at', '>', pauseAgo)]))
              .then(sql<number>`least(codes.tries, ${limits.tries - 1})`)
              .else(0)
              .end(),
          })),
        )
        .execute()
      const minutes = String(Math.floor(limits.ttlSeconds / 60))
      await outbox.add(tx, {
        oid,
        channel,
        recipient: contact.value,
        kind,
        values: { ...request.values, code, ...(deps.host !== undefined && { host: deps.host }), minutes },
        locale,
        ttlSeconds: limits.ttlSeconds,
      })
      return { ok: true, sentAt }
    },
    async send(request) {
      const admitted = await codes.admit(request)
      return admitted.ok ? store.tx((tx) => codes.issue(tx, request, admitted)) : admitted
    },
    async sent(id) {
      const [row] = await store.run<StateRow>(readState, [id, clock.now()])
      return usable(row) ? { at: row.sent_at, channel: row.channel } : undefined
    },
    async pending(id) {
      return (await codes.sent(id))?.at
    },
    async verify(id, typed) {
      const code = typed.replace(/[\s\u00a0-]/g, '')
      if (!/^\d{6}$/.test(code)) return refused(codeErrors.missing)
      const [tried] = await store.run<TriedRow>(countTry, [id, clock.now(), limits.tries])
      if (!tried) {
        const [row] = await store.run<StateRow>(readState, [id, clock.now()])
        if (row?.spent) return refused(codeErrors.used)
        return refused(row && !row.expired ? codeErrors.exhausted : codeErrors.expired)
      }
      if (constantTimeEqual(tried.digest, digestOf(id, code)))
        return { ok: true, digest: tried.digest, channel: tried.channel }
      const left = limits.tries - tried.tries
      return left > 0 ? refused(codeErrors.wrong, { left }) : refused(codeErrors.exhausted)
    },
    async spend(tx, id, verdict) {
      if (!verdict.ok) return verdict
      const spent = await tx
        .updateTable('codes')
        .set({ spent_at: clock.now() })
        .where('id', '=', id)
        .where('digest', '=', verdict.digest)
        .where('spent_at', 'is', null)
        .returning('pause_key')
        .executeTakeFirst()
      if (!spent) return refused(codeErrors.used)
      // The pause is against flooding; whoever used a code may need the next one at once, as for a step-up.
      await budgets.endPause(spent.pause_key, tx)
      return { ok: true }
    },
  }
  return codes
}

function refused(error: DefinedError, values: MessageValues = {}): Refused {
  return { ok: false, error, values }
}
