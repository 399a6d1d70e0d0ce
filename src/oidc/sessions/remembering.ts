import OidcProvider, { type KoaContextWithOIDC } from 'oidc-provider'
import type { State } from '#src/http/context.ts'
import { type Clock, unixSeconds } from '#src/kernel/clock.ts'
import { ticketHash } from '#src/kernel/ids.ts'
import type { Authorization } from '../grants.ts'
import type { SessionStore } from './store.ts'

/** What sessions keep of their use, beside the provider's own members. */
export interface SessionUse {
  /** When and from where it was used last. */
  seen?: { readonly at: number; readonly address: string; readonly device: string }
  /** How many grants with offline access its row knows; undefined where it has no row yet. */
  noted?: number
}

interface Session extends SessionUse {
  readonly uid: string
  readonly accountId?: string
  readonly firstLoginTs?: number
  readonly authorizations?: Readonly<Record<string, Authorization>>
  save(ttl: number): Promise<string>
}

const LONGEST_DEVICE = 256

/**
 * Keeps the list of each account's sessions. Where and when a session was used last stands in the session itself, which every request
 * stores anyway; a row is written when it begins, gains by a sign-in, or gives offline access.
 */
export function rememberSessions(provider: OidcProvider, deps: { sessionStore: SessionStore; clock: Clock }): void {
  const { sessionStore, clock } = deps
  const sessions = provider.Session as unknown as { IN_PAYLOAD: readonly string[]; prototype: Session }
  const { save } = sessions.prototype
  Object.defineProperty(sessions, 'IN_PAYLOAD', { value: [...sessions.IN_PAYLOAD, 'seen', 'noted'] })
  sessions.prototype.save = async function saved(ttl) {
    const ctx = OidcProvider.ctx as KoaContextWithOIDC | undefined
    if (ctx && this.accountId !== undefined) await remember(this, ctx)
    return save.call(this, ttl)
  }

  async function remember(session: Session, ctx: KoaContextWithOIDC): Promise<void> {
    const now = unixSeconds(clock.now())
    const device = ctx.get('User-Agent').slice(0, LONGEST_DEVICE)
    session.seen = { at: now, address: (ctx.state as State).address, device }
    const origin = originOf(ctx)
    const offline = offlineGrants(session)
    if (origin === undefined && session.noted === offline.length) return
    session.noted = offline.length
    await sessionStore.remember({
      oid: Number(session.accountId),
      uid: session.uid,
      begunAt: new Date((session.firstLoginTs ?? now) * 1000),
      origin,
      offline,
    })
  }
}

/** Of the sign-in that this request ends. */
function originOf({ oidc }: KoaContextWithOIDC): string | undefined {
  const login = (oidc.result as { login?: unknown } | undefined)?.login
  const interaction = oidc.entities.Interaction as { uid: string } | undefined
  return login === undefined || interaction === undefined ? undefined : ticketHash(interaction.uid)
}

function offlineGrants({ authorizations = {} }: Session): string[] {
  return Object.values(authorizations)
    .filter(({ persistsLogout }) => persistsLogout)
    .flatMap(({ grantId, formerGrantIds = [] }) => [...formerGrantIds, ...(grantId === undefined ? [] : [grantId])])
}
