import type Provider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { amrOf, combined, reached } from '#src/login/assurance.ts'
import { readEvidence, storeEvidence } from '#src/login/evidence.ts'
import type { Store } from '#src/store/store.ts'
import { endForGood } from './logout/ended-sessions.ts'

/** What a finished sign-in leaves in the interaction for the provider's resume, and for `rememberEvidence` after it. */
export interface LoginResult {
  readonly accountId: string
  readonly acr: string
  readonly amr: string[]
  readonly ts: number
  readonly evidence: ReturnType<typeof storeEvidence>
  /** Milliseconds. */
  readonly finishedAt: number
}

/** What our sessions hold beside the provider's own members. */
export interface SessionExtras {
  evidence?: ReturnType<typeof storeEvidence>
  /** Unix seconds of the first sign-in; the provider's `loginTs` moves with every later one. */
  firstLoginTs?: number
}

/** Lets sessions carry the evidence and the time of the first sign-in in their stored payload, and end for good. */
export function extendSessions(
  provider: Provider,
  deps: { store: Store; clock: Clock; sessions: { absoluteSeconds: number } },
): void {
  const Session = provider.Session as unknown as { IN_PAYLOAD: string[]; prototype: { destroy(): Promise<void> } }
  const members = [...Session.IN_PAYLOAD, 'evidence', 'firstLoginTs']
  Object.defineProperty(Session, 'IN_PAYLOAD', { value: members })
  const { destroy } = Session.prototype
  Session.prototype.destroy = async function ended(this: { uid: string }) {
    await destroy.call(this)
    await endForGood(deps.store, this.uid, addSeconds(deps.clock.now(), deps.sessions.absoluteSeconds))
  }
}

/**
 * After a sign-in, joins its evidence with what the live session had: a later, weaker sign-in never lowers a session. Runs when the
 * provider has taken the result over and before it asks whether it suffices.
 */
export function rememberEvidence(ctx: KoaContextWithOIDC): void {
  const login = (ctx.oidc.result as { login?: LoginResult } | undefined)?.login
  const session = ctx.oidc.session as unknown as (SessionExtras & { acr: string; amr: string[] }) | undefined
  if (!login || !session) return
  const evidence = combined(readEvidence(session.evidence), readEvidence(login.evidence))
  session.evidence = storeEvidence(evidence)
  session.firstLoginTs ??= login.ts
  session.acr = reached(evidence) ?? login.acr
  session.amr = amrOf(evidence)
}

/** Seconds until a session ends: idle time anew with each request, never beyond the absolute limit since the first sign-in. */
export function sessionTtl(
  limits: { idleSeconds: number; absoluteSeconds: number },
  session: SessionExtras,
  now: number,
): number {
  const absolute = (session.firstLoginTs ?? now) + limits.absoluteSeconds - now
  return Math.max(1, Math.min(limits.idleSeconds, absolute))
}
