import type Provider from 'oidc-provider'
import { errors } from 'oidc-provider'
import { type Clock, unixSeconds } from '#src/kernel/clock.ts'
import { constantTimeEqual } from '#src/kernel/ids.ts'
import type { Clients } from './clients.ts'
import type { Registered } from './store.ts'

type Client = InstanceType<Provider['Client']>
type ClientClass = (new (metadata: object) => Client) & { find(id: string): Promise<Client | undefined> }

/**
 * Lets the provider find its clients in ours: one object for as long as the stored registration is the same, where its own way serialises
 * and hashes the metadata each time. Secrets are told from others by us, the former one included while both are accepted, and no listing
 * of the object's members, `metadata()` above all, holds one.
 */
export function serveClients(provider: Provider, deps: { clients: Clients; clock: Clock }): void {
  const { clients, clock } = deps
  const Client = provider.Client as unknown as ClientClass
  const built = new WeakMap<Registered, Client>()
  const registrations = new WeakMap<object, Registered>()
  const findOwn = Client.find.bind(Client)

  function build(registered: Registered): Client {
    const client = new Client({ ...registered.client, client_id_issued_at: unixSeconds(registered.createdAt) })
    // Where the installation takes no certificates any more, the provider would pass over the wish and hand out tokens good for anybody.
    if (registered.client.tls_client_certificate_bound_access_tokens && !client.tlsClientCertificateBoundAccessTokens)
      throw new errors.InvalidClientMetadata('tokens bound to a certificate are not to be had here')
    if (client.clientSecret !== undefined)
      Object.defineProperty(client, 'clientSecret', { value: client.clientSecret, enumerable: false })
    built.set(registered, client)
    registrations.set(client, registered)
    return client
  }

  Object.assign(Client, {
    async find(id: unknown): Promise<Client | undefined> {
      if (typeof id !== 'string' || id === '') return undefined
      // Those that stand in the code come first, so that no registration takes the place of our own pages.
      const own = await findOwn(id)
      if (own) return own
      const registered = await clients.active(id)
      return registered && (built.get(registered) ?? build(registered))
    },
  })
  Object.assign(Client.prototype as object, {
    // `sid` stands in every id_token of a session, so that a relying party can tell the sessions of one person apart.
    includeSid: () => true,
    compareClientSecret(this: Client, given: unknown): boolean {
      if (typeof given !== 'string') return false
      const registered = registrations.get(this)
      const { clientSecret } = this
      const { secret, until } = registered?.previous ?? {}
      const overlapping = secret !== undefined && until !== undefined && clock.now() < until
      // Both are always compared, so that the time tells nothing about which one was tried.
      const current = constantTimeEqual(given, clientSecret ?? '') && clientSecret !== undefined
      const former = constantTimeEqual(given, secret ?? '')
      return current || (former && overlapping)
    },
  })
}
