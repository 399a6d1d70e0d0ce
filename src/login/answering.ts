import type { Account } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { IdentityRecords } from '#src/accounts/identity/records.ts'
import type { Consents } from '#src/consents/consents.ts'
import { consentGranted, consentRefused } from '#src/consents/events.ts'
import type { Evidence, Factor, LoginView, Opening, Refusal } from '#src/factors/factor.ts'
import type { Factors } from '#src/factors/registry.ts'
import type { Ctx, FieldError } from '#src/http/context.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { AppError } from '#src/kernel/errors.ts'
import { type AccountId, NOBODY } from '#src/kernel/ids.ts'
import type { Arrivals } from './arrivals.ts'
import { type Attempts, placeOf } from './attempts.ts'
import type { Authenticators } from './authenticators.ts'
import type { ShownChallenge, TypedProof } from './challenge/challenges.ts'
import type { Devices } from './devices.ts'
import { loginErrors } from './errors.ts'
import { factorPassed } from './events.ts'
import type { EvidenceStore } from './evidence.ts'
import { type Meaning, readIdentifier } from './identifier.ts'
import { type IdentityDue, identityDue, levelRequired } from './identity-due.ts'
import type { Interaction, Interactions } from './interaction.ts'
import { type Login, mayTrust, type Situation, type Trusts, takes } from './login.ts'
import type { Signals } from './signals.ts'
import type { WayBack } from './way-back.ts'

export type Answered =
  | { readonly ok: true; readonly situation: Situation }
  | {
      readonly ok: false
      readonly error: FieldError
      readonly status: number
      /** What the next answer has to bring along. */
      readonly challenge?: ShownChallenge
    }

/** What happens with an answer to the step that is due: counted, checked, journalled, and the sign-in moves on. */
export interface Answering {
  identify(
    ctx: Ctx,
    at: Interaction,
    now: Situation,
    typed: { identifier: string; password: string } & TypedProof,
  ): Promise<Answered>
  /** What the script of the first page asks the browser with, for a kind that names the account by itself. */
  invite(ctx: Ctx, at: Interaction, now: Situation, kind: string): Readonly<Record<string, unknown>>
  /** The answer to that, in place of identifier and password. */
  open(ctx: Ctx, at: Interaction, now: Situation, kind: string, typed: Record<string, string>): Promise<Answered>
  factor(ctx: Ctx, at: Interaction, now: Situation, kind: string, typed: Record<string, string>): Promise<Answered>
  /** @returns the refusal of the action, if it was refused */
  act(ctx: Ctx, at: Interaction, now: Situation, kind: string, action: string): Promise<FieldError | undefined>
  /** An authenticator was added in this sign-in, and proven by that. */
  enrolled(ctx: Ctx, at: Interaction, now: Situation, evidence: Evidence): Promise<Situation>
  /** A registration within this sign-in has just proven what it enrolled. */
  registered(ctx: Ctx, at: Interaction, now: Situation, registered: Registered): Promise<Situation>
  finish(ctx: Ctx, at: Interaction, now: Situation, consented: boolean): Promise<void>
  /** The person goes to where the identity level that the service demands is reached, and may not come back in time. */
  raiseLevel(at: Interaction, now: Situation, due: IdentityDue): Promise<void>
  /** The person goes back without the identity level that the service demands. */
  endBelow(ctx: Ctx, at: Interaction, now: Situation, due: IdentityDue): Promise<void>
  refuse(
    ctx: Ctx,
    at: Interaction,
    now: Situation,
    error: 'access_denied' | 'unmet_authentication_requirements',
  ): Promise<void>
}

/** The account of a registration that has just ended, and the factors that it enrolled and proved. */
export interface Registered {
  readonly oid: AccountId
  readonly factors: readonly string[]
}

export interface AnsweringDeps {
  readonly accounts: Accounts
  readonly identityRecords: Pick<IdentityRecords, 'ownerOf'>
  readonly consents: Consents
  readonly factors: Factors
  readonly attempts: Attempts
  readonly arrivals: Arrivals
  readonly journal: Journal
  readonly clock: Clock
  readonly login: Login
  readonly devices: Pick<Devices, 'find'>
  readonly evidence: EvidenceStore
  readonly interactions: Interactions
  readonly authenticators: Pick<Authenticators, 'used'>
  readonly signals: Pick<Signals, 'weigh' | 'foresee'>
  readonly wayBack: Pick<WayBack, 'forget'>
}

