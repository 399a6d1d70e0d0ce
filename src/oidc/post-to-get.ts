import { bodyParser } from '@koa/bodyparser'
import type { Middleware } from 'koa'
import compose from 'koa-compose'
import type { State } from '#src/http/context.ts'
import { AppError } from '#src/kernel/errors.ts'
import { oidcErrors } from './errors.ts'
import { paths } from './paths.ts'

/** Node accepts 16 KiB of request line and headers together. */
const LONGEST_QUERY = 8_000

const acceptsBoth = new Set<string>([paths.authorization, paths.end_session])

const turn: Middleware<State> = (ctx) => {
  const { rawBody = '' } = ctx.request as { rawBody?: string }
  if (
    ctx.is('application/x-www-form-urlencoded') === false ||
    rawBody.length > LONGEST_QUERY ||
    /[^\x21-\x7e]/.test(rawBody)
  )
    throw new AppError(oidcErrors.invalid_request)
  ctx.status = 303
  ctx.redirect(`${ctx.path}?${rawBody}`)
}

const turned = compose([bodyParser({ enableTypes: ['form'] }) as Middleware<State>, turn])

/**
 * Authorization and sign-out requests may come by POST as well (Core, section 3.1.2.1; RP-Initiated Logout, section 2). A POST from
 * another site brings no `SameSite=Lax` cookie, so it is answered with the same request by GET, which does.
 */
export const postToGet: Middleware<State> = (ctx, next) =>
  ctx.method === 'POST' && acceptsBoth.has(ctx.path) ? turned(ctx, next) : next()
