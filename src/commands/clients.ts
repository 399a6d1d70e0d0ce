import { z } from 'zod'
import type { Clients } from '#src/oidc/clients/clients.ts'
import { MetadataRefused } from '#src/oidc/clients/faults.ts'
import type { Registrar, Registration } from '#src/oidc/clients/registrar.ts'
import type { Registered } from '#src/oidc/clients/store.ts'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { type ClientOptions, clientOptions, knownField, metadataOf, optionFor } from './client-options.ts'
import {
  flag,
  type Noun,
  one,
  parseOptions,
  parseWordAndOptions,
  seconds,
  table,
  UsageError,
  whole,
} from './command.ts'
import { type InvitationCommandDeps, invitationVerbs } from './invitations.ts'

export interface ClientCommandDeps extends InvitationCommandDeps {
  readonly clients: Clients
  readonly registrar: Registrar
}

export const clientCommands: Noun<ClientCommandDeps> = {
  usage: `  clients list                   the relying parties, a line each
      [--state active|suspended|deleted] [--find TEXT]
      [--limit 100] [--after ID] [--json]
  clients show ID [--json]       everything that is registered, but no secret
  clients create --id ID --name NAME --redirect-uri URI [--redirect-uri URI …]
      [--name-en NAME]           its name on English pages
      [--purpose TEXT] [--purpose-en TEXT]
                                 why it asks, shown on the consent page
      [--post-logout-uri URI …]  where sign-out may lead back to
      [--scope "openid profile"] what it may ask for (default: openid profile email phone offline_access)
      [--refresh]                may hold refresh tokens
      [--grant code|refresh|client_credentials|device|ciba|exchange …]
      [--public] [--native]      has no secret (PKCE alone protects it); an application on the person's device
      [--auth METHOD] [--jwks-uri URI | --jwks FILE]
                                 how it proves itself, such as private_key_jwt, and its public keys
      [--minimum-acr aal1|aal2|aal3] [--acr-policy required|voluntary]
      [--minimum-identity-level standard|verified] [--initiate-login-uri URI]
                                 how well people have to be proven; where they begin again once they are
      [--fapi security|message_signing] [--pairwise]
      [--backchannel-delivery poll|ping] [--backchannel-notification URI]
                                 for the grant ciba: how the client learns of a decision, and where it is pinged
      [--backchannel-logout-uri URI] [--cors-origin ORIGIN …]
      [--metadata FILE|-]        JSON with any field by its registered name
      [--json]
  clients change ID              the same options; only what is named changes
      [--remove FIELD …]         takes a field away, by its registered name
  clients suspend ID --reason TEXT
                                 nothing of it is served until "clients resume ID"
  clients resume ID
  clients secret ID [--overlap 7d|12h|30m|0]
                                 a new secret; the former one works until the overlap ends (default: 7d)
  clients secret ID --end-overlap
  clients delete ID --yes        for good: its tokens and consents are worth nothing, its id is never used again
  clients invite [--uses 1] [--days 7] [--allow FIELD[=VALUE,VALUE] …] [--json]
                                 an initial access token, with which a relying party registers itself
  clients invitations [--json]   those that can still be used
  clients uninvite ID
`,
  verbs: {
    list: (args, { clients }) => list(clients, args),
    show: (args, { clients }) => show(clients, args),
    create: (args, deps) => create(deps, args),
    change: (args, deps) => change(deps, args),
    suspend: (args, { registrar }) => suspend(registrar, args),
    resume: (args, { registrar }) => resume(registrar, args),
    secret: (args, { registrar }) => secret(registrar, args),
    delete: (args, { registrar }) => remove(registrar, args),
    ...invitationVerbs,
  },
}

const json = flag.optional()
const named = <T extends z.ZodType>(shape: T, args: readonly string[]) =>
  parseWordAndOptions('the client_id', shape, args)

const Listing = z.strictObject({
  state: one(z.enum(['active', 'suspended', 'deleted'], 'must be active, suspended or deleted')).optional(),
  find: one(z.string()).optional(),
  after: one(z.string()).optional(),
  limit: one(whole(1, 1000)).default(100),
  json,
})

async function list(clients: Clients, args: readonly string[]): Promise<string> {
  const { limit, state, find, after, json } = parseOptions(Listing, args)
  const found = await clients.page({
    limit: limit + 1,
    ...(state !== undefined && { state }),
    ...(find !== undefined && { text: find }),
    ...(after !== undefined && { after }),
  })
  const rows = found.slice(0, limit)
  if (json) return asJson(rows.map(shown))
  if (rows.length === 0) return 'No relying party is found; "clients create" registers one.\n'
  const lines = rows.map(({ client, state }) => [
    client.client_id,
    state,
    client.client_name,
    client.redirect_uris.join(' '),
  ])
  const more = found.length > limit ? `… and more: --after ${rows.at(-1)!.client.client_id}\n` : ''
  return `${table(lines)}${more}`
}

async function show(clients: Clients, args: readonly string[]): Promise<string> {
  const { word, options } = named(z.strictObject({ json }), args)
  const found = await clients.read(word)
  if (!found) throw new Error(`there is no client "${word}"`)
  const all = shown(found)
  if (options.json) return asJson(all)
  const width = Math.max(...Object.keys(all).map((field) => field.length))
  return Object.entries(all)
    .map(([field, value]) => `${field.padEnd(width)}  ${typeof value === 'string' ? value : JSON.stringify(value)}\n`)
    .join('')
}

