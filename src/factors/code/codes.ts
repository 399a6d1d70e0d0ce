import type { Clock } from '#src/kernel/clock.ts'
import { addSeconds } from '#src/kernel/clock.ts'
import type { DefinedError, MessageValues } from '#src/kernel/errors.ts'
import { type AccountId, constantTimeEqual, randomDigits } from '#src/kernel/ids.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { Outbox } from '#src/notifications/outbox.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { keyedHash } from '#src/store/seal.ts'
import type { Statement } from '#src/store/statement.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { Limit, Throttle } from '#src/throttle/throttle.ts'
import { codeErrors } from './errors.ts'

const CODE_DIGITS = 6

/** R-B2: how long a code lives, how often it may be tried, sent again, and sent in a day. */
export interface CodeLimits {
  readonly ttlSeconds: number
  readonly tries: number
  readonly resendSeconds: number
  readonly perContactPerDay: number
}

export interface CodeRequest {
  /** What the code is for, such as `login:<hash>`; a new code for the same id replaces the old one. */
  readonly id: string
  readonly contact: { readonly kind: 'phone' | 'email'; readonly value: string }
  /** NOBODY while there is no account. */
  readonly oid: AccountId
  readonly kind: 'registration_code' | 'sign_in_code' | 'approval_code' | 'approval_code_bound'
  readonly locale: Locale
  /** What the text of the message says beside the code. */
  readonly values?: Readonly<Record<string, string>>
}

type Refused = { readonly ok: false; readonly error: DefinedError; readonly values: MessageValues }

/** The right code, still to be spent. */
export type CodeVerdict = { readonly ok: true; readonly digest: string } | Refused

export interface Codes {
  /** Makes a code and puts it into the outbox. Refusals: `code.too_soon` {seconds}, `code.too_many`. */
  issue(tx: Tx, request: CodeRequest): Promise<{ ok: true; sentAt: Date } | Refused>
  /** When the code that can still be used was sent; undefined when there is none. */
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
}

const countTry: Statement = {
  name: 'codes:try',
  text: `update codes set tries = tries + 1
    where id = $1 and spent_at is null and expires_at > $2 and tries < $3 returning digest, tries`,
}

const readState: Statement = {
  name: 'codes:state',
  text: 'select sent_at, tries, expires_at <= $2 as expired, spent_at is not null as spent from codes where id = $1',
}

interface StateRow {
  sent_at: Date
  tries: number
  expired: boolean
  spent: boolean
}

const DAY_SECONDS = 86_400

export function makeCodes(deps: {
  store: Store
  keyring: Keyring
  outbox: Outbox
  throttle: Throttle
  clock: Clock
  limits: CodeLimits
  /** Host of the pages, for the origin-bound last line of an SMS. */
  host: string
}): Codes {
  const { store, keyring, outbox, throttle, clock, limits } = deps
  const pause: Limit = {
    name: 'code_pause',
    windowSeconds: DAY_SECONDS,
    free: 1,
    delaySeconds: limits.resendSeconds,
    maxDelaySeconds: limits.resendSeconds,
  }
  const day: Limit = {
    name: 'code_day',
    windowSeconds: DAY_SECONDS,
    free: limits.perContactPerDay,
    delaySeconds: DAY_SECONDS,
    maxDelaySeconds: DAY_SECONDS,
  }
  const digestOf = (id: string, code: string) => keyedHash(keyring.key('codes'), id, code)

  return {
    limits,
    async issue(tx, request) {
      const key = `${request.kind}:${keyedHash(keyring.key('codes'), request.contact.kind, request.contact.value)}`
      const gate = await throttle.enter(
        // The pause first: asking too early must not use up the day's codes.
        [
          { limit: pause, key },
          { limit: day, key },
        ],
        tx,
      )
      if (!gate.open) {
        const seconds = Math.max(1, Math.ceil((gate.retryAt.getTime() - clock.now().getTime()) / 1000))
        return {
          ok: false,
          error: gate.limit === day.name ? codeErrors.too_many : codeErrors.too_soon,
          values: { seconds },
        }
      }
      const code = randomDigits(CODE_DIGITS)
      const sentAt = clock.now()
      const row = {
        digest: digestOf(request.id, code),
        pause_key: key,
        tries: 0,
        sent_at: sentAt,
        expires_at: addSeconds(sentAt, limits.ttlSeconds),
        spent_at: null,
      }
      await tx
        .insertInto('codes')
        .values({ id: request.id, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute()
      await outbox.add(tx, {
        oid: request.oid,
        channel: request.contact.kind === 'phone' ? 'sms' : 'mail',
        recipient: request.contact.value,
        kind: request.kind,
        values: { ...request.values, code, host: deps.host, minutes: String(Math.floor(limits.ttlSeconds / 60)) },
        locale: request.locale,
        ttlSeconds: limits.ttlSeconds,
      })
      return { ok: true, sentAt }
    },
    async pending(id) {
      const [row] = await store.run<StateRow>(readState, [id, clock.now()])
      return row && !row.expired && !row.spent && row.tries < limits.tries ? row.sent_at : undefined
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
      if (constantTimeEqual(tried.digest, digestOf(id, code))) return { ok: true, digest: tried.digest }
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
      await throttle.forget({ limit: pause, key: spent.pause_key }, tx)
      return { ok: true }
    },
  }
}

function refused(error: DefinedError, values: MessageValues = {}): Refused {
  return { ok: false, error, values }
}
