import type Provider from 'oidc-provider'
import { randomTicket } from '#src/kernel/ids.ts'
import type { LogoutNotice, LogoutNotices } from './notices.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const TIMEOUT_MS = 5_000

type Client = NonNullable<Awaited<ReturnType<Provider['Client']['find']>>>

/**
 * Signing out stores a notice for each relying party, with the end of the session, in place of the provider's own way to call them all
 * while the person waits, once and never again.
 */
export function logoutAsJobs(provider: Provider, notices: Pick<LogoutNotices, 'add'>): void {
  async function backchannelLogout(this: Client, accountId: string, sid: string) {
    await notices.add({ oid: Number(accountId), clientId: this.clientId, sid })
  }
  Object.assign(provider.Client.prototype, { backchannelLogout })
}

/** Tells a relying party that a session has ended. @returns false where nobody wants to know any more @throws when it has to be told again */
export type DeliverLogout = (notice: LogoutNotice) => Promise<boolean>

/**
 * Sends the logout token, signed at the time of sending with the key that is in force then.
 * @param current the provider in force
 */
export function makeDeliverLogout(deps: { current: () => Provider; fetch: typeof globalThis.fetch }): DeliverLogout {
  return async (notice) => {
    const provider = deps.current()
    const client = await provider.Client.find(notice.clientId)
    if (!client?.backchannelLogoutUri) return false
    const response = await deps.fetch(client.backchannelLogoutUri, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Cache-Control': 'no-store' },
      body: new URLSearchParams({ logout_token: await logoutToken(provider, client, notice) }).toString(),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.body?.cancel()
    // 204 is what some frameworks make of an empty 200 (Back-Channel Logout, section 2.8).
    if (response.status !== 200 && response.status !== 204) throw new Error(`answered ${response.status}`)
    return true
  }
}

interface LogoutToken {
  mask: unknown
  set(name: string, value: unknown): void
  issue(options: { use: 'logout' }): Promise<string>
}

/**
 * Back-Channel Logout, section 2.4, good for two minutes; the subject is the client's own where it is pairwise. `sid` is there always, as
 * it is in every id_token: without it the person would be signed out of that service on every device.
 */
function logoutToken(provider: Provider, client: Client, { oid, sid }: LogoutNotice): Promise<string> {
  const IdToken = provider.IdToken as unknown as new (available: object, options: object) => LogoutToken
  const token = new IdToken({ sub: String(oid) }, { client, ctx: undefined })
  token.mask = { sub: null }
  token.set('events', { [EVENT]: {} })
  token.set('jti', randomTicket())
  token.set('sid', sid)
  return token.issue({ use: 'logout' })
}
