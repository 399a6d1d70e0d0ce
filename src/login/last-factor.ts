import type { Ctx } from '#src/http/context.ts'
import { cookieName } from '#src/http/cookie-name.ts'

/**
 * The kind of further factor that was passed last in this browser, whoever's it was: it is offered first there the next time. A hint that
 * costs no statement and proves nothing.
 */
export interface LastFactor {
  of(ctx: Ctx): string | undefined
  remember(ctx: Ctx, kind: string): void
}

const COOKIE_DAYS = 400
const KIND = /^[a-z_]{1,32}$/

export function makeLastFactor({ secure }: { readonly secure: boolean }): LastFactor {
  const nameFor = (ctx: Ctx) => (secure ? '__Host-factor' : cookieName('factor', ctx.origin))
  return {
    of(ctx) {
      const kind = ctx.cookies.get(nameFor(ctx), { signed: false })
      return kind !== undefined && KIND.test(kind) ? kind : undefined
    },
    remember(ctx, kind) {
      const options = { signed: false, httpOnly: true, sameSite: 'lax', path: '/', secure, overwrite: true } as const
      ctx.cookies.set(nameFor(ctx), kind, { ...options, maxAge: COOKIE_DAYS * 86_400_000 })
    },
  }
}
