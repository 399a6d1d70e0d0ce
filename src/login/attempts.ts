import type { Logger } from 'pino'
import type { Account } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Answer, Factor, LoginView, Outcome } from '#src/factors/factor.ts'
import type { Ctx } from '#src/http/context.ts'
import type { Journal, JournalEvent } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { DefinedError } from '#src/kernel/errors.ts'
import { type AccountId, NOBODY } from '#src/kernel/ids.ts'
import type { Store } from '#src/store/store.ts'
import { units } from '#src/store/unit.ts'
import type { Attempt, Gate, Throttle } from '#src/throttle/throttle.ts'
import {
  type Challenges,
  type CheckedProof,
  proofLimit,
  type ShownChallenge,
  type TypedProof,
} from './challenge/challenges.ts'
import { loginErrors } from './errors.ts'
import { factorRefused, identifierUnknown, loginLocked } from './events.ts'
import { attemptKey, type IdentifierKind } from './identifier.ts'
import type { Interaction } from './interaction.ts'
import { type LoginLimits, lockNoticeLimit } from './limits.ts'

/** Answers to the steps of a sign-in: counted first, then checked; slowed, met with a proof of work and locked where there are too many wrong ones. */
export interface Attempts {
  /**
   * Counts an answer that names the account itself and would have to be forged, before anything about it is checked.
   * @param key a keyed hash of what the answer names
   */
  enterOpening(ctx: Ctx, key: string): Promise<Entered>
  /**
   * Counts an answer to a further factor of somebody who has proven something already, for each kind apart: who guesses at one keeps nobody
   * from passing another. In a browser that the account knows nobody else's answers matter but for the day's limit.
   */
  enterFactor(ctx: Ctx, owner: AccountId, factor: Pick<Factor, 'kind' | 'unguessable'>): Promise<Entered>
  /** Counts a password for an identifier, which anybody can give. */
  enterPassword(ctx: Ctx, guess: PasswordGuess): Promise<Entered>
  /** Checks and settles one answer; the same path whether the account exists or not. */
  answer(ctx: Ctx, at: At, entered: Entered, factor: Checking, view: LoginView, typed: Answer): Promise<Outcome>
  /**
   * The owner has come in otherwise: what locks the account's identifiers ends, and further factors as well where no password alone has
   * proven who it is. What was counted stays, so that it lends nobody more than one further guess.
   */
  endLocks(account: Pick<Account, 'oid' | 'phone' | 'email' | 'person'>, what: 'passwords' | 'all'): Promise<void>
}

export interface PasswordGuess {
  /** In its canonical spelling. */
  readonly identifier: string
  readonly owner: Promise<AccountId | undefined>
  /** The sign-in, which a proof is good for beside the identifier. */
  readonly uid: string
  readonly proof: TypedProof
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
  readonly own: Attempt
  /** Counts what others got wrong as well, which stays. */
  readonly shared?: Attempt
  /** Others' answers would have stopped it, but the account knows the browser. */
  readonly spared?: true
  /** Of a further factor, which takes the password before it. */
  readonly further?: true
  /** What limits wrong answers for the day, known device or not; a right one gives its own back, and others stay. */
  readonly daily?: Attempt
  /** What the next answer has to bring along. */
  readonly challenge?: ShownChallenge
}

export interface AttemptsDeps {
  readonly store: Store
  readonly accounts: Pick<Accounts, 'find' | 'read'>
  readonly throttle: Throttle
  readonly limits: LoginLimits
  /** Kinds of factors, whose locks end together. */
  readonly factors: Readonly<Record<string, Pick<Factor, 'opens'>>>
  readonly challenges: Challenges
  readonly devices: KnownBrowsers
  /** Keyed hash of an identifier: passwords are counted by it alone, whether somebody holds it or not. */
  readonly blind: (identifier: string) => string
  readonly journal: Journal
  readonly ownerNotices: OwnerNotices
  readonly clock: Clock
  readonly log: Pick<Logger, 'error'>
}

/** What `Devices` knows of a request's browser. */
interface KnownBrowsers {
  countedAs(ctx: Ctx): string | undefined
  find(ctx: Ctx, oid: AccountId | undefined): Promise<unknown>
}

