import type { RelyingParty } from '../clients.ts'
import type { ResourceServers } from '../resources/store.ts'
import type { Completed } from './agreement.ts'
import type { Clients } from './clients.ts'
import type { MetadataFault } from './faults.ts'

/** Where the others are found that a registration names. */
export interface Neighbours {
  readonly clients: Pick<Clients, 'read'>
  readonly resourceServers: Pick<ResourceServers, 'list'>
}

type Naming = Pick<RelyingParty, 'resource_indicators' | 'exchange_audiences' | 'authorization_details_types'>

/**
 * What a registration names and nobody has registered: requests for it would be refused one by one. Suspended ones may come back.
 * @param before the registration in force: names that stand there already, and whose owner has gone since, hinder no other change
 */
export async function strangers(
  client: Completed,
  before: Naming | undefined,
  { clients, resourceServers }: Neighbours,
): Promise<MetadataFault[]> {
  const named = fields.filter((field) => client[field]?.some((name) => !before?.[field]?.includes(name)))
  if (named.length === 0) return []
  const servers = await resourceServers.list()
  const types = servers.flatMap((server) => server.authorization_details_types ?? [])
  const isServer = (name: string) => servers.some(({ identifier }) => identifier === name)
  const isKnown: Readonly<Record<(typeof fields)[number], (name: string) => boolean | Promise<boolean>>> = {
    resource_indicators: isServer,
    exchange_audiences: async (name) => name === client.client_id || isServer(name) || (await isClient(clients, name)),
    authorization_details_types: (name) => types.some(({ type }) => type === name),
  }
  const faults: MetadataFault[] = []
  for (const field of named)
    for (const [index, name] of client[field]!.entries())
      if (!before?.[field]?.includes(name) && !(await isKnown[field](name)))
        faults.push({ field: `${field}[${index}]`, remedy: remedies[field] })
  return faults
}

/** Whether there is such a client, suspended or not. */
export async function isClient(clients: Pick<Clients, 'read'>, clientId: string): Promise<boolean> {
  const found = await clients.read(clientId)
  return found !== undefined && found.state !== 'deleted'
}

const fields = ['resource_indicators', 'exchange_audiences', 'authorization_details_types'] as const

const remedies: Readonly<Record<(typeof fields)[number], string>> = {
  resource_indicators: 'names no resource server; register it first (resources create)',
  exchange_audiences: 'names neither a client nor a resource server; register it first',
  authorization_details_types:
    'is a type that no resource server describes; describe it first (resources create or change)',
}
