import { bodyParser } from '@koa/bodyparser'
import type { Middleware } from 'koa'
import compose from 'koa-compose'
import { AppError } from '#src/kernel/errors.ts'
import type { Ctx } from './context.ts'
import { httpErrors } from './errors.ts'

const FORM_LIMIT = '64kb'

/**
 * Reads urlencoded forms into `ctx.request.body` (field → string; repeated and bracketed keys become arrays and objects,
 * which `readForm` refuses). For our own routes only: the provider reads its bodies itself.
 * @throws AppError `http.unsupported_type` for other bodies, `http.malformed` if the text is not UTF-8; HTTP error 413
 */
export function formBody(): Middleware {
  return compose([onlyForms, bodyParser({ enableTypes: ['form'], formLimit: FORM_LIMIT }), onlyUtf8]) as Middleware
}

async function onlyForms(ctx: Ctx, next: () => Promise<unknown>): Promise<void> {
  // `is` answers null when there is no body at all: an empty POST is the business of CSRF and the form.
  if (ctx.is('application/x-www-form-urlencoded') === false) throw new AppError(httpErrors.unsupported_type)
  await next()
}

async function onlyUtf8(ctx: Ctx, next: () => Promise<unknown>): Promise<void> {
  const raw: unknown = ctx.request.rawBody
  if (typeof raw === 'string') {
    // Reading the body has put U+FFFD in place of bad bytes (browsers escape the character itself); the parser leaves
    // undecodable escapes as they are.
    if (raw.includes('\uFFFD')) throw new AppError(httpErrors.malformed)
    percentDecoded(raw)
  }
  await next()
}

/** @throws AppError `http.malformed` if the escapes are broken or their bytes no UTF-8 */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new AppError(httpErrors.malformed, {}, { cause })
  }
}
