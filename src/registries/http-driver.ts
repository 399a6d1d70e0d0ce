import type { Logger } from 'pino'
import type { RegistriesConfig } from '#src/config/config.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { makeRegistriesOver, type Reply, type Transport, TransportFault } from './asking.ts'
import { contract } from './contract.ts'
import type { Registries } from './registries.ts'

/** Answers hold a verdict, at most ten addresses; more is not an answer. */
const LONGEST_ANSWER_BYTES = 64 * 1024
/** A registry that asks for a longer rest is asked all the same: nothing typed waits for ever. */
const LONGEST_REST_SECONDS = 24 * 60 * 60

export interface HttpDriverDeps {
  /** The guarded one, which reaches no private addresses but those listed. */
  readonly fetch: typeof globalThis.fetch
  readonly clock: Clock
  readonly log: Pick<Logger, 'warn' | 'error'>
}

/**
 * State registries by JSON over HTTPS, as `docs/registries.openapi.yaml` describes: `POST` only, so that nothing personal stands in an
 * address, which proxies and servers log.
 */
export function makeHttpRegistries(config: RegistriesConfig, deps: HttpDriverDeps): Registries {
  return makeRegistriesOver(makeHttpTransport(config, deps), deps)
}

function makeHttpTransport({ url, token, timeoutSeconds }: RegistriesConfig, deps: HttpDriverDeps): Transport {
  const base = url.replace(/\/+$/, '')
  return async (registry, question) => {
    // One clock for the whole exchange: a body that drips in for ever is also too slow.
    const signal = AbortSignal.timeout(timeoutSeconds * 1000)
    try {
      const response = await deps.fetch(`${base}${contract[registry].path}`, {
        method: 'POST',
        // A redirect would carry the token and the person's data to another place.
        redirect: 'manual',
        headers: {
          authorization: `Bearer ${token.reveal()}`,
          accept: 'application/json',
          'content-type': 'application/json',
          'idempotency-key': question.reference,
        },
        body: JSON.stringify(question),
        signal,
      })
      return await replyOf(response, deps.clock)
    } catch (fault) {
      if (fault instanceof TransportFault) throw fault
      if (signal.aborted) throw new TransportFault('timeout', `${timeoutSeconds} s`)
      throw new TransportFault('unreachable', systemCode(fault))
    }
  }
}

async function replyOf(response: Response, clock: Clock): Promise<Reply> {
  const { status, headers } = response
  if (status !== 200) {
    await response.body?.cancel()
    return { status, retryAfterSeconds: retryAfter(headers.get('retry-after'), clock) }
  }
  const type = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    await response.body?.cancel()
    throw new TransportFault('nonsense', 'content type')
  }
  return { status, body: parsed(await boundedBody(response)) }
}

async function boundedBody({ body }: Response): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of body ?? []) {
    bytes += piece.byteLength
    if (bytes > LONGEST_ANSWER_BYTES) throw new TransportFault('nonsense', 'too large')
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new TransportFault('nonsense', 'not JSON')
  }
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3); anything else counts as not said. */
function retryAfter(value: string | null, clock: Clock): number | undefined {
  if (value === null) return undefined
  const seconds = /^\d{1,9}$/.test(value)
    ? Number(value)
    : Math.ceil((Date.parse(value) - clock.now().getTime()) / 1000)
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), LONGEST_REST_SECONDS)
}

/** `ECONNREFUSED`, `EREFUSED`…: undici puts the system's error under `cause`. Words other than codes may quote what was sent. */
function systemCode(fault: unknown): string {
  const { cause } = fault instanceof Error ? fault : {}
  const { code } = (cause ?? fault ?? {}) as { code?: unknown }
  return typeof code === 'string' && /^[A-Z_0-9]{1,40}$/.test(code) ? code : 'no connection'
}
