import type { Ctx } from '#src/http/context.ts'
import type { AppError } from '#src/kernel/errors.ts'
import { endpointAt } from './endpoints.ts'
import { oidcErrors } from './errors.ts'
import { paths } from './paths.ts'

/** Answers a refusal of ours as RFC 6749, section 5.2, asks for. */
export function renderOauth(ctx: Ctx, { code, definition }: AppError): boolean {
  if (endpointAt(ctx.path)?.for !== 'programs') return false
  const { status, error } = code === oidcErrors.replayed.code ? spent(ctx) : { ...definition, error: definition.oauth }
  ctx.status = status
  ctx.type = 'json'
  ctx.set('Cache-Control', 'no-store')
  ctx.body = { error, error_description: `${code}, incident ${ctx.state.requestId}` }
  return true
}

/** A value spent twice is a grant; at registration, a token (RFC 6750, section 3.1). */
function spent(ctx: Ctx): { status: number; error: string } {
  if (!ctx.path.startsWith(paths.registration)) return { status: 400, error: 'invalid_grant' }
  ctx.set('WWW-Authenticate', 'Bearer error="invalid_token"')
  return { status: 401, error: 'invalid_token' }
}
