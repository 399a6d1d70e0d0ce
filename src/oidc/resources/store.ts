import { isDeepStrictEqual } from 'node:util'
import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Db, Store, Tx } from '#src/store/store.ts'
import { resourceChanged, resourceRegistered, resourceResumed, resourceSuspended } from './events.ts'
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
   * Registers a new one.
   * @throws Error when the identifier is taken, or one of its types of authorization details is described by another one
   */
  add(server: ResourceServer, actor: string): Promise<void>
  /**
   * Puts a description in place of the one of the same identifier.
   * @returns the members that differ; none where there is nothing to change
   * @throws Error when there is none of that identifier, or one of its types is described by another one
   */
  replace(server: ResourceServer, actor: string): Promise<readonly string[]>
  /** @throws Error when there is none of that identifier */
  setState(identifier: string, state: StoredResourceServer['state'], actor: string): Promise<void>
}

const CACHE_MS = 5_000

export function makeResourceServers(deps: { store: Store; journal: Journal; clock: Clock }): ResourceServers {
  const { store, journal, clock } = deps
  let cached: { readonly servers: Promise<readonly StoredResourceServer[]>; readonly until: number } | undefined

  async function load(handle: Db | Tx = store.db): Promise<readonly StoredResourceServer[]> {
    const rows = await handle
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

  /** Stores a change with its event, and forgets what was in memory. */
  async function changing<T>(work: (tx: Tx, present: readonly StoredResourceServer[]) => Promise<T>): Promise<T> {
    const done = await store.tx(async (tx) => work(tx, await load(tx)))
    cached = undefined
    return done
  }

  function present(all: readonly StoredResourceServer[], identifier: string): StoredResourceServer {
    const found = all.find((server) => server.identifier === identifier)
    if (!found) throw new Error(`there is no resource server ${identifier}`)
    return found
  }

  function refuseTakenTypes(server: ResourceServer, all: readonly StoredResourceServer[]): void {
    const others = all.filter(({ identifier }) => identifier !== server.identifier)
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
    list: () => load(),
    add: (server, actor) =>
      changing(async (tx, all) => {
        const { identifier } = server
        if (all.some((other) => other.identifier === identifier))
          throw new Error(`identifier: ${identifier} is taken; change it or choose another`)
        refuseTakenTypes(server, all)
        const now = clock.now()
        await tx
          .insertInto('resource_servers')
          .values({
            identifier,
            description: JSON.stringify(server),
            state: 'active',
            created_at: now,
            changed_at: now,
          })
          .execute()
        await journal.record(tx, resourceRegistered({ resource: identifier, actor }))
      }),
    replace: (server, actor) =>
      changing(async (tx, all) => {
        const { identifier } = server
        const members = differing(present(all, identifier), server)
        refuseTakenTypes(server, all)
        if (members.length === 0) return members
        await tx
          .updateTable('resource_servers')
          .set({ description: JSON.stringify(server), changed_at: clock.now() })
          .where('identifier', '=', identifier)
          .execute()
        await journal.record(tx, resourceChanged({ resource: identifier, actor, members: members.join(' ') }))
        return members
      }),
    setState: (identifier, state, actor) =>
      changing(async (tx, all) => {
        if (present(all, identifier).state === state) return
        await tx
          .updateTable('resource_servers')
          .set({ state, changed_at: clock.now() })
          .where('identifier', '=', identifier)
          .execute()
        const event = state === 'active' ? resourceResumed : resourceSuspended
        await journal.record(tx, event({ resource: identifier, actor }))
      }),
  }
}

function differing({ state: _state, ...before }: StoredResourceServer, after: ResourceServer): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof ResourceServer>
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name]))
}
