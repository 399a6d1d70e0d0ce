import type { GatewayConfig } from '#src/config/config.ts'
import { type Channel, DeliveryFailed, PermanentRefusal } from './channels.ts'

interface GatewayDeps {
  readonly fetch: typeof globalThis.fetch
  /** What it is called in the log. */
  readonly name: string
}

const TIMEOUT_MS = 10_000

/**
 * 4xx answers that tell of the set-up (token, address, proxy) or of the load and not of the message: it waits until that is mended,
 * instead of every message being thrown away because a token has expired.
 */
const NOT_ABOUT_THE_MESSAGE = new Set([401, 403, 404, 405, 407, 408, 425, 429])

/**
 * A gateway over HTTP that sends text messages, or calls and speaks them: `POST {id, to, text}` as JSON, any 2xx means accepted. `id` is
 * also the idempotency key.
 */
export function makeGatewayHttp(gateway: GatewayConfig, deps: GatewayDeps): Channel {
  return {
    send: ({ id, recipient, text }) =>
      handOver(gateway, deps, { id, type: 'application/json', body: JSON.stringify({ id, to: recipient, text }) }),
  }
}

/**
 * A print service over HTTP that prints a letter and sends it by registered post: `POST` of the PDF as it is, any 2xx means accepted. The
 * recipient stands in the address field of the page alone; the letter's id is the idempotency key.
 */
export function makeLetterGatewayHttp(gateway: GatewayConfig, deps: GatewayDeps): Channel {
  return {
    async send({ id, pdf }) {
      if (!pdf) throw new PermanentRefusal('a letter without pages')
      await handOver(gateway, deps, { id, type: 'application/pdf', body: new Uint8Array(pdf) })
    },
  }
}

async function handOver(
  { url, token }: GatewayConfig,
  { fetch, name }: GatewayDeps,
  { id, type, body }: { readonly id: string; readonly type: string; readonly body: string | Uint8Array<ArrayBuffer> },
): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    // A redirect would carry the token and the message to another place.
    redirect: 'error',
    headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': type, 'idempotency-key': id },
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new DeliveryFailed(`${name} not reached: ${reasonOf(error)}`)
  })
  await response.body?.cancel()
  if (response.ok) return
  const answer = `${name} answered ${response.status}`
  const refused = response.status >= 400 && response.status < 500 && !NOT_ABOUT_THE_MESSAGE.has(response.status)
  throw refused ? new PermanentRefusal(answer) : new DeliveryFailed(answer)
}

/** `TimeoutError`, `ECONNREFUSED`…: undici puts the system's error under `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown fault'
  const { code } = (error.cause ?? error) as { code?: unknown }
  return typeof code === 'string' ? code : error.name
}
