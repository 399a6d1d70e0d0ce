import type { Ctx } from '#src/http/context.ts'
import { randomTicket } from '#src/kernel/ids.ts'
import type { Pending, SignedIn } from './relying-party-client.ts'

/** What the demo remembers of one browser. */
export interface DemoSession {
  /** Authorization requests that have not come back, by `state`. */
  readonly pending: Map<string, Pending>
  signedIn?: SignedIn
  /** The refresh in progress: a second press of the button waits for it, as a refresh token works once. */
  refreshing?: Promise<SignedIn>
  /** How often the tokens were refreshed since the sign-in. */
  refreshed: number
  /** Message key of what just happened; shown once. */
  notice?: string
}

export interface DemoSessions {
  of(ctx: Ctx): DemoSession | undefined
  /** The browser's session, made if it has none. */
  ensure(ctx: Ctx): DemoSession
  /** Gives the session a new id, so that nobody who knew the old one is signed in with it. */
  renew(ctx: Ctx, session: DemoSession): void
  end(ctx: Ctx): void
}

const MOST_SESSIONS = 1000
const MOST_PENDING = 8

/**
 * Sessions in memory, found by a random cookie. Cookies do not tell ports apart, so the name carries the port: two sandboxes
 * on one machine, and the provider itself, share the jar of `localhost`.
 */
export function makeDemoSessions(origin: URL): DemoSessions {
  const cookie = `demo_rp_${origin.port || origin.protocol.slice(0, -1)}`
  const sessions = new Map<string, DemoSession>()
  const idOf = (ctx: Ctx) => ctx.cookies.get(cookie) ?? ''

  function keep(ctx: Ctx, session: DemoSession): void {
    const id = randomTicket()
    if (sessions.size >= MOST_SESSIONS) sessions.delete(sessions.keys().next().value!)
    sessions.set(id, session)
    ctx.cookies.set(cookie, id, {
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      secure: origin.protocol === 'https:',
      overwrite: true,
    })
  }

  return {
    of: (ctx) => sessions.get(idOf(ctx)),
    ensure(ctx) {
      const session = sessions.get(idOf(ctx)) ?? { pending: new Map(), refreshed: 0 }
      if (!sessions.has(idOf(ctx))) keep(ctx, session)
      return session
    },
    renew(ctx, session) {
      sessions.delete(idOf(ctx))
      keep(ctx, session)
    },
    end(ctx) {
      sessions.delete(idOf(ctx))
    },
  }
}

export function addPending(session: DemoSession, state: string, pending: Pending): void {
  if (session.pending.size >= MOST_PENDING) session.pending.delete(session.pending.keys().next().value!)
  session.pending.set(state, pending)
}

/** Finds a request by the `state` that came back and forgets it: an answer counts once. */
export function takePending(session: DemoSession | undefined, state: unknown): Pending | undefined {
  if (!session || typeof state !== 'string') return undefined
  const pending = session.pending.get(state)
  session.pending.delete(state)
  return pending
}
