import type Provider from 'oidc-provider'
import type { Authorization } from '../grants.ts'
import { killGrant } from '../replay.ts'
import type { LogoutNotices } from './notices.ts'

export interface EndSessionOptions {
  /**
   * `kept` for an ordinary sign-out: what has `offline_access` lives on (Back-Channel Logout, section 2.7). `revoked` where the person
   * did not start the session, or is blocked, or withdraws a consent.
   */
  readonly offline: 'kept' | 'revoked'
}

/**
 * Ends a session from elsewhere than its own browser: its relying parties are told, its grants and tokens revoked, the session is gone
 * in every process at once. The browser's cookie then names nothing.
 * @param uid the session's `uid`, as tokens and interactions bear it
 * @returns whose session it was; undefined when there is none or nobody was signed in
 */
export type EndSession = (uid: string, options: EndSessionOptions) => Promise<{ accountId: number } | undefined>

/** @param current the provider in force */
export function makeEndSession(deps: { current: () => Provider; notices: Pick<LogoutNotices, 'add'> }): EndSession {
  return async (uid, { offline }) => {
    const provider = deps.current()
    const session = await provider.Session.findByUid(uid)
    if (!session?.accountId) return undefined
    const oid = Number(session.accountId)
    for (const [clientId, authorization] of Object.entries(session.authorizations ?? {})) {
      const { sid, grantId, persistsLogout, formerGrantIds = [] } = authorization as Authorization
      const client = await provider.Client.find(clientId)
      if (client?.backchannelLogoutUri && sid) await deps.notices.add({ oid, clientId, sid })
      if (grantId && (offline === 'revoked' || !persistsLogout)) await killGrant(provider, grantId)
      // The session's end is that of what was issued for the session alone; offline access has to be taken from each grant.
      if (offline === 'revoked') for (const former of formerGrantIds) await killGrant(provider, former)
    }
    await session.destroy()
    return { accountId: oid }
  }
}
