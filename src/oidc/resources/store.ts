import type { Clock } from '#src/kernel/clock.ts'
import type { Store } from '#src/store/store.ts'
import type { DetailType, ResourceServer } from './resource-server.ts'

export interface StoredResourceServer extends ResourceServer {
  readonly state: 'active' | 'suspended'
}

/** The resource servers. Answers come from memory for up to five seconds, so a change is in force everywhere within that time. */
export interface ResourceServers {
  /** One that is not suspended. */
  find(identifier: string): Promise<ResourceServer | undefined>
  /** Those that a client introspects for, suspended ones left out. */
  servedBy(clientId: string): Promise<readonly ResourceServer[]>
  /** What describes a type of authorization details, and whose it is; suspended ones left out. */
  typeOf(type: string): Promise<{ readonly server: ResourceServer; readonly type: DetailType } | undefined>
  /** Every scope of theirs, of suspended ones as well. */
  scopes(): Promise<ReadonlySet<string>>
  /** Every type that is described, of suspended ones as well: clients stay registered for them. */
  types(): Promise<readonly string[]>
  list(): Promise<readonly StoredResourceServer[]>
  /**
   * @throws Error when the identifier is taken and `replace` is not set, when there is nothing to replace, or when one of its types
   * of authorization details is described by another one
   */
  save(server: ResourceServer, options?: { replace?: boolean }): Promise<void>
  /** @returns false when there is none of that identifier */
  setState(identifier: string, state: StoredResourceServer['state']): Promise<boolean>
}

const CACHE_MS = 5_000

export function makeResourceServers(deps: { store: Store; clock: Clock }): ResourceServers {
  const { store, clock } = deps
  let cached: { readonly servers: Promise<readonly StoredResourceServer[]>; readonly until: number } | undefined

  async function load(): Promise<readonly StoredResourceServer[]> {
    const rows = await store.db
      .selectFrom('resource_servers')
      .select(['description', 'state'])
      .orderBy('identifier')
      .execute()
    return rows.map(({ description, state }) => ({ ...JSON.parse(description), state }))
  }

  /** There are few, and whoever asks for one will ask for others: all are kept together. */
  function all(): Promise<readonly StoredResourceServer[]> {
    if (cached && cached.until > performance.now()) return cached.servers
    const loading = { servers: load(), until: performance.now() + CACHE_MS }
    cached = loading
    loading.servers.catch(() => {
      if (cached === loading) cached = undefined
    })
    return loading.servers
  }

  const active = async () => (await all()).filter(({ state }) => state === 'active')

  async function refuseTakenTypes(server: ResourceServer): Promise<void> {
    const others = (await load()).filter(({ identifier }) => identifier !== server.identifier)
    server.authorization_details_types?.forEach(({ type }, index) => {
      const owner = others.find((other) => other.authorization_details_types?.some((theirs) => theirs.type === type))
      if (owner)
        throw new Error(`authorization_details_types[${index}].type: "${type}" belongs to ${owner.identifier} already`)
    })
  }

  return {
    find: async (identifier) => (await active()).find((server) => server.identifier === identifier),
    servedBy: async (clientId) => (await active()).filter((server) => server.client_id === clientId),
    async typeOf(name) {
      for (const server of await active()) {
        const type = server.authorization_details_types?.find(({ type }) => type === name)
        if (type) return { server, type }
      }
      return undefined
    },
    scopes: async () => new Set((await all()).flatMap(({ scopes }) => scopes.map(({ name }) => name))),
    types: async () =>
      (await all()).flatMap((server) => server.authorization_details_types?.map(({ type }) => type) ?? []),
    list: load,
    async save(server, { replace = false } = {}) {
      await refuseTakenTypes(server)
      const now = clock.now()
      const { identifier } = server
      const row = { description: JSON.stringify(server), changed_at: now }
      const saved = replace
        ? await store.db
            .updateTable('resource_servers')
            .set(row)
            .where('identifier', '=', identifier)
            .returning('identifier')
            .executeTakeFirst()
        : await store.db
            .insertInto('resource_servers')
            .values({ identifier, ...row, state: 'active', created_at: now })
            .onConflict((conflict) => conflict.doNothing())
            .returning('identifier')
            .executeTakeFirst()
      cached = undefined
      if (saved) return
      throw new Error(
        replace
          ? `there is no resource server ${identifier}`
          : `identifier: ${identifier} is taken; change it or choose another`,
      )
    },
    async setState(identifier, state) {
      const changed = await store.db
        .updateTable('resource_servers')
        .set({ state, changed_at: clock.now() })
        .where('identifier', '=', identifier)
        .returning('identifier')
        .executeTakeFirst()
      cached = undefined
      return changed !== undefined
    },
  }
}