/** Everything about a client that may be seen. */
function shown({ client, previous, ...rest }: Registered) {
  const { client_secret, ...metadata } = client
  return {
    ...metadata,
    state: rest.state,
    ...(rest.reason !== undefined && { suspended_because: rest.reason }),
    has_secret: client_secret !== undefined,
    ...(previous && { former_secret_until: previous.until.toISOString() }),
    ...(rest.allowance && { registered_itself_with: rest.allowance }),
    created_at: rest.createdAt.toISOString(),
    changed_at: rest.changedAt.toISOString(),
  }
}

const Creation = z.strictObject({ id: one(z.string()).optional(), ...clientOptions, json })

async function create(deps: ClientCommandDeps, args: readonly string[]): Promise<string> {
  const { id, json, ...options } = parseOptions(Creation, args)
  const metadata = { ...metadataOf(options), ...(id !== undefined && { client_id: id }) }
  const made = await explained({ ...options, id }, () => deps.registrar.register(metadata))
  if (json) return asJson(withSecret(made))
  return `client_id      ${made.client.client_id}\n${secretLines(made.secret)}`
}

const Changing = z.strictObject({ ...clientOptions, remove: z.array(z.string()).optional(), json })

async function change(deps: ClientCommandDeps, args: readonly string[]): Promise<string> {
  const { clients, registrar } = deps
  const { word, options: all } = named(Changing, args)
  const { remove = [], json, ...options } = all
  const set = metadataOf(options, (await clients.read(word))?.client)
  const gone = Object.fromEntries(remove.map((field) => [knownField(field), null]))
  const made = await explained(options, () => registrar.change(word, { ...set, ...gone }))
  if (json) return asJson(withSecret(made))
  return `${differences(made.before, made.client)}${secretLines(made.secret)}`
}

function differences(before: RelyingParty, after: RelyingParty): string {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort() as (keyof RelyingParty)[]
  const lines = fields.flatMap((field) => {
    const [was, is] = [JSON.stringify(before[field]), JSON.stringify(after[field])]
    if (was === is) return []
    return [field, ...(was === undefined ? [] : [`  - ${was}`]), ...(is === undefined ? [] : [`  + ${is}`])]
  })
  return lines.length === 0 ? 'Nothing changes.\n' : `${lines.join('\n')}\n`
}

const text = one(z.string().trim().min(1, 'must not be empty').max(500, 'must be 500 characters at most'))

async function suspend(registrar: Registrar, args: readonly string[]): Promise<string> {
  const { word, options } = named(z.strictObject({ reason: text }), args)
  await registrar.suspend(word, options.reason)
  return `${word} is suspended; in 5 seconds no process serves it any more.\n`
}

async function resume(registrar: Registrar, args: readonly string[]): Promise<string> {
  const { word } = named(z.strictObject({}), args)
  await registrar.resume(word)
  return `${word} is served again; tokens that have not expired meanwhile work on.\n`
}

const Secrets = z.strictObject({ overlap: one(seconds).optional(), 'end-overlap': flag.optional(), json })
const USUAL_OVERLAP_SECONDS = 7 * 86_400

async function secret(registrar: Registrar, args: readonly string[]): Promise<string> {
  const { word, options } = named(Secrets, args)
  if (options['end-overlap']) {
    if (options.overlap !== undefined) throw new UsageError('--overlap: not together with --end-overlap')
    await registrar.endOverlap(word)
    return options.json ? asJson({ client_id: word }) : 'The former secret works no more.\n'
  }
  const made = await registrar.renewSecret(word, options.overlap ?? USUAL_OVERLAP_SECONDS)
  const until = made.overlapUntil?.toISOString()
  if (options.json) return asJson({ client_id: word, client_secret: made.secret, former_secret_until: until })
  const former = until === undefined ? 'The former one works no more.' : `The former one works until ${until}.`
  return `${secretLines(made.secret)}${former}\n`
}

async function remove(registrar: Registrar, args: readonly string[]): Promise<string> {
  const { word, options } = named(z.strictObject({ yes: flag.optional() }), args)
  if (!options.yes)
    throw new UsageError(`this is for good; "clients suspend ${word}" can be undone. To go on, add --yes`)
  await registrar.remove(word)
  return `${word} is deleted.\n`
}

/** Tells faults by the registered field and, where it was typed, the option. */
async function explained<T>(options: ClientOptions & { id?: string | undefined }, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (fault) {
    if (!(fault instanceof MetadataRefused)) throw fault
    const lines = fault.faults.map(({ field, remedy }) => {
      const option = field === 'client_id' && options.metadata === undefined ? '--id' : optionFor(field, options)
      return `${option === undefined ? field : `${option} (${field})`}: ${remedy}`
    })
    throw new UsageError(lines.join('\n'))
  }
}

const withSecret = ({ client, secret }: Registration) => ({
  ...client,
  ...(secret !== undefined && { client_secret: secret }),
})

const secretLines = (secret: string | undefined) =>
  secret === undefined
    ? ''
    : `client_secret  ${secret}\nThe secret is shown this once; keep it where the relying party keeps its secrets.\n`

const asJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
