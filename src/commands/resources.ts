import { z } from 'zod'
import type { Clients } from '#src/oidc/clients/clients.ts'
import { isClient } from '#src/oidc/clients/neighbours.ts'
import { parseResourceServer, type ResourceServer } from '#src/oidc/resources/resource-server.ts'
import type { ResourceServers } from '#src/oidc/resources/store.ts'
import { flag, type Noun, one, parseOptions, parseWordAndOptions, table, UsageError } from './command.ts'

export interface ResourceCommandDeps {
  readonly resourceServers: ResourceServers
  readonly clients: Clients
}

/** Who acts, for the journal. */
const ACTOR = 'cli'

export const resourceCommands: Noun<ResourceCommandDeps> = {
  usage: `  resources list [--json]        the resource servers that tokens are issued for, a line each
  resources show URI             its whole description, as JSON
  resources create --id URI --name NAME [--name-en NAME]
      [--scope NAME=TITLE …]     what may be done there, with what people read before they agree
      [--scope-en NAME=TITLE …]  the same on English pages
      [--format jwt|opaque]      signed tokens, or tokens to introspect (default: jwt)
      [--lifetime SECONDS]       of its tokens, 3600 at most (default: 300)
      [--client ID]              the client that introspects for it
      [--metadata FILE|-]        the description as JSON, types of authorization details included
  resources change URI           the same options; only what is named changes
      [--remove MEMBER …]        takes a member away, by its name in the description
  resources suspend URI          no tokens for it until "resources resume URI"
  resources resume URI
`,
  verbs: {
    list: (args, { resourceServers }) => list(resourceServers, args),
    show: (args, { resourceServers }) => show(resourceServers, args),
    create: (args, deps) => create(deps, args),
    change: (args, deps) => change(deps, args),
    suspend: (args, { resourceServers }) => setState(resourceServers, 'suspended', args),
    resume: (args, { resourceServers }) => setState(resourceServers, 'active', args),
  },
}

const text = one(z.string()).optional()
const options = {
  name: text,
  'name-en': text,
  scope: z.array(z.string()).optional(),
  'scope-en': z.array(z.string()).optional(),
  format: text,
  lifetime: one(z.string()).transform(Number).optional(),
  client: text,
  metadata: text,
}
const Creation = z.strictObject({ id: text, ...options })
const Changes = z.strictObject({ remove: z.array(z.string()).default([]), ...options })
type Options = Omit<z.infer<typeof Changes>, 'remove'>

const named = <T extends z.ZodType>(shape: T, args: readonly string[]) =>
  parseWordAndOptions('the identifier', shape, args)

async function list(servers: ResourceServers, args: readonly string[]): Promise<string> {
  const { json } = parseOptions(z.strictObject({ json: flag.optional() }), args)
  const found = await servers.list()
  if (json) return printed(found)
  if (found.length === 0) return 'No resource server is registered yet; "resources create" registers one.\n'
  return table(
    found.map(({ identifier, state, name, scopes }) => [
      identifier,
      state,
      name,
      scopes.map((scope) => scope.name).join(' '),
    ]),
  )
}

async function show(servers: ResourceServers, args: readonly string[]): Promise<string> {
  const { word } = named(z.strictObject({}), args)
  return printed(await existing(servers, word))
}

async function create(deps: ResourceCommandDeps, args: readonly string[]): Promise<string> {
  const { id, ...rest } = parseOptions(Creation, args)
  // Whoever gives no description has only the options to say what is missing.
  const typed = rest.metadata === undefined ? { id: '', name: '', ...rest } : { id, ...rest }
  const server = checked({ ...described(rest, []), ...(id !== undefined && { identifier: id }) }, typed)
  await refuseUnknownClient(server, undefined, typed, deps)
  await deps.resourceServers.add(server, ACTOR)
  return `${server.identifier} is registered; clients that may name it need it in resource_indicators.\n`
}

async function change(deps: ResourceCommandDeps, args: readonly string[]): Promise<string> {
  const { resourceServers: servers } = deps
  const { word, options } = named(Changes, args)
  const { remove, ...rest } = options
  const { state: _state, ...before } = await existing(servers, word)
  const after = Object.entries({ ...before, ...described(rest, before.scopes) })
  const server = checked(Object.fromEntries(after.filter(([member]) => !remove.includes(member))), rest)
  if (server.identifier !== word) throw new UsageError('identifier: cannot be changed; register another one')
  await refuseUnknownClient(server, before.client_id, rest, deps)
  const members = await servers.replace(server, ACTOR)
  return members.length === 0 ? 'Nothing changes.\n' : `Changed: ${members.join(', ')}. In force within 5 seconds.\n`
}

