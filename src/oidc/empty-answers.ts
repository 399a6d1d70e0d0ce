import type { Middleware } from 'koa'

/**
 * An answer without content has no type either (RFC 9110, section 8.3). Koa calls an empty body plain text, and oidc-client-ts takes a
 * revocation (RFC 7009, section 2.2) that is answered so for a failure.
 */
export const untypedEmptyAnswers: Middleware = async (ctx, next) => {
  await next()
  if (ctx.body === '') ctx.remove('Content-Type')
}
