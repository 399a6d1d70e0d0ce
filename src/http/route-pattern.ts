import type { Ctx } from './context.ts'

/** The pattern of the matched route (`/language/:locale`), for logs: a real path may hold tickets or names. */
export function routePattern(ctx: Ctx): string {
  const ours: unknown = ctx._matchedRoute
  if (ours !== undefined) return String(ours)
  const provider: unknown = ctx.oidc?.route
  return typeof provider === 'string' ? `oidc:${provider}` : 'none'
}
