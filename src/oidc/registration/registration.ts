import { randomBytes } from 'node:crypto'
import OidcProvider, { type Adapter, type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { Journal } from '#src/journal/journal.ts'
import { unixSeconds } from '#src/kernel/clock.ts'
import { randomTicket } from '#src/kernel/ids.ts'
import { type Allowance, beyondAllowance, keeping } from '../clients/allowance.ts'
import { checkMetadata, needsSecret } from '../clients/check.ts'
import type { Clients } from '../clients/clients.ts'
import { clientChanged, clientDeleted, clientRegistered } from '../clients/events.ts'
import { MetadataRefused } from '../clients/faults.ts'
import { isMetadataField } from '../clients/metadata.ts'
import type { Neighbours } from '../clients/neighbours.ts'
import { changedFields, deleted } from '../clients/registrar.ts'
import type { Registered } from '../clients/store.ts'
import type { RelyingParty } from '../clients.ts'
import { printable } from '../quoted.ts'
import { makeGuard } from './guard.ts'
import type { Invitations } from './invitations.ts'

export interface RegistrationDeps {
  readonly clients: Clients
  readonly invitations: Invitations
  readonly journal: Journal
  readonly fetch: typeof globalThis.fetch
  readonly neighbours: Neighbours
}

/** What a request asked to register and was found good, on its way from the policy to the store. */
interface Accepted {
  readonly client: RelyingParty
  readonly allowance: Allowance
  /** The initial access token that pays for a new registration. */
  readonly invitation?: string
  readonly before?: Registered
}

export type DynamicRegistration = ReturnType<typeof makeDynamicRegistration>

const ACTOR = 'registration'
const POLICY = 'invited'

type Features = NonNullable<Configuration['features']>
type Policy = (ctx: KoaContextWithOIDC, properties: Record<string, unknown>) => Promise<void>

/**
 * Dynamic registration behind an initial access token, and its management (RFC 7591, RFC 7592). What may be registered is decided by the
 * same check as for operators, after what the token allows; a client keeps its allowance and can never change itself beyond it.
 */
export function makeDynamicRegistration(deps: RegistrationDeps) {
  const { clients, invitations, journal, fetch, neighbours } = deps
  const guard = makeGuard(clients)
  const accepted = new WeakMap<object, Accepted>()

  const invited: Policy = async (ctx, properties) => {
    const { oidc } = ctx
    const { client_secret } = properties as { client_secret?: string }
    const before = guard.before(ctx.req)
    const token = (oidc.entities as { InitialAccessToken?: { jti: string } }).InitialAccessToken?.jti
    const invitation = token === undefined ? undefined : await invitations.find(token)
    // Good a moment ago, and spent by somebody else since.
    if (!invitation && !before) throw new errors.InvalidToken('the initial access token is spent')
    const allowance = before?.allowance ?? invitation?.allowance ?? {}
    const asked = keeping(ownFields(properties), allowance, before?.client)
    try {
      refuseBeyond(asked, allowance, before)
      const client = await checkMetadata(
        asked,
        { fetch, Client: oidc.provider.Client as never, neighbours },
        before?.client,
      )
      // What the provider has in memory may be older than what an operator has just renewed.
      const secret = needsSecret(client) ? (before?.client.client_secret ?? client_secret) : undefined
      const whole = { ...client, ...(secret !== undefined && { client_secret: secret }) }
      if (secret === undefined) for (const name of SECRET_FIELDS) delete properties[name]
      Object.assign(properties, whole)
      accepted.set(oidc, {
        client: whole,
        allowance,
        ...(invitation && { invitation: invitation.id }),
        ...(before && { before }),
      })
    } catch (fault) {
      throw fault instanceof MetadataRefused ? refusal(fault) : fault
    }
  }

  const clientAdapter = {
    // Clients are found by `serveClients`, not here.
    find: async () => undefined,
    async upsert() {
      const { client, allowance, invitation, before } = accepted.get(requestOf().oidc)!
      const { client_id } = client
      if (before) {
        const { previous, ...rest } = before
        const keepsSecret = client.client_secret === before.client.client_secret
        await clients.change({ ...rest, client, ...(keepsSecret && previous && { previous }) })
        const fields = changedFields(before.client, client).filter((field) => field !== 'client_secret')
        return journal.note(clientChanged({ client: client_id, actor: ACTOR, fields: fields.join(' ') }))
      }
      await invitations.spend(invitation!)
      await clients.add({ client, allowance, state: 'active' })
      await journal.note(clientRegistered({ client: client_id, actor: ACTOR, invitation: invitation! }))
    },
    async destroy(clientId: string) {
      await clients.change(deleted(guard.before(requestOf().req)!))
      await journal.note(clientDeleted({ client: clientId, actor: ACTOR }))
    },
  }

  const tokenAdapter = {
    async find(token: string) {
      const invitation = await invitations.find(token)
      if (!invitation) return undefined
      const { createdAt, expiresAt } = invitation
      return {
        jti: token,
        kind: 'InitialAccessToken',
        policies: [POLICY],
        iat: unixSeconds(createdAt),
        exp: unixSeconds(expiresAt),
      }
    },
  }

  return {
    guard: guard.middleware,
    features: {
      registration: {
        enabled: true,
        initialAccessToken: true,
        policies: { [POLICY]: invited as never },
        idFactory: () => randomBytes(12).toString('hex'),
        secretFactory: async () => randomTicket(),
        issueRegistrationAccessToken: true,
      },
      registrationManagement: { enabled: true, rotateRegistrationAccessToken: true },
    } satisfies Partial<Features>,
    /** In place of artifacts, for the provider's models of these names. */
    adapters: {
      Client: clientAdapter as unknown as Adapter,
      InitialAccessToken: tokenAdapter as unknown as Adapter,
    } as Readonly<Record<string, Adapter>>,
  }
}

const SECRET_FIELDS = ['client_secret', 'client_secret_expires_at']

const requestOf = () => (OidcProvider as unknown as { ctx: KoaContextWithOIDC }).ctx

/** Of what was sent, the fields that are known here; others are ignored (RFC 7591, section 2). The secret is made here. */
function ownFields(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([field]) => isMetadataField(field)))
}

function refuseBeyond(asked: Record<string, unknown>, allowance: Allowance, before: Registered | undefined): void {
  const faults = beyondAllowance(asked, allowance, before?.client)
  if (faults.length > 0) throw new MetadataRefused(faults)
}

/** As RFC 7591, section 3.2.2, has it; the provider chooses `invalid_redirect_uri` by the first word. */
function refusal({ faults }: MetadataRefused): Error {
  const first = faults.find(({ field }) => field.startsWith('redirect_uris'))
  const ordered = first ? [first, ...faults.filter((fault) => fault !== first)] : faults
  return new errors.InvalidClientMetadata(
    ordered.map(({ field, remedy }) => printable(`${field}: ${remedy}`)).join('; '),
  )
}