/** Where a request came from, for the journal. */
export const placeOf = (ctx: Ctx) => ({ address: ctx.state.address, device: ctx.get('User-Agent').slice(0, 256) })

export function makeAttempts(deps: AttemptsDeps): Attempts {
  const { store, accounts, throttle, limits, challenges, devices, blind, journal, ownerNotices, clock, log } = deps
  // By what was typed and not by the account, or a lock would tell that a phone and an e-mail belong together.
  const keyFor = (identifier: string) => `identifier:${blind(identifier)}`
  const factorKey = (oid: AccountId, kind: string) => `${oid}:${kind}`
  const subjectOf = (oid: AccountId, kind: string): Attempt => ({ limit: limits.subject, key: factorKey(oid, kind) })
  const dailyOf = (oid: AccountId, kind: string): Attempt => ({ limit: limits.factorDay, key: factorKey(oid, kind) })

  /**
   * Asked only where the gate is closed, so that nobody pays for it whom nothing stops; the same look-up for an account that does not know
   * the browser and for an identifier that nobody holds.
   * @returns the gate of the browser's own count, if the account knows it and it is open
   */
  async function spare(
    ctx: Ctx,
    key: string,
    owner: AccountId | undefined,
    daily?: Attempt,
  ): Promise<Entered | undefined> {
    const counted = devices.countedAs(ctx)
    if (counted === undefined || !(await devices.find(ctx, owner))) return undefined
    const device: Attempt = { limit: limits.knownDevice, key: `${counted}:${key}` }
    const gate = await throttle.enter([device, ...(daily ? [daily] : [])])
    const network: Attempt = { limit: limits.network, key: ctx.state.network }
    return gate.open ? { gate, network, own: device, spared: true, ...(daily && { daily }) } : undefined
  }

  /** The challenge for the next answer. One that was refused too early or for want of a turn goes on to be asked for. */
  async function nextChallenge(
    purpose: string,
    gate: Gate,
    checked: CheckedProof,
  ): Promise<ShownChallenge | undefined> {
    if (gate.locked) return undefined
    // Those who wait are counted elsewhere, where no proof is asked for.
    const before = 'hardness' in checked && (checked.kind === 'waited' || !gate.open) ? checked.hardness : undefined
    const hardness = gate.proof ?? before
    if (hardness === undefined) return undefined
    return checked.kind === 'early' ? checked.shown : challenges.make(purpose, hardness)
  }

  return {
    async enterOpening(ctx, key) {
      const network: Attempt = { limit: limits.network, key: ctx.state.network }
      const subject: Attempt = { limit: limits.subject, key }
      // What a stranger would have to prove by work, this one has to forge.
      return { gate: await throttle.enter([network, subject], undefined, true), network, own: subject }
    },
    async enterFactor(ctx, owner, { kind, unguessable }) {
      const network: Attempt = { limit: limits.network, key: ctx.state.network }
      const subject = subjectOf(owner, kind)
      const daily = unguessable ? undefined : dailyOf(owner, kind)
      // What is refused as too early is no guess, so the day comes last. The password stands for the proof of work.
      const gate = await throttle.enter([network, subject, ...(daily ? [daily] : [])], undefined, true)
      const stopped = !gate.open && gate.limit !== limits.factorDay.name
      const spared = stopped ? await spare(ctx, subject.key, owner, daily) : undefined
      return { ...(spared ?? { gate, network, own: subject, ...(daily && { daily }) }), further: true }
    },
    async enterPassword(ctx, { identifier, owner, uid, proof }) {
      const key = keyFor(identifier)
      const purpose = `${uid}:${key}`
      const network: Attempt = { limit: limits.network, key: ctx.state.network }
      const pair: Attempt = { limit: limits.pair, key: `${ctx.state.network}:${key}` }
      const all: Attempt = { limit: limits.identifier, key }
      const waited: Attempt = { limit: limits.waited, key }
      const waitedHere: Attempt = { limit: limits.waitedNetwork, key: ctx.state.network }
      const checked = await challenges.check(purpose, proof)
      const unproven = () => throttle.enter([network, pair, all])
      let gate: Gate
      if (checked.kind === 'solved' || checked.kind === 'waited') {
        const spent: Attempt = { limit: proofLimit, key: checked.id }
        const counted = checked.kind === 'solved' ? [pair, all] : [waitedHere, waited]
        gate = await throttle.enter([spent, network, ...counted], undefined, true)
        if (!gate.open && gate.limit === proofLimit.name) gate = await unproven()
      } else {
        gate = await unproven()
      }
      // What others have stopped is not this network's mistake; its count is what a right password is forgiven.
      if (!gate.open && gate.limit === limits.identifier.name) await throttle.refund(pair)
      if (!gate.open) {
        const spared = await spare(ctx, key, await owner)
        if (spared) return spared
      }
      const challenge = await nextChallenge(purpose, gate, checked)
      return { gate, network, own: pair, shared: all, ...(challenge && { challenge }) }
    },
    async answer(ctx, at, { gate, network, own, shared, challenge, daily, further }, factor, view, typed) {
      const event = { client: at.client.id, ...placeOf(ctx) }
      // Written down for an identifier that nobody holds too, as a refusal must cost the same.
      const refusedFor = ({ code }: DefinedError) =>
        view.oid === undefined
          ? identifierUnknown(event)
          : factorRefused({ account: view.oid, kind: factor.kind, code, ...event })
      if (!gate.open) {
        const lacking = gate.proof !== undefined
        const paused = gate.limit === limits.factorDay.name ? loginErrors.factor_day : loginErrors.factor_locked
        const locked = further ? paused : loginErrors.locked
        const error = gate.locked ? locked : lacking ? loginErrors.proof_needed : loginErrors.too_fast
        // The journal needs the account's key: fetched by a look-up that an identifier nobody holds costs as well.
        await accounts.find(view.oid ?? NOBODY)
        await journal.note(refusedFor(error))
        const wait = Math.max(1, Math.ceil((gate.retryAt.getTime() - clock.now().getTime()) / 1000))
        const seconds = lacking ? (challenge?.seconds ?? wait) : wait
        return { ok: false, error, values: { seconds, minutes: Math.ceil(seconds / 60) } }
      }
      const verdict = await factor.verify(view, typed)
      const outcome = verdict.ok ? await factor.settle(view, verdict) : verdict
      if (!outcome.ok) {
        await journal.note(refusedFor(outcome.error))
        if (gate.locked && gate.locked !== limits.network.name && view.oid !== undefined)
          tellOfLockLater(ctx, loginLocked({ account: view.oid, ...event, kind: factor.kind }), further === true)
        return outcome
      }
      if (shared) await throttle.forgive(shared, own)
      await throttle.forget(own)
      await throttle.refund(network)
      if (daily) await throttle.refund(daily)
      if (daily && gate.locked === daily.limit.name) await throttle.unlock(daily)
      return outcome
    },
    async endLocks({ oid, phone, email, person: { snils } }, what) {
      for (const [kind, value] of Object.entries({ phone, email, snils }) as [IdentifierKind, string | undefined][])
        if (value !== undefined)
          await throttle.unlock({ limit: limits.identifier, key: keyFor(attemptKey(kind, value)) })
      if (what === 'passwords') return
      for (const [kind, { opens }] of Object.entries(deps.factors))
        if (!opens) for (const attempt of [subjectOf(oid, kind), dailyOf(oid, kind)]) await throttle.unlock(attempt)
    },
  }

  /** After the answer has left, and outside its unit of work: the time until then must not tell that there is somebody to be told. */
  function tellOfLockLater(ctx: Ctx, event: JournalEvent, further: boolean): void {
    ctx.res.once('close', () => {
      units
        .exit(() => tellOfLock(event, further))
        .catch((err: unknown) => {
          log.error({ err, requestId: ctx.state.requestId }, 'owner not told of a lock')
        })
    })
  }

  /** @param further whoever guesses knows the password, so there is more to say than of a password that nobody has guessed */
  async function tellOfLock(event: JournalEvent, further: boolean): Promise<void> {
    const owner = await ownerNotices.ownerOf(event.account)
    await store.tx(async (tx) => {
      await journal.record(tx, event)
      const key = further ? `${event.account}:further` : String(event.account)
      const gate = await throttle.enter([{ limit: lockNoticeLimit, key }], tx)
      const kind = further ? 'factor_guessed' : 'password_locked'
      if (gate.open) await ownerNotices.tell(tx, owner, { kind, values: {} })
    })
  }
}
