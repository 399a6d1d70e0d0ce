import type { Middleware } from 'koa'

/** `/health`: the process answers. `/ready`: it can serve (200) or wants no requests now (503). For balancers, as JSON. */
export function health(ready: () => Promise<boolean>): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== '/health' && ctx.path !== '/ready') return next()
    const well = ctx.path === '/health' || (await ready().catch(() => false))
    ctx.set('Cache-Control', 'no-store')
    ctx.status = well ? 200 : 503
    ctx.body = { status: well ? 'ok' : 'unavailable' }
  }
}
