import type { Ctx } from '#src/http/context.ts'
import type { AppError } from '#src/kernel/errors.ts'
import { endpointAt } from './endpoints.ts'
import { oidcErrors } from './errors.ts'

/** Answers a refusal of ours as RFC 6749, section 5.2, asks for: a value spent twice is 400 `invalid_grant`. */
export function renderOauth(ctx: Ctx, { code, definition }: AppError): boolean {
  if (endpointAt(ctx.path)?.for !== 'programs') return false
  ctx.status = code === oidcErrors.replayed.code ? 400 : definition.status
  ctx.type = 'json'
  ctx.set('Cache-Control', 'no-store')
  ctx.body = { error: definition.oauth, error_description: `${code}, incident ${ctx.state.requestId}` }
  return true
}
