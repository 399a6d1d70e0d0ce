import type { Routes } from '#src/http/context.ts'

/** Tells browsers on which further sites passkeys of this one may be used (WebAuthn level 3, section 5.11). */
export function relatedOriginRoutes(router: Routes, origins: readonly string[]): void {
  if (origins.length === 0) return
  const body = JSON.stringify({ origins })
  router.get('/.well-known/webauthn', (ctx) => {
    ctx.type = 'application/json'
    ctx.set('Cache-Control', 'public, max-age=3600')
    ctx.body = body
  })
}
