import { decodeJwt } from 'jose'
import { type Configuration, errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { type Clock, unixSeconds } from '#src/kernel/clock.ts'
import { amrOf, freshEnough, meets, reached, ruled } from '#src/login/assurance.ts'
import { readEvidence } from '#src/login/evidence.ts'
import { claimsNamed } from './claims.ts'
import { identityLevelCheck } from './identity-level/check.ts'
import { IDENTITY_LEVEL } from './identity-level/demand.ts'
import { reportedAcr, requirementOf } from './requirement.ts'
import type { DemandsOf } from './resources/demands.ts'

/**
 * Since when evidence counts under `max_age`. In whole seconds, like the provider's interactions: finer on one side than on the other,
 * the two would disagree and send the browser to and fro.
 */
export function freshFrom(asked: Date, maxAgeSeconds: number): Date {
  return new Date((unixSeconds(asked) - maxAgeSeconds) * 1000)
}

/** The session's account is not active any more, so the session counts for nothing. */
const ACCOUNT_GONE = 'account_gone'

/** What the provider's reasons for a login prompt, and the request itself, say about the live session. */
export function worthOfSession(
  reasons: readonly string[],
  params: { max_age?: unknown },
): 'counts' | 'proves_nothing' | 'gone' {
  if (reasons.includes(ACCOUNT_GONE)) return 'gone'
  const forced = ['login_prompt', 'id_token_hint', 'claims_id_token_sub_value'].some((name) => reasons.includes(name))
  return forced || Number(params.max_age ?? Number.NaN) === 0 ? 'proves_nothing' : 'counts'
}

/** Whether the sign-in is enough for the request and only the identity level is missing. */
export const onlyIdentityLacks = (reasons: readonly string[]): boolean =>
  reasons.length === 1 && reasons[0] === IDENTITY_LEVEL

type SubjectOf = NonNullable<Configuration['pairwiseIdentifier']>

/**
 * The provider's own prompts, with the level of the session compared by order instead of equality: its two essential-acr checks would
 * ask an `aal2` session for `aal1` for ever.
 * @param deps `pairwise`: the subject of an account at a client that has pairwise ones
 */
export function makePolicy(deps: { clock: Clock; pairwise: SubjectOf; demandsOf: DemandsOf }) {
  const { pairwise, demandsOf } = deps
  const policy = interactionPolicy.base()
  const login = policy.get('login')
  if (!login) throw new Error('oidc-provider has no login prompt')
  login.checks.remove('essential_acrs')
  login.checks.remove('essential_acr')
  login.checks.add(
    new interactionPolicy.Check(
      ACCOUNT_GONE,
      'the account of the session is blocked or closed',
      'login_required',
      ({ oidc }) => oidc.session?.accountId !== undefined && oidc.account === undefined,
    ),
  )
  login.checks.add(
    new interactionPolicy.Check(
      'another_person',
      'somebody else signed in than the request is about',
      'login_required',
      (ctx) => refuseAnotherPerson(ctx, pairwise),
    ),
  )
  login.checks.add(
    new interactionPolicy.Check(
      'authentication_level',
      'the session is weaker or older than the request demands',
      'login_required',
      (ctx) => needsStepUp(ctx, deps),
    ),
  )
  login.checks.add(identityLevelCheck(demandsOf, { silent: false }))
  // The provider looks at names beside each other only, and not at what is asked for inside `verified_claims`.
  const consent = policy.get('consent')
  if (!consent) throw new Error('oidc-provider has no consent prompt')
  consent.checks.add(
    new interactionPolicy.Check(
      'claims_inside_missing',
      'claims asked for inside another one are not granted',
      'consent_required',
      lacksClaims,
    ),
  )
  // Last, as of what is missing the first is told.
  consent.checks.add(identityLevelCheck(demandsOf, { silent: true }))
  return policy
}

function lacksClaims({ oidc }: KoaContextWithOIDC): boolean {
  const granted = new Set(oidc.entities.Grant?.getOIDCClaimsEncountered())
  return claimsNamed(oidc.params?.claims).some((claim) => !granted.has(claim))
}

/** A sign-in as the wrong person ends the request (Core, section 3.1.2.2) instead of asking again and again. */
async function refuseAnotherPerson(ctx: KoaContextWithOIDC, pairwise: SubjectOf): Promise<boolean> {
  const { oidc } = ctx
  const hint = oidc.params?.id_token_hint
  // Its signature was checked when the request came in; the provider does not look at it again on the way back from the sign-in.
  const hinted = typeof hint === 'string' ? decodeJwt(hint).sub : undefined
  const named = (oidc.claims?.id_token?.sub as { value?: unknown } | undefined)?.value
  const wanted = named ?? hinted
  const accountId = oidc.session?.accountId
  if (wanted === undefined || accountId === undefined || !justSignedIn(oidc))
    return interactionPolicy.Check.NO_NEED_TO_PROMPT
  const client = oidc.client!
  const sub = client.subjectType === 'pairwise' ? await pairwise(ctx, accountId, client) : accountId
  if (sub !== wanted) throw new errors.LoginRequired('somebody else signed in than the request is about')
  return interactionPolicy.Check.NO_NEED_TO_PROMPT
}

/** What the policy has to know of an account beside the provider's own members. */
export interface PolicyAccount {
  /** The rule of its realm: no sign-in below `aal2`. */
  readonly ruled: boolean
}

const justSignedIn = (oidc: KoaContextWithOIDC['oidc']): boolean =>
  (oidc.result as { login?: unknown } | undefined)?.login !== undefined

async function needsStepUp(
  ctx: KoaContextWithOIDC,
  { clock, demandsOf }: { clock: Clock; demandsOf: DemandsOf },
): Promise<boolean> {
  const { oidc } = ctx
  const requirement = requirementOf(oidc.params ?? {}, await demandsOf(ctx), oidc.client!.clientId)
  const refuse = () =>
    new errors.UnmetAuthenticationRequirements('the authentication level asked for cannot be reached')
  if (requirement.impossible) throw refuse()
  if (!oidc.session?.accountId) return interactionPolicy.Check.NO_NEED_TO_PROMPT
  const resumed = oidc.entities.Interaction as { iat: number } | undefined
  const signedInNow = justSignedIn(oidc)
  const maxAge = oidc.params?.max_age
  if (maxAge !== undefined && Number(maxAge) === 0 && !signedInNow) return interactionPolicy.Check.REQUEST_PROMPT
  // On the way back from the sign-in counted from the same moment as there.
  const askedAt = resumed ? new Date(resumed.iat * 1000) : clock.now()
  const age = maxAge === undefined ? (oidc.prompts.has('login') ? 0 : undefined) : Number(maxAge)
  const since = age === undefined ? undefined : freshFrom(askedAt, age)
  const evidence = readEvidence((oidc.session as unknown as { evidence?: unknown }).evidence)
  const counted = freshEnough(evidence, since)
  const isRuled = (oidc.account as PolicyAccount | undefined)?.ruled === true
  if (!meets(isRuled ? ruled(requirement.demand) : requirement.demand, counted)) {
    if (signedInNow) throw refuse()
    return interactionPolicy.Check.REQUEST_PROMPT
  }
  const untried = resumed === undefined && !oidc.prompts.has('none')
  if (untried && requirement.wish && !meets(requirement.wish, counted)) return interactionPolicy.Check.REQUEST_PROMPT
  // All of what counts for this request: an old second factor must not stand beside a new `auth_time`.
  Object.defineProperty(oidc, 'acr', { value: reportedAcr(requirement.asked, counted), configurable: true })
  Object.defineProperty(oidc, 'amr', { value: amrOf(counted), configurable: true })
  Object.defineProperty(oidc, 'level', { value: reached(counted), configurable: true })
  return interactionPolicy.Check.NO_NEED_TO_PROMPT
}
