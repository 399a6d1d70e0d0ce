import type { Middleware } from 'koa'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { State } from '#src/http/context.ts'
import { ticketHash } from '#src/kernel/ids.ts'
import type { Limit, Throttle } from '#src/throttle/throttle.ts'

/** Told to whoever polls (RFC 8628, section 3.2; CIBA Core, section 7.3). */
const INTERVAL_SECONDS = 5
/** Networks do not carry requests evenly. */
const GRACE_SECONDS = 1

const pollLimit: Limit = {
  name: 'poll',
  windowSeconds: 60,
  free: 1,
  delaySeconds: INTERVAL_SECONDS - GRACE_SECONDS,
  maxDelaySeconds: INTERVAL_SECONDS - GRACE_SECONDS,
}

const begins = new Set(['device_authorization', 'backchannel_authentication'])

/** The interval between two polls: told with the answer that begins the wait, and a poll before its time is `slow_down`. */
export function pacePolling({ throttle }: { throttle: Throttle }): Middleware<State> {
  return async (ctx, next) => {
    await next()
    const { oidc, body } = ctx as unknown as KoaContextWithOIDC & { body: unknown }
    if (!isAnswer(body)) return
    if (begins.has(oidc?.route ?? '') && ctx.status === 200) body.interval = INTERVAL_SECONDS
    if (body.error !== 'authorization_pending') return
    const waiting = String(oidc.params?.device_code ?? oidc.params?.auth_req_id)
    const gate = await throttle.enter([{ limit: pollLimit, key: ticketHash(waiting) }])
    if (gate.open) return
    body.error = 'slow_down'
    body.error_description = `wait ${INTERVAL_SECONDS} seconds longer between requests`
  }
}

function isAnswer(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Buffer.isBuffer(body)
}
