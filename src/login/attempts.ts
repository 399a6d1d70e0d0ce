import type { Logger } from 'pino'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Answer, Factor, LoginView, Outcome } from '#src/factors/factor.ts'
import type { Ctx } from '#src/http/context.ts'
import type { Journal, JournalEvent } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { DefinedError } from '#src/kernel/errors.ts'
import { NOBODY } from '#src/kernel/ids.ts'
import type { Store } from '#src/store/store.ts'
import { units } from '#src/store/unit.ts'
import type { Attempt, Gate, Throttle } from '#src/throttle/throttle.ts'
import { loginErrors } from './errors.ts'
import { factorRefused, identifierUnknown, loginLocked } from './events.ts'
import type { Interaction } from './interaction.ts'
import { lockNoticeLimit, networkLimit, subjectLimit } from './limits.ts'

/** Answers to the steps of a sign-in: counted first, then checked, slowed and locked where there are too many wrong ones. */
export interface Attempts {
  /** Counts an answer, before anything about it is checked. @param key whom it counts against: a keyed hash of what was typed, or the account */
  enter(ctx: Ctx, key: string): Promise<Entered>
  /** Checks and settles one answer; the same path whether the account exists or not. */
  answer(ctx: Ctx, at: At, entered: Entered, factor: Checking, view: LoginView, typed: Answer): Promise<Outcome>
}

/** What checks an answer. */
export type Checking = Pick<Factor, 'kind' | 'verify' | 'settle'>

/** Where the answer was given, for the journal. */
export interface At {
  readonly client: Pick<Interaction['client'], 'id'>
}

/** An answer that was counted, and the counts that a right one gives back. */
export interface Entered {
  readonly gate: Gate
  readonly network: Attempt
  readonly subject: Attempt
}

export interface AttemptsDeps {
  readonly store: Store
  readonly accounts: Pick<Accounts, 'find' | 'read'>
  readonly throttle: Throttle
  readonly journal: Journal
  readonly ownerNotices: OwnerNotices
  readonly clock: Clock
  readonly log: Pick<Logger, 'error'>
}

/** Where a request came from, for the journal. */
export const placeOf = (ctx: Ctx) => ({ address: ctx.state.address, device: ctx.get('User-Agent').slice(0, 256) })

export function makeAttempts({ store, accounts, throttle, journal, ownerNotices, clock, log }: AttemptsDeps): Attempts {
  return {
    async enter(ctx, key) {
      const network: Attempt = { limit: networkLimit, key: ctx.state.network }
      const subject: Attempt = { limit: subjectLimit, key }
      return { network, subject, gate: await throttle.enter([network, subject]) }
    },
    async answer(ctx, at, { gate, network, subject }, factor, view, typed) {
      const event = { client: at.client.id, ...placeOf(ctx) }
      // Written down for an identifier that nobody holds too, as a refusal must cost the same.
      const refusedFor = ({ code }: DefinedError) =>
        view.oid === undefined
          ? identifierUnknown(event)
          : factorRefused({ account: view.oid, kind: factor.kind, code, ...event })
      if (!gate.open) {
        const error = gate.locked ? loginErrors.locked : loginErrors.too_fast
        // The journal needs the account's key: fetched by a look-up that an identifier nobody holds costs as well.
        await accounts.find(view.oid ?? NOBODY)
        await journal.note(refusedFor(error))
        const seconds = Math.max(1, Math.ceil((gate.retryAt.getTime() - clock.now().getTime()) / 1000))
        return { ok: false, error, values: { seconds, minutes: Math.ceil(seconds / 60) } }
      }
      const verdict = await factor.verify(view, typed)
      const outcome = verdict.ok ? await factor.settle(view, verdict) : verdict
      if (!outcome.ok) {
        await journal.note(refusedFor(outcome.error))
        if (gate.lockedNow && view.oid !== undefined)
          tellOfLockLater(ctx, loginLocked({ account: view.oid, ...event, kind: factor.kind }))
        return outcome
      }
      await throttle.forget(subject)
      await throttle.refund(network)
      return outcome
    },
  }

  /** After the answer has left, and outside its unit of work: the time until then must not tell that there is somebody to be told. */
  function tellOfLockLater(ctx: Ctx, event: JournalEvent): void {
    ctx.res.once('close', () => {
      units
        .exit(() => tellOfLock(event))
        .catch((err: unknown) => {
          log.error({ err, requestId: ctx.state.requestId }, 'owner not told of a lock')
        })
    })
  }

  async function tellOfLock(event: JournalEvent): Promise<void> {
    const owner = await ownerNotices.ownerOf(event.account)
    await store.tx(async (tx) => {
      await journal.record(tx, event)
      const gate = await throttle.enter([{ limit: lockNoticeLimit, key: String(event.account) }], tx)
      if (gate.open) await ownerNotices.tell(tx, owner, { kind: 'password_locked', values: {} })
    })
  }
}
