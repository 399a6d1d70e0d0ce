import type { Account } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { Settings } from '#src/accounts/settings.ts'
import type { SecondFactorPolicy } from '#src/config/config.ts'
import { type Consents, covers } from '#src/consents/consents.ts'
import type { Evidence, Factor, Worth } from '#src/factors/factor.ts'
import type { Factors } from '#src/factors/registry.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { AuthLevel } from '#src/kernel/levels.ts'
import type { ByRealm } from '#src/kernel/realms.ts'
import {
  changeDemands,
  combined,
  type Demand,
  enrolledWorths,
  freshEnough,
  levelWanted,
  meets,
  nextStep,
  reached,
  ruled,
  TWO_FACTORS,
} from './assurance.ts'
import type { Authenticators } from './authenticators.ts'
import type { EvidenceStore } from './evidence.ts'
import { type IdentityDue, identityDue } from './identity-due.ts'
import type { Interaction } from './interaction.ts'
import { type RenewalDue, renewalDue } from './renewal.ts'
import { ownDemand } from './second-factor.ts'

/** Where a sign-in stands: who it is about, what was proven in it, and which page is due. */
export interface Situation {
  readonly oid: AccountId | undefined
  /** Proven in this interaction. */
  readonly proven: readonly Evidence[]
  readonly due: Due
  /** The kind of authenticator that is being added in order to go on; what is due is due for that. */
  readonly adding?: string
}

/** Why a further factor is asked for: the service wants it, the realm's rule, the owner's own setting, the sign-in is unusual, or as a new one is to be added or to take the place of an old one. */
export type Why = 'service' | 'realm' | 'owner' | 'signal' | 'enrolment' | 'renewal'

export type FactorDue = {
  readonly kind: 'factor'
  readonly factors: readonly string[]
  readonly wanted: AuthLevel
  readonly why: Why
}

/** What a sign-in lacks that cannot go on: a stronger way, hardware that verifies its user, or a second proof of who it is in an unusual place. */
export type Lacking = 'strength' | 'hardware' | 'trust'

export type Due =
  /** Nothing counts yet: identifier and password. */
  | { readonly kind: 'identify' }
  /** Any of these factors; each leads towards `wanted`. */
  | FactorDue
  /** The account has nothing that reaches it; adding one of these kinds would, where there are any. */
  | { readonly kind: 'unmet'; readonly enrol: readonly string[]; readonly lacking: Lacking }
  /** Who it is has been proven well enough to add the authenticator. */
  | { readonly kind: 'enrol' }
  | RenewalDue
  | IdentityDue
  | { readonly kind: 'consent' }
  | { readonly kind: 'done' }

/** A request to a page of a sign-in: which one, and where it stands. */
export interface At {
  readonly interaction: Interaction
  readonly situation: Situation
}

/** Whether an owner trusts the browser of the request; asked only where nothing but that owner's wish may be lacking. */
export type Trusts = (oid: AccountId) => Promise<boolean>

export interface Login {
  situation(trusts: Trusts, interaction: Interaction): Promise<Situation>
  /** The situation after one more factor was passed. */
  after(
    trusts: Trusts,
    interaction: Interaction,
    before: Situation,
    oid: AccountId,
    passed: Evidence,
  ): Promise<Situation>
  /**
   * The situation of whoever wants to add an authenticator in order to go on. It takes the strongest sign-in that the account still
   * allows, of the last five minutes, or a stolen password would be enough to add a second factor beside those that there are.
   */
  enrolling(trusts: Trusts, interaction: Interaction, kind: string): Promise<Situation>
}

/** Whether the person may be spared this factor in this browser: nothing but their own wish asks for it. */
export function mayTrust({ due }: Situation): boolean {
  return due.kind === 'factor' && due.why === 'owner'
}

/** Whether this situation takes an answer to a factor. */
export function takes({ due }: Situation, kind: string): boolean {
  return due.kind === 'factor' && due.factors.includes(kind)
}

/** One thing that a sign-in has to bring, and what becomes of it where the account has nothing for it. */
interface Asking {
  readonly demand: Demand
  readonly why: Why
  /** Without it the sign-in fails; else it is done without. */
  readonly binding: boolean
}

