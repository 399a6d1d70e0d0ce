import type { GatewayConfig } from '#src/config/config.ts'
import { type Channel, DeliveryFailed, PermanentRefusal } from './channels.ts'

const TIMEOUT_MS = 10_000

/**
 * 4xx answers that tell of the set-up (token, address, proxy) or of the load and not of the message: it waits until that is mended,
 * instead of every message being thrown away because a token has expired.
 */
const NOT_ABOUT_THE_MESSAGE = new Set([401, 403, 404, 405, 407, 408, 425, 429])

/**
 * A gateway over HTTP that sends text messages, or calls and speaks them: `POST {id, to, text}` as JSON, any 2xx means accepted. `id` is
 * also the idempotency key.
 * @param name what it is called in the log
 */
export function makeGatewayHttp(
  { url, token }: GatewayConfig,
  { fetch, name }: { fetch: typeof globalThis.fetch; name: string },
): Channel {
  return {
    async send({ id, recipient, text }) {
      const response = await fetch(url, {
        method: 'POST',
        // A redirect would carry the token and the text to another place.
        redirect: 'error',
        headers: {
          authorization: `Bearer ${token.reveal()}`,
          'content-type': 'application/json',
          'idempotency-key': id,
        },
        body: JSON.stringify({ id, to: recipient, text }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch((error: unknown) => {
        throw new DeliveryFailed(`${name} not reached: ${reasonOf(error)}`)
      })
      await response.body?.cancel()
      if (response.ok) return
      const answer = `${name} answered ${response.status}`
      const refused = response.status >= 400 && response.status < 500 && !NOT_ABOUT_THE_MESSAGE.has(response.status)
      throw refused ? new PermanentRefusal(answer) : new DeliveryFailed(answer)
    },
  }
}

/** `TimeoutError`, `ECONNREFUSED`…: undici puts the system's error under `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown fault'
  const { code } = (error.cause ?? error) as { code?: unknown }
  return typeof code === 'string' ? code : error.name
}
