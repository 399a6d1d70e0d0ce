import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { higherOf, type IdentityLevel, satisfies, satisfiesIdentity } from '#src/kernel/levels.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { Interaction } from '#src/login/interaction.ts'
import { type RelyingParty, registrationOf } from '../clients.ts'
import { identityLevelWanted } from '../identity-level/demand.ts'
import { quoted } from '../quoted.ts'
import { requirementOf } from '../requirement.ts'
import { levelOf, type SaidLevel } from '../token-levels.ts'
import { nameIn, type ResourceServer } from './resource-server.ts'
import type { ResourceServers } from './store.ts'

type Provider = KoaContextWithOIDC['oidc']['provider']
type Client = InstanceType<Provider['Client']>

/** The least that a client demands of a sign-in, and of how well the person is proven. */
export type Floor = Pick<RelyingParty, 'minimum_acr' | 'minimum_identity_level'>

/** A resource server, and the client whose demands hold for its tokens. */
export interface Owned {
  readonly server: ResourceServer
  readonly owner: Client | undefined
}

/**
 * A resource server in force. One whose client is suspended or deleted is none: what that client demands could not be told any more, and
 * nothing of a suspended client is served.
 */
export async function resourceInForce(
  provider: Pick<Provider, 'Client'>,
  identifier: string,
  servers: Pick<ResourceServers, 'find'>,
): Promise<Owned | undefined> {
  const server = await servers.find(identifier)
  if (server?.client_id === undefined) return server && { server, owner: undefined }
  const owner = await provider.Client.find(server.client_id)
  return owner && { server, owner }
}

function highestFloor(floors: readonly Floor[]): Floor {
  const acrs = floors.flatMap(({ minimum_acr }) => minimum_acr ?? [])
  const levels = floors.flatMap(({ minimum_identity_level }) => minimum_identity_level ?? [])
  return {
    ...(acrs.length > 0 && { minimum_acr: acrs.reduce(higherOf) }),
    ...(levels.length > 0 && { minimum_identity_level: levels.reduce((a, b) => (satisfiesIdentity(a, b) ? a : b)) }),
  }
}

/** What the request that the provider is answering demands: its client, and those whose resource servers it names. */
export type DemandsOf = (ctx: KoaContextWithOIDC) => Promise<Floor & Pick<RelyingParty, 'acr_policy'>>

export function makeDemandsOf(servers: Pick<ResourceServers, 'find'>): DemandsOf {
  return async ({ oidc }) => {
    const client = registrationOf(oidc.client!)
    // They are in force: the provider has just asked for each.
    const owned = await Promise.all(
      Object.keys(oidc.resourceServers ?? {}).map((identifier) => resourceInForce(oidc.provider, identifier, servers)),
    )
    return raised(
      client,
      owned.flatMap((one) => one?.owner ?? []),
    )
  }
}

/** A client's demands, of each the highest among its own and those of others: a sign-in has to do for all. */
export function raised(client: Pick<RelyingParty, 'acr_policy'> & Floor, owners: readonly object[]) {
  return { acr_policy: client.acr_policy, ...highestFloor([client, ...owners.map(registrationOf)]) }
}

/**
 * Which resource servers demand more than the client does by itself, for the page that asks for it.
 * @param params of the request, as the provider has checked them
 */
export function demandedBy(
  params: Parameters<typeof requirementOf>[0],
  client: RelyingParty,
  owned: readonly Owned[],
  locale: Locale,
): Interaction['demandedBy'] {
  const own = requirementOf(params, client, client.client_id).demand.level
  const ownIdentity = identityLevelWanted(params.claims, client) ?? 'simplified'
  const floorOf = ({ owner }: Owned): Floor => (owner ? registrationOf(owner) : {})
  const { minimum_acr: acr, minimum_identity_level: identity } = highestFloor(owned.map(floorOf))
  const nameOf = (field: keyof Floor, value: unknown) => {
    const found = owned.find((one) => floorOf(one)[field] === value)
    return found && nameIn(found.server, locale)
  }
  return {
    signIn: acr === undefined || satisfies(own, acr) ? undefined : nameOf('minimum_acr', acr),
    identity:
      identity === undefined || satisfiesIdentity(ownIdentity, identity)
        ? undefined
        : nameOf('minimum_identity_level', identity),
  }
}

/** What a sign-in was worth, and how well its person is proven now. */
export type Reached = SaidLevel & { readonly identity: IdentityLevel }

/**
 * Refuses to hand a person's authority to whoever demands more of a sign-in than this one was worth, or of the person than is proven.
 * @param party the provider's client
 * @throws InvalidTarget naming the party
 */
export function refuseBelow(party: { readonly clientId: string }, reached: Reached): void {
  const { minimum_acr, minimum_identity_level: identity } = registrationOf(party)
  if (minimum_acr !== undefined && !satisfies(levelOf(reached), minimum_acr))
    throw new errors.InvalidTarget(`${quoted(party.clientId)} demands a sign-in of level ${minimum_acr}`)
  if (identity !== undefined && !satisfiesIdentity(reached.identity, identity))
    throw new errors.InvalidTarget(`${quoted(party.clientId)} demands a person of identity level ${identity}`)
}
