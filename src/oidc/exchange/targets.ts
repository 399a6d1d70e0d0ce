import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { quoted } from '../quoted.ts'
import { resourceInForce } from '../resources/demands.ts'
import type { ResourceServer } from '../resources/resource-server.ts'
import type { ResourceServers } from '../resources/store.ts'
import type { SubjectNames } from '../resources/subject-names.ts'
import type { AccessToken } from './tokens.ts'

type Provider = KoaContextWithOIDC['oidc']['provider']
type Client = InstanceType<Provider['Client']>

/** Whom the new token is for. */
export interface Targets {
  readonly names: readonly string[]
  /** Where it is for one resource server alone, whose form and lifetime it then has. */
  readonly server: ResourceServer | undefined
  /** The clients behind all of them. */
  readonly clients: readonly Client[]
}

/**
 * The resource servers and clients behind the names.
 * @throws InvalidTarget naming one that is unknown or suspended
 */
export async function resolveTargets(
  provider: Provider,
  params: { resource?: unknown },
  names: readonly string[],
  servers: ResourceServers,
): Promise<Targets> {
  const found = await Promise.all(
    names.map(async (name) => {
      const owned = await resourceInForce(provider, name, servers)
      if (owned) return { server: owned.server, client: owned.owner }
      const onlyResource = [params.resource].flat().includes(name)
      const client = onlyResource ? undefined : await provider.Client.find(name)
      if (!client) throw new errors.InvalidTarget(`${quoted(name)} is not one that this client may name`)
      return { server: undefined, client }
    }),
  )
  return {
    names,
    server: found.length === 1 ? found[0]?.server : undefined,
    clients: found.flatMap(({ client }) => client ?? []),
  }
}

/** One token names the person once: those who know them by different subjects need a token each. */
export async function oneSubject(
  ctx: KoaContextWithOIDC,
  token: AccessToken,
  names: readonly string[],
  subjectNames: SubjectNames,
): Promise<string | undefined> {
  const subs = new Set(await subjectNames(ctx, token.accountId, names))
  if (subs.size > 1) throw new errors.InvalidTarget('these audiences know people by different subjects; ask for one')
  return [...subs][0]
}