export interface LoginDeps {
  readonly accounts: Pick<Accounts, 'find'>
  readonly settings: Pick<Settings, 'of'>
  readonly consents: Pick<Consents, 'find'>
  readonly factors: Factors
  readonly authenticators: Pick<Authenticators, 'addable'>
  readonly evidence: EvidenceStore
  readonly clock: Clock
  readonly secondFactor: ByRealm<SecondFactorPolicy>
  /** Whether what a sign-in lacks may be added in it. */
  readonly enrolAtSignIn: ByRealm<boolean>
}

const ENROLMENT_SECONDS = 300
const [CONSENT, DONE] = [{ kind: 'consent' }, { kind: 'done' }] as const

/** Decides what a sign-in still lacks; every page asks it first, so that no step can be skipped by an address or an empty form. */
export function makeLogin(deps: LoginDeps): Login {
  const factors: Readonly<Record<string, Factor>> = deps.factors

  async function due(
    trusts: Trusts,
    at: Interaction,
    oid: AccountId | undefined,
    proven: readonly Evidence[],
  ): Promise<Due> {
    const counted = countedOf(at, oid, proven)
    const account = oid === undefined || counted.length === 0 ? undefined : await deps.accounts.find(oid)
    // Blocked or closed meanwhile: whoever begins again with the right password is told so. Of a closed one our own pages show the way back.
    if (!account || !(account.state === 'active' || (account.state === 'closed' && at.ours)))
      return { kind: 'identify' }
    for (const { demand, why, binding } of await askings(trusts, at, account, counted)) {
      const worths = await enrolledWorths(deps.factors, account.oid)
      const step = nextStep(demand, counted, worths)
      if (step.kind === 'ask') return asked(step.factors, levelWanted(demand), why)
      if (!binding) continue
      const doubt = settled(counted) ? undefined : nextStep(TWO_FACTORS, counted, worths)
      if (doubt?.kind === 'ask') return asked(doubt.factors, 'aal1', 'signal')
      const enrol = doubt ? [] : await enrollable(account, demand, counted, worths)
      return { kind: 'unmet', enrol, lacking: doubt ? 'trust' : lackingFor(demand) }
    }
    const renewal = await renewing(account, counted, proven)
    if (renewal) return renewal
    const identity = identityDue(at, account)
    // Finished first: the pages that raise the level need the session. The provider asks again for what is missing then.
    if (identity) return proven.length > 0 ? DONE : identity
    return (await needsConsent(at, account.oid)) ? CONSENT : DONE
  }

  async function renewing(
    account: Account,
    counted: Evidence[],
    proven: readonly Evidence[],
  ): Promise<Due | undefined> {
    const justNow = freshEnough(counted, addSeconds(deps.clock.now(), -ENROLMENT_SECONDS))
    const found = await renewalDue(deps.factors, account, proven, combined(justNow, proven))
    if (found?.kind !== 'ask') return found
    const worths = await enrolledWorths(deps.factors, account.oid)
    return asked(found.factors, reached(worths) ?? 'aal1', 'renewal')
  }

  /** What is not met yet, the most that could be wanted first. */
  async function askings(
    trusts: Trusts,
    at: Interaction,
    account: Account,
    counted: readonly Evidence[],
  ): Promise<Asking[]> {
    const own = ownDemand(account, await deps.settings.of(account.oid), deps.secondFactor)
    const { required, wished } = at
    const doubted = counted.some((piece) => piece.doubted)
    const twoFactors = doubted || required.twoFactors === true
    const whole = (demand: Demand) => ({ ...(own === 'ruled' ? ruled(demand) : demand), twoFactors })
    const all: Asking[] = [
      ...(wished ? [{ demand: whole(wished), why: 'service' as const, binding: false }] : []),
      {
        demand: whole(required),
        why: meets(required, counted) ? (own === 'ruled' ? 'realm' : 'signal') : 'service',
        binding: true,
      },
      ...(own === 'wished' ? [{ demand: TWO_FACTORS, why: 'owner' as const, binding: false }] : []),
    ]
    const lacking = all.filter(({ demand }) => !meets(demand, counted))
    const isSpared = lacking.some(({ why }) => why === 'owner') && (await trusts(account.oid))
    return isSpared ? lacking.filter(({ why }) => why !== 'owner') : lacking
  }

  /**
   * What has to be proven to add an authenticator. Where there is but one thing to prove oneself by, nothing is added beside it: a stolen
   * password must not lead to more. But whoever may not sign in without a second factor has nowhere else to add it.
   */
  function addingDemand(account: Account, worths: readonly Worth[]): Demand | undefined {
    const { atOnce, delayed } = changeDemands(worths)
    return atOnce ?? (deps.secondFactor[account.realm] === 'required' ? delayed : undefined)
  }

  /** What stands in for another factor, such as recovery codes, is none to begin with. */
  async function enrollable(
    account: Account,
    demand: Demand,
    counted: readonly Worth[],
    worths: readonly Worth[],
  ): Promise<string[]> {
    if (!deps.enrolAtSignIn[account.realm] || !addingDemand(account, worths)) return []
    const soFar = [...counted, ...worths]
    const addable = await deps.authenticators.addable(account.oid)
    return addable
      .filter(
        ({ kind, replaces }) =>
          !replaces && !factors[kind]!.best.rescue && meets(demand, [...soFar, factors[kind]!.best]),
      )
      .map(({ kind }) => kind)
  }

  /** A factor that needs the identifier beside it has a page of its own, and leads on only where nothing else does. */
  function asked(kinds: readonly string[], wanted: AuthLevel, why: Why): Due {
    return kinds.every((kind) => factors[kind]!.opens)
      ? { kind: 'identify' }
      : { kind: 'factor', factors: kinds, wanted, why }
  }

  async function needsConsent(interaction: Interaction, oid: AccountId): Promise<boolean> {
    if (interaction.ours) return false
    if (interaction.forcesConsent || interaction.details.length > 0) return true
    return !covers(await deps.consents.find(oid, interaction.client.id), interaction)
  }

  async function situation(trusts: Trusts, interaction: Interaction): Promise<Situation> {
    const soFar = await deps.evidence.of(interaction.uid)
    const oid = soFar?.oid ?? interaction.session?.oid
    const proven = soFar?.evidence ?? []
    return { oid, proven, due: await due(trusts, interaction, oid, proven) }
  }

  return {
    situation,
    async after(trusts, interaction, before, oid, passed) {
      const proven = before.oid === oid ? combined(before.proven, [passed]) : [passed]
      return { oid, proven, due: await due(trusts, interaction, oid, proven) }
    },
    async enrolling(trusts, interaction, kind) {
      const now = await situation(trusts, interaction)
      if (now.due.kind !== 'unmet' || !now.due.enrol.includes(kind)) return now
      const [account, worths] = await Promise.all([
        deps.accounts.find(now.oid!),
        enrolledWorths(deps.factors, now.oid!),
      ])
      const fresh = freshEnough(
        countedOf(interaction, now.oid, now.proven),
        addSeconds(deps.clock.now(), -ENROLMENT_SECONDS),
      )
      // The password comes first: a code must not go out for somebody who merely has the browser.
      if (fresh.length === 0) return { ...now, adding: kind, due: { kind: 'identify' } }
      // A second factor that makes no higher level, such as an e-mail, still is one that a stolen password does not come with.
      const demand = account && addingDemand(account, worths)
      if (!demand) return now
      const step = nextStep(demand, fresh, worths)
      if (step.kind === 'ask') return { ...now, adding: kind, due: asked(step.factors, demand.level, 'enrolment') }
      return step.kind === 'done' ? { ...now, adding: kind, due: { kind: 'enrol' } } : now
    },
  }
}

/** Whether nothing about the sign-in is in doubt, or two factors of different nature have settled that. */
const settled = (counted: readonly Evidence[]) => !counted.some((piece) => piece.doubted) || meets(TWO_FACTORS, counted)

/** People who have a passkey would not see why it is not enough. */
const lackingFor = ({ level, anyOf }: Demand): Lacking =>
  level === 'aal3' || (anyOf.length > 0 && anyOf.every((acr) => acr === 'phrh' || acr === 'aal3'))
    ? 'hardware'
    : 'strength'

/** What was proven and counts for this request. */
function countedOf(at: Interaction, oid: AccountId | undefined, proven: readonly Evidence[]): Evidence[] {
  const { session, sessionProves, freshSince } = at
  const before = sessionProves && session !== undefined && session.oid === oid ? session.evidence : []
  return freshEnough(combined(before, proven), freshSince)
}
