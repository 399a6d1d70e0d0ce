import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { AppError } from '#src/kernel/errors.ts'
import { constantTimeEqual, randomTicket } from '#src/kernel/ids.ts'
import { randomBytes } from '#src/kernel/random.ts'
import type { Secret } from '#src/kernel/secret.ts'
import type { Ctx } from './context.ts'
import { cookieName } from './cookie-name.ts'
import { httpErrors } from './errors.ts'

export interface Csrf {
  /** Names this browser by its cookie, which no neighbouring host can plant over https; sets one if it has none yet. */
  browser(ctx: Ctx): string
  /** The token for the forms of one page; sets this browser's cookie if it has none yet. */
  token(ctx: Ctx): string
  /** Router middleware, behind the body parser. @throws AppError `http.csrf` */
  check(ctx: Ctx, next: () => Promise<unknown>): Promise<unknown>
}

const COOKIE_VALUE = /^[\w-]{43}$/
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Signed double submit: a random cookie per browser, and in each form an HMAC of it under our key, so a cookie planted by a
 * neighbouring host is of no use. What the browser itself says of the sender (`Sec-Fetch-Site`, `Origin`) must not contradict.
 * @param issuer origin that forms come from; under http the cookie cannot carry the `__Host-` prefix
 */
export function makeCsrf({ key, issuer }: { readonly key: Secret; readonly issuer: URL }): Csrf {
  const secure = issuer.protocol === 'https:'
  const cookie = secure ? '__Host-csrf' : cookieName('csrf', issuer.origin)

  /** Cookies set in this request, so that a second form on the same page belongs to the same browser. */
  const issued = new WeakMap<IncomingMessage, string>()

  function browserOf(ctx: Ctx): string | undefined {
    const value = issued.get(ctx.req) ?? ctx.cookies.get(cookie)
    return value !== undefined && COOKIE_VALUE.test(value) ? value : undefined
  }

  function signature(browser: string): Buffer {
    return createHmac('sha256', key.reveal()).update(`csrf\0${browser}`).digest()
  }

  function isOurForm(ctx: Ctx): boolean {
    const site = ctx.get('Sec-Fetch-Site')
    if (site !== '' && site !== 'same-origin' && site !== 'none') return false
    const origin = ctx.get('Origin')
    if (origin !== '' && origin !== issuer.origin) return false
    const browser = browserOf(ctx)
    const token = (ctx.request.body as Record<string, unknown> | undefined)?.csrf
    if (browser === undefined || typeof token !== 'string') return false
    return constantTimeEqual(unmasked(token), signature(browser).toString('base64url'))
  }

  function named(ctx: Ctx): string {
    const known = browserOf(ctx)
    if (known !== undefined) return known
    const browser = randomTicket()
    ctx.cookies.set(cookie, browser, {
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      secure,
      overwrite: true,
      signed: false,
    })
    issued.set(ctx.req, browser)
    return browser
  }

  return {
    browser: named,
    token: (ctx) => masked(signature(named(ctx))),
    async check(ctx, next) {
      if (!SAFE_METHODS.has(ctx.method) && !isOurForm(ctx)) throw new AppError(httpErrors.csrf)
      return next()
    },
  }
}

/** A fresh pad and the padded token: a compressing proxy in front of us gives away nothing by the length of pages (BREACH). */
function masked(token: Buffer): string {
  const pad = randomBytes(token.length)
  return Buffer.concat([pad, xor(pad, token)]).toString('base64url')
}

/** @returns the token as base64url, or '' if the text was not made by `masked` */
function unmasked(text: string): string {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length === 64 ? xor(bytes.subarray(0, 32), bytes.subarray(32)).toString('base64url') : ''
}

function xor(a: Buffer, b: Buffer): Buffer {
  const mixed = Buffer.alloc(a.length)
  for (let index = 0; index < a.length; index++) mixed[index] = a[index]! ^ b[index]!
  return mixed
}
