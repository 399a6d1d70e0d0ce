import type { Ctx } from '#src/http/context.ts'
import { cookieName } from '#src/http/cookie-name.ts'
import { returnPath } from '#src/http/return-path.ts'
import { type Clock, unixSeconds } from '#src/kernel/clock.ts'
import { type AccountId, ticketHash } from '#src/kernel/ids.ts'

/** What our own pages leave in the browser beside the provider's session. */
export interface PageCookies {
  /** How long ago a page was shown in that session, in seconds; undefined when none was, or that cookie is of another. */
  unseenSeconds(ctx: Ctx, uid: string): number | undefined
  /** Whose page was shown last in this browser and how many seconds ago, whatever became of the session. */
  lastShown(ctx: Ctx): { readonly oid: AccountId; readonly secondsAgo: number } | undefined
  saw(ctx: Ctx, uid: string, oid: AccountId): void
  /** The ticket of a form that was kept for after the sign-in. */
  formTicket(ctx: Ctx): string | undefined
  giveFormTicket(ctx: Ctx, ticket: string, seconds: number): void
  dropFormTicket(ctx: Ctx): void
  /** The page that this person could not go on with for want of a second factor. */
  unfinished(ctx: Ctx, oid: AccountId): string | undefined
  leaveUnfinished(ctx: Ctx, oid: AccountId, page: string): void
  dropUnfinished(ctx: Ctx): void
  /** Nothing of ours stays behind, and the provider's session cookie goes, too. */
  clear(ctx: Ctx): void
}

/** A contact that was added counts after three days. */
const UNFINISHED_SECONDS = 7 * 86_400
const LONGEST_PAGE = 500

/**
 * @param sessionCookie the name of the provider's
 */
export function makePageCookies(deps: { clock: Clock; issuer: URL; sessionCookie: () => string }): PageCookies {
  const { clock, issuer, sessionCookie } = deps
  const secure = issuer.protocol === 'https:'
  const named = (name: string) => (secure ? `__Host-${name}` : cookieName(name, issuer.origin))
  const seen = named('seen')
  const form = named('form')
  const unfinished = named('unfinished')
  const common = { httpOnly: true, sameSite: 'lax', path: '/', secure, overwrite: true } as const

  /** `<hash of the session's uid>.<Unix seconds>.<account>`, signed by Koa. */
  const seenParts = (ctx: Ctx) => ctx.cookies.get(seen, { signed: true })?.split('.') ?? []
  const secondsSince = (at: string | undefined) => unixSeconds(clock.now()) - Number(at)

  return {
    unseenSeconds(ctx, uid) {
      const [whose, at] = seenParts(ctx)
      return whose === ticketHash(uid) ? secondsSince(at) : undefined
    },
    lastShown(ctx) {
      const [, at, account] = seenParts(ctx)
      const oid = Number(account)
      return Number.isSafeInteger(oid) ? { oid, secondsAgo: secondsSince(at) } : undefined
    },
    saw(ctx, uid, oid) {
      ctx.cookies.set(seen, `${ticketHash(uid)}.${unixSeconds(clock.now())}.${oid}`, { ...common, signed: true })
    },
    formTicket: (ctx) => ctx.cookies.get(form, { signed: true }),
    giveFormTicket: (ctx, ticket, seconds) =>
      void ctx.cookies.set(form, ticket, { ...common, signed: true, maxAge: seconds * 1000 }),
    dropFormTicket: (ctx) => void ctx.cookies.set(form, null, { ...common, signed: true }),
    unfinished(ctx, oid) {
      const [account, page = ''] = ctx.cookies.get(unfinished, { signed: true })?.split('.') ?? []
      return account === String(oid) ? returnPath(Buffer.from(page, 'base64url').toString('utf8')) : undefined
    },
    leaveUnfinished(ctx, oid, page) {
      if (page.length > LONGEST_PAGE) return
      const value = `${oid}.${Buffer.from(page).toString('base64url')}`
      ctx.cookies.set(unfinished, value, { ...common, signed: true, maxAge: UNFINISHED_SECONDS * 1000 })
    },
    dropUnfinished(ctx) {
      if (ctx.cookies.get(unfinished, { signed: false }) !== undefined)
        ctx.cookies.set(unfinished, null, { ...common, signed: true })
    },
    clear(ctx) {
      for (const name of [seen, form, unfinished, sessionCookie()])
        ctx.cookies.set(name, null, { ...common, signed: true })
    },
  }
}