async function setState(
  servers: ResourceServers,
  state: 'active' | 'suspended',
  args: readonly string[],
): Promise<string> {
  const { word } = named(z.strictObject({}), args)
  await servers.setState(word, state, ACTOR)
  return `${word} is ${state}, in every process within 5 seconds.\n`
}

async function existing(servers: ResourceServers, identifier: string) {
  const found = (await servers.list()).find((server) => server.identifier === identifier)
  if (!found) throw new Error(`there is no resource server ${identifier}`)
  return found
}

/** What the options say, as members of a description; those of `--metadata` first. */
function described(options: Options, present: ResourceServer['scopes']): Record<string, unknown> {
  const scopes = scopesOf(options, present)
  const given = {
    name: options.name,
    'name#en': options['name-en'],
    scopes,
    token_format: options.format,
    token_lifetime: options.lifetime,
    client_id: options.client,
  }
  const members = Object.entries(given).filter(([, value]) => value !== undefined)
  return { ...metadataOf(options.metadata), ...Object.fromEntries(members) }
}

function metadataOf(json: string | undefined): Record<string, unknown> {
  if (json === undefined) return {}
  try {
    const read: unknown = JSON.parse(json)
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Record<string, unknown>
  } catch {
    // Said below, like everything else that is no object.
  }
  throw new UsageError('--metadata: must be a JSON object')
}

function scopesOf(options: Options, present: ResourceServer['scopes']): unknown {
  if (!options.scope && !options['scope-en']) return undefined
  const english = new Map((options['scope-en'] ?? []).map((pair) => titled('--scope-en', pair)))
  const russian = options.scope?.map((pair) => titled('--scope', pair))
  const scopes = russian?.map(([name, title]) => ({ name, title })) ?? present
  const unknown = [...english.keys()].find((name) => !scopes.some((scope) => scope.name === name))
  if (unknown !== undefined) throw new UsageError(`--scope-en: there is no scope "${unknown}"`)
  return scopes.map((scope) => (english.has(scope.name) ? { ...scope, 'title#en': english.get(scope.name) } : scope))
}

function titled(option: string, pair: string): [name: string, title: string] {
  const at = pair.indexOf('=')
  if (at < 1) throw new UsageError(`${option}: must be NAME=TITLE`)
  return [pair.slice(0, at), pair.slice(at + 1)]
}

/** @throws UsageError with a line for each fault, which names the member and, where it was typed, the option */
function checked(description: unknown, typed: Typed): ResourceServer {
  const parsed = parseResourceServer(description)
  if (!parsed.ok) throw new UsageError(parsed.faults.map((fault) => byOption(fault, typed)).join('\n'))
  return parsed.server
}

/** One that is deleted since hinders no other change. */
async function refuseUnknownClient(
  { client_id }: ResourceServer,
  before: string | undefined,
  typed: Typed,
  { clients }: ResourceCommandDeps,
): Promise<void> {
  if (client_id === undefined || client_id === before || (await isClient(clients, client_id))) return
  const fault = `client_id: there is no client "${client_id}"; register it first (clients create)`
  throw new UsageError(byOption(fault, typed))
}

type Typed = Options & { id?: string | undefined }

/** Option → the member that it sets. */
const memberOf = {
  id: 'identifier',
  name: 'name',
  'name-en': 'name#en',
  scope: 'scopes',
  'scope-en': 'scopes',
  format: 'token_format',
  lifetime: 'token_lifetime',
  client: 'client_id',
} as const satisfies Partial<Record<keyof Typed, keyof ResourceServer>>

/** A fault as `--name (name): …` where the option was typed. */
function byOption(fault: string, typed: Typed): string {
  const [place, remedy] = [fault.slice(0, fault.indexOf(': ')), fault.slice(fault.indexOf(': '))]
  const member = place.replace(/[[.].*/, '')
  const english = place.endsWith('.title#en') && typed['scope-en'] !== undefined
  const options = english ? (['scope-en'] as const) : (Object.keys(memberOf) as (keyof typeof memberOf)[])
  const option = options.find((name) => memberOf[name] === member && typed[name] !== undefined)
  return option === undefined ? fault : `--${option} (${place})${remedy}`
}

const printed = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
