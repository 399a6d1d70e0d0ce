import type { Ctx } from '#src/http/context.ts'
import type { AppError } from '#src/kernel/errors.ts'
import { oidcErrors } from './errors.ts'
import { discoveryPaths, paths } from './paths.ts'

/** Endpoints that only programs call: they read JSON, whatever their `Accept` says. */
const endpoints = new Set<string>([
  paths.token,
  paths.userinfo,
  paths.jwks,
  paths.introspection,
  paths.revocation,
  paths.pushed_authorization_request,
  paths.registration,
  paths.device_authorization,
  paths.backchannel_authentication,
  ...discoveryPaths,
])

/** Answers a refusal of ours as RFC 6749, section 5.2, asks for: a value spent twice is 400 `invalid_grant`. */
export function renderOauth(ctx: Ctx, { code, definition }: AppError): boolean {
  if (!endpoints.has(ctx.path)) return false
  ctx.status = code === oidcErrors.replayed.code ? 400 : definition.status
  ctx.type = 'json'
  ctx.set('Cache-Control', 'no-store')
  ctx.body = { error: definition.oauth, error_description: `${code}, incident ${ctx.state.requestId}` }
  return true
}
