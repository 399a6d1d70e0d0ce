import type Provider from 'oidc-provider'
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
export function makePing(deps: { current: () => Provider; fetch: typeof globalThis.fetch }): Ping {
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
    if (response.status !== 204 && response.status !== 200) throw new Error(`answered ${response.status}`)
  }
}