/** The owner's trust in the browser of a request. */
export function trustsIn(devices: Pick<Devices, 'find'>, ctx: Ctx): Trusts {
  return async (oid) => (await devices.find(ctx, oid))?.trustedUntil !== undefined
}

export function makeAnswering(deps: AnsweringDeps): Answering {
  const {
    accounts,
    identityRecords,
    consents,
    factors,
    attempts,
    journal,
    clock,
    login,
    evidence,
    interactions,
    authenticators,
    devices,
    wayBack,
  } = deps

  async function passed(
    ctx: Ctx,
    at: Interaction,
    now: Situation,
    oid: AccountId,
    given: Evidence,
  ): Promise<Situation> {
    const isFirst = now.proven.length === 0 || now.oid !== oid
    const doubted = isFirst && (await deps.signals.weigh(ctx, at, oid))
    const piece: Evidence = { ...given, ...(doubted && { doubted }) }
    await journal.note(
      factorPassed({
        account: oid,
        client: at.client.id,
        kind: piece.kind,
        authenticator: piece.authenticator ?? '',
        ...placeOf(ctx),
      }),
    )
    await authenticators.used(oid, piece)
    const next = await login.after(trustsIn(devices, ctx), at, now, oid, piece)
    if (next.due.kind === 'done') return next
    if (now.oid !== undefined && now.oid !== oid && now.proven.length > 0) await evidence.clear(at.uid)
    await evidence.add(at.uid, oid, piece, at.expiresAt)
    return next
  }

  /** What a right answer leads to is fetched beside its check: look-ups that nobody waits for, for an identifier that nobody holds too. */
  function foresee(ctx: Ctx, at: Interaction, oid: AccountId = NOBODY): void {
    void accounts.find(oid)
    void consents.find(oid, at.client.id)
    deps.signals.foresee(ctx, oid)
  }

  return {
    async identify(ctx, at, now, { identifier, password, ...proof }) {
      const { key, meanings } = readIdentifier(identifier)
      const owner = ownerOf(meanings)
      const guess = { identifier: key, owner, uid: at.uid, proof }
      const [oid, entered] = await Promise.all([owner, attempts.enterPassword(ctx, guess)])
      foresee(ctx, at, oid)
      const view = viewOf(ctx, at, now, oid)
      const outcome = await attempts.answer(ctx, at, entered, factors.password, view, { password })
      const { spared, challenge } = entered
      if (!outcome.ok) {
        const field = outcome.error.status === 429 ? '' : 'identifier'
        return { ...refused(outcome, field), ...(challenge && { challenge }) }
      }
      const account = await openAccount(at, oid!)
      if (spared) await attempts.endLocks(account, 'passwords')
      return { ok: true, situation: await passed(ctx, at, now, account.oid, outcome.evidence) }
    },
    invite: (ctx, at, now, kind) => openingOf(kind).ask(openingView(ctx, at, now)),
    async open(ctx, at, now, kind, typed) {
      const nobody = openingView(ctx, at, now)
      const { oid, subject } = await openingOf(kind).names(nobody, typed)
      const entered = await attempts.enterOpening(ctx, subject)
      foresee(ctx, at, oid)
      const view = { ...nobody, oid }
      const outcome = await attempts.answer(ctx, at, entered, factorOf(kind), view, typed)
      if (!outcome.ok) return refused(outcome, '')
      const account = await openAccount(at, oid!)
      await attempts.endLocks(account, 'all')
      return { ok: true, situation: await passed(ctx, at, now, account.oid, outcome.evidence) }
    },
    async factor(ctx, at, now, kind, typed) {
      const factor = factorOf(kind)
      const entered = await attempts.enterFactor(ctx, now.oid!, factor)
      const outcome = await attempts.answer(ctx, at, entered, factor, viewOf(ctx, at, now, now.oid), typed)
      const [field = ''] = factor.fields
      if (!outcome.ok) return refused(outcome, field)
      if (entered.spared) await attempts.endLocks(await accounts.read(now.oid!), 'all')
      const trusts = mayTrust(now) && typed.trust !== undefined
      const piece = { ...outcome.evidence, ...(trusts && { trustsDevice: true as const }) }
      const situation = await passed(ctx, at, now, now.oid!, piece)
      // Right, but worth less than this authenticator can be, such as a key that did not ask for its PIN.
      if (takes(situation, kind)) return refused({ ok: false, error: loginErrors.not_enough }, field)
      return { ok: true, situation }
    },
    enrolled: (ctx, at, now, piece) => passed(ctx, at, now, now.oid!, piece),
    async act(ctx, at, now, kind, action) {
      const factor = factorOf(kind)
      const done = await factor.act?.(viewOf(ctx, at, now, now.oid), action)
      return done === undefined || done.ok
        ? undefined
        : { field: factor.fields[0] ?? '', code: done.error.code, ...(done.values && { values: done.values }) }
    },
    async registered(ctx, at, now, { oid, factors: kinds }) {
      let situation = now
      for (const kind of kinds) {
        const piece = factorOf(kind).provenAtEnrolment?.(clock.now())
        if (piece) situation = await passed(ctx, at, situation, oid, piece)
      }
      return situation
    },
    async finish(ctx, at, { oid, proven }, consented) {
      const account = oid!
      await deps.arrivals.signedIn(ctx, at, account, proven)
      if (consented) {
        await journal.note(
          consentGranted({
            account,
            client: at.client.id,
            scopes: at.scopes.join(' '),
            claims: at.claims.join(' '),
            resources: at.resources.map(({ identifier, scopes }) => `${identifier}: ${scopes.join(' ')}`).join('; '),
            details: at.details.map(({ type }) => type).join(' '),
          }),
        )
      }
      wayBack.forget(ctx, at)
      const hasLevel = at.identityLevel !== undefined && !identityDue(at, await accounts.read(account))
      await interactions.finish(ctx, at, { kind: 'signed_in', oid: account, evidence: proven, consented, hasLevel })
    },
    raiseLevel: (at, { oid }, { required: level }) => interactions.await(at, { oid: oid!, level }),
    async endBelow(ctx, at, { oid }, { required: level }) {
      await interactions.await(at, { oid: oid!, level })
      wayBack.forget(ctx, at)
      await interactions.finish(ctx, at, { kind: 'refused', error: 'access_denied', description: levelRequired(level) })
    },
    async refuse(ctx, at, { oid }, error) {
      if (error === 'access_denied' && oid !== undefined)
        await journal.note(consentRefused({ account: oid, client: at.client.id }))
      wayBack.forget(ctx, at)
      const description =
        error === 'access_denied'
          ? 'the person did not agree to the request'
          : 'the authentication level asked for cannot be reached'
      await interactions.finish(ctx, at, { kind: 'refused', error, description })
    },
  }

  function factorOf(kind: string): Factor {
    const factor = (factors as Readonly<Record<string, Factor>>)[kind]
    if (!factor) throw new Error(`there is no factor ${kind}`)
    return factor
  }

  function openingOf(kind: string): Opening {
    const { opening } = factorOf(kind)
    if (!opening) throw new Error(`${kind} does not name an account`)
    return opening
  }

  function openingView(ctx: Ctx, at: Interaction, now: Situation) {
    return { ...viewOf(ctx, at, now, undefined), opening: true } as const
  }

  /** Only said to whoever has proven to be its owner. @throws AppError `login.blocked` | `login.closed` | `login.not_active` */
  async function openAccount({ ours }: Interaction, oid: AccountId): Promise<Account> {
    const account = await accounts.read(oid)
    const { state, stateReason } = account
    if (state === 'blocked' && stateReason !== undefined)
      throw new AppError(loginErrors.blocked, { reason: stateReason })
    if (state === 'closed' && !ours) throw new AppError(loginErrors.closed)
    if (state !== 'active' && state !== 'closed') throw new AppError(loginErrors.not_active)
    return account
  }

  function viewOf(ctx: Ctx, at: Interaction, now: Situation, oid: AccountId | undefined): LoginView {
    const { page, network } = ctx.state
    const wanted = now.due.kind === 'factor' ? now.due.wanted : at.required.level
    return { uid: at.uid, oid, locale: page.locale, browser: page.browser(), network, wanted }
  }

  /** What an identifier looks like decides how many look-ups there are, never what they find. */
  async function ownerOf(meanings: readonly (Meaning | undefined)[]): Promise<AccountId | undefined> {
    const [first, second] = await Promise.all(meanings.map((meaning) => meaning && holderOf(meaning)))
    return first ?? second
  }

  function holderOf({ kind, value }: Meaning): Promise<AccountId | undefined> {
    return kind === 'snils' ? identityRecords.ownerOf('snils', value) : accounts.ownerOf(kind, value)
  }
}

function refused({ error, values }: Refusal, field: string): Answered & { ok: false } {
  return { ok: false, error: { field, code: error.code, ...(values && { values }) }, status: error.status }
}
