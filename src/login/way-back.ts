import type { Ctx } from '#src/http/context.ts'
import { cookieName } from '#src/http/cookie-name.ts'
import { type Clock, unixSeconds } from '#src/kernel/clock.ts'
import type { Interaction } from './interaction.ts'

/** A sign-in that waits while the person does in the cabinet what it lacks. */
export interface Waiting {
  /** Its address here. */
  readonly href: string
  /** The name of the service. */
  readonly service: string
}

/** Leads from the cabinet back to the sign-in that sent the person there. */
export interface WayBack {
  remember(ctx: Ctx, at: Pick<Interaction, 'uid' | 'expiresAt' | 'client'>): void
  of(ctx: Ctx): Waiting | undefined
  /** That sign-in is over, whichever way. */
  forget(ctx: Ctx, at: Pick<Interaction, 'uid'>): void
}

const COOKIE = /^([A-Za-z0-9_-]{1,64})\.(\d{10})\.([A-Za-z0-9_-]{1,1200})$/

/**
 * Kept in a signed cookie: what stands in it is ours, leads nowhere but to a sign-in here, and stays out of addresses. A sign-in opens only
 * in the browser that began it, so the cookie proves nothing and opens nothing.
 */
export function makeWayBack({ clock, secure }: { readonly clock: Clock; readonly secure: boolean }): WayBack {
  const nameFor = (ctx: Ctx) => (secure ? '__Host-way-back' : cookieName('way_back', ctx.origin))
  const options = { signed: true, httpOnly: true, sameSite: 'lax', path: '/', secure, overwrite: true } as const

  return {
    remember(ctx, { uid, expiresAt, client }) {
      const value = `${uid}.${unixSeconds(expiresAt)}.${Buffer.from(client.name).toString('base64url')}`
      ctx.cookies.set(nameFor(ctx), value, { ...options, maxAge: expiresAt.getTime() - clock.now().getTime() })
    },
    of,
    forget(ctx, { uid }) {
      if (of(ctx)?.href === hrefOf(uid)) ctx.cookies.set(nameFor(ctx), null, options)
    },
  }

  function of(ctx: Ctx): Waiting | undefined {
    const found = COOKIE.exec(ctx.cookies.get(nameFor(ctx), { signed: true }) ?? '')
    if (!found || Number(found[2]) <= unixSeconds(clock.now())) return undefined
    return { href: hrefOf(found[1]!), service: Buffer.from(found[3]!, 'base64url').toString('utf8') }
  }
}

const hrefOf = (uid: string) => `/login/${uid}`
