import type { Middleware } from 'koa'

const DIRECTIVES = [
  "default-src 'none'",
  "img-src 'self' data:",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "font-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
]

/**
 * Content-Security-Policy of a page.
 * @param leavesOrigin the answer to the page's form may redirect to another origin. Chromium applies `form-action` to each
 *   redirect after a POST, those at the relying party included, so such a page must do without it.
 */
export function contentSecurityPolicy({ leavesOrigin }: { readonly leavesOrigin: boolean }): string {
  return [...DIRECTIVES, ...(leavesOrigin ? [] : ["form-action 'self'"])].join('; ')
}

/**
 * Headers of every answer. `Referrer-Policy` is same-origin and not no-referrer, as under the latter browsers send
 * `Origin: null` with our own forms, and that is what the CSRF check must refuse.
 */
export function securityHeaders({ secure }: { readonly secure: boolean }): Middleware {
  const headers = {
    'Content-Security-Policy': contentSecurityPolicy({ leavesOrigin: false }),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...(secure && { 'Strict-Transport-Security': 'max-age=63072000' }),
  }
  const prepared = new Map(Object.entries(headers))
  return (ctx, next) => {
    ctx.res.setHeaders(prepared)
    return next()
  }
}
