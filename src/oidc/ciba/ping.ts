import type Provider from 'oidc-provider'
import type { Logger } from 'pino'
import type { CibaRequest } from './request.ts'

/** Tells a client that a decision can be fetched. @throws when it has to be told again */
export type Ping = (request: CibaRequest) => Promise<void>

const TIMEOUT_MS = 5_000

/** The provider would call the client while the person waits, before the decision is stored, and once: a job does it instead. */
export function pingAsJobs(provider: Provider): void {
  Object.assign(provider.Client.prototype, { backchannelPing: async () => {} })
}

/**
 * OpenID CIBA Core 1.0, section 10.2: the client authenticates us by the token that it sent with its request.
 * @param current the provider in force
 */
export function makePing(deps: {
  current: () => Provider
  fetch: typeof globalThis.fetch
  log: Pick<Logger, 'warn'>
}): Ping {
  return async ({ authReqId, clientId }) => {
    const provider = deps.current()
    const [stored, client] = await Promise.all([
      provider.BackchannelAuthenticationRequest.find(authReqId),
      provider.Client.find(clientId),
    ])
    const token: unknown = stored?.params?.client_notification_token
    if (!client?.backchannelClientNotificationEndpoint || typeof token !== 'string') return
    const response = await deps.fetch(client.backchannelClientNotificationEndpoint, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ auth_req_id: authReqId }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.body?.cancel()
    const { status } = response
    if (status === 204 || status === 200) return
    if (isPassing(status)) throw new Error(`answered ${status}`)
    // A redirect, which must not be followed, or a refusal: the same would come again, and the result can be fetched all the same.
    deps.log.warn({ client: clientId, status }, 'client does not take that it is told of a decision')
  }
}

/** Down, or too busy for now. */
const isPassing = (status: number) => status >= 500 || status === 408 || status === 429
