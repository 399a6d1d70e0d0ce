import type { KoaContextWithOIDC } from 'oidc-provider'

type Provider = KoaContextWithOIDC['oidc']['provider']
type Grant = InstanceType<Provider['Grant']>
type AccessToken = InstanceType<Provider['AccessToken']>

/** What a grant was derived from: another client's grant and, where its tokens end with the session, that session. */
interface Source {
  readonly grantId: string
  readonly clientId: string
  readonly sessionUid?: string
}

type DerivedGrant = Grant & { source?: Source }

interface Grants {
  find(id: string, options?: object): Promise<DerivedGrant | undefined>
}

/**
 * Lets a grant say what it was derived from, and end with that: an exchanged token belongs to the client that exchanged it, so it needs
 * a grant of that client, but it lives no longer than the person's decision, the session and the registration behind the first.
 */
export function deriveGrants(provider: Provider): void {
  const members = [...provider.Grant.IN_PAYLOAD, 'source']
  Object.defineProperty(provider.Grant, 'IN_PAYLOAD', { value: members })
  const grants = provider.Grant as unknown as Grants
  const find = grants.find.bind(grants)
  grants.find = async (id, options) => {
    const grant = await find(id, options)
    return grant?.source === undefined || (await isAlive(provider, grant.accountId, grant.source)) ? grant : undefined
  }
}

async function isAlive(provider: Provider, accountId: string | undefined, source: Source): Promise<boolean> {
  const { grantId, clientId, sessionUid } = source
  const grant = await provider.Grant.find(grantId)
  if (grant?.accountId !== accountId || grant?.clientId !== clientId) return false
  if (!(await provider.Client.find(clientId))) return false
  if (sessionUid === undefined) return true
  const session = await provider.Session.findByUid(sessionUid)
  return session?.accountId === accountId && session?.grantIdFor(clientId) === grantId
}

function sourceOf({ grantId, clientId, sessionUid, expiresWithSession }: AccessToken): Source {
  return { grantId, clientId: clientId!, ...(expiresWithSession && sessionUid !== undefined && { sessionUid }) }
}

/** Whether the grant, the session and the client behind an access token are still there. */
export function isBacked(provider: Provider, token: AccessToken): Promise<boolean> {
  return isAlive(provider, token.accountId, sourceOf(token))
}

/** Saves a grant of `clientId` that ends with what `subject` came from. @returns its id */
export async function saveDerivedGrant(
  provider: Provider,
  { subject, clientId, ttlSeconds }: { subject: AccessToken; clientId: string; ttlSeconds: number },
): Promise<string> {
  const grant: DerivedGrant = new provider.Grant({ accountId: subject.accountId, clientId })
  grant.source = sourceOf(subject)
  return (grant.save as (ttlSeconds: number) => Promise<string>).call(grant, ttlSeconds)
}
