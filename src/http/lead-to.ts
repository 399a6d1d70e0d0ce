import type { Context } from 'koa'

/**
 * Sends the browser on by GET, after a form above all (303, RFC 9110, section 15.4.4); nobody stores the answer.
 * @param location a path of ours, or an address that was checked: it goes into the header as it is
 */
export function leadTo(ctx: Pick<Context, 'status' | 'set'>, location: string): void {
  ctx.status = 303
  ctx.set('Location', location)
  ctx.set('Cache-Control', 'no-store')
}
