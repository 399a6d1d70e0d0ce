import { z } from 'zod'
import { randomTicket } from '#src/kernel/ids.ts'
import { authLevels } from '#src/kernel/levels.ts'
import type { Clients, RelyingParty } from '#src/oidc/clients.ts'
import { migrate } from '#src/store/migrate.ts'
import type { Store } from '#src/store/store.ts'

export interface CommandResult {
  readonly output: string
  readonly exitCode: number
}

export interface CommandDeps {
  readonly store: Store
  readonly clients: () => Promise<Clients>
}

/** A command that cannot be carried out, told to whoever typed it. */
class UsageError extends Error {}

const USAGE = `usage: npm run propusk -- COMMAND

  migrate                        bring the database up to date
  clients list                   the relying parties, a line each
  clients create --id ID --name NAME --redirect-uri URI [--redirect-uri URI …]
      [--name-en NAME]           its name on English pages
      [--post-logout-uri URI …]  where sign-out may lead back to
      [--scope "openid profile"] what it may ask for (default: openid profile email phone offline_access)
      [--purpose TEXT] [--purpose-en TEXT]
                                 why it asks, shown on the consent page
      [--refresh]                may hold refresh tokens
      [--public]                 has no secret (PKCE alone protects it)
      [--minimum-acr aal1|aal2|aal3] [--acr-policy required|voluntary]
`

/** Carries one command out; faults of the caller come back as text and exit code 2, nothing is thrown for them. */
export async function runCommand(argv: readonly string[], deps: CommandDeps): Promise<CommandResult> {
  try {
    return { output: await dispatch(argv, deps), exitCode: 0 }
  } catch (fault) {
    if (fault instanceof UsageError) return { output: `${fault.message}\n`, exitCode: 2 }
    return { output: `${(fault as Error).message}\n`, exitCode: 1 }
  }
}

async function dispatch([noun, verb, ...rest]: readonly string[], deps: CommandDeps): Promise<string> {
  if (noun === 'migrate' && verb === undefined) {
    const applied = await migrate(deps.store)
    return applied.length === 0
      ? 'The database is up to date.\n'
      : `${applied.map((name) => `applied ${name}`).join('\n')}\n`
  }
  if (noun === 'clients' && verb === 'list' && rest.length === 0) return listClients(await deps.clients())
  if (noun === 'clients' && verb === 'create') return createClient(await deps.clients(), options(rest))
  throw new UsageError(USAGE)
}

async function listClients(clients: Clients): Promise<string> {
  const rows = await clients.list()
  if (rows.length === 0) return 'No relying party is registered yet; "clients create" registers one.\n'
  return rows
    .map(({ client_id, client_name, state, redirect_uris }) =>
      [client_id, state, client_name, redirect_uris.join(' ')].join('\t'),
    )
    .join('\n')
    .concat('\n')
}

/** `--name value` pairs; a name may come several times, a name without a value is a switch. */
function options(args: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (let i = 0; i < args.length; i++) {
    const name = args[i]!
    if (!name.startsWith('--')) throw new UsageError(`"${name}" is not an option; options start with --`)
    const value = args[i + 1]
    const taken = value !== undefined && !value.startsWith('--')
    found.set(name.slice(2), [...(found.get(name.slice(2)) ?? []), taken ? value : ''])
    if (taken) i++
  }
  return found
}

const uri = z
  .string()
  .refine(isRedirectUri, 'must be an absolute https URI without a fragment (http only for localhost)')
const one = <T extends z.ZodType>(inner: T) => z.tuple([inner]).transform(([value]) => value)
const text = z.string().trim().min(1, 'must not be empty').max(200, 'must be 200 characters at most')
const flag = one(z.literal('', 'takes no value')).transform(() => true)

const NewClient = z.strictObject({
  id: one(z.string().regex(/^[A-Za-z0-9._-]{3,64}$/, 'must be 3 to 64 letters, digits, dots, dashes or underscores')),
  name: one(text),
  'name-en': one(text).optional(),
  'redirect-uri': z.array(uri).min(1),
  'post-logout-uri': z.array(uri).optional(),
  scope: one(text).optional(),
  purpose: one(text).optional(),
  'purpose-en': one(text).optional(),
  refresh: flag.optional(),
  public: flag.optional(),
  'minimum-acr': one(z.enum(authLevels, 'must be aal1, aal2 or aal3')).optional(),
  'acr-policy': one(z.enum(['required', 'voluntary'], 'must be required or voluntary')).optional(),
})

async function createClient(clients: Clients, given: Map<string, string[]>): Promise<string> {
  const parsed = NewClient.safeParse(Object.fromEntries(given))
  if (!parsed.success) throw new UsageError(parsed.error.issues.map(explain).join('\n'))
  const asked = parsed.data
  const secret = asked.public ? undefined : randomTicket()
  const client: RelyingParty = {
    client_id: asked.id,
    client_name: asked.name,
    redirect_uris: asked['redirect-uri'],
    response_types: ['code'],
    grant_types: ['authorization_code', ...(asked.refresh ? ['refresh_token'] : [])],
    token_endpoint_auth_method: asked.public ? 'none' : 'client_secret_basic',
    ...(secret !== undefined && { client_secret: secret }),
    ...(asked['name-en'] !== undefined && { 'client_name#en': asked['name-en'] }),
    ...(asked['post-logout-uri'] && { post_logout_redirect_uris: asked['post-logout-uri'] }),
    ...(asked.scope !== undefined && { scope: asked.scope }),
    ...(asked.purpose !== undefined && { purpose: asked.purpose }),
    ...(asked['purpose-en'] !== undefined && { 'purpose#en': asked['purpose-en'] }),
    ...(asked['minimum-acr'] && { minimum_acr: asked['minimum-acr'] }),
    ...(asked['acr-policy'] && { acr_policy: asked['acr-policy'] }),
  }
  await clients.save(client)
  const lines = [`client_id      ${client.client_id}`]
  if (secret !== undefined)
    lines.push(
      `client_secret  ${secret}`,
      'The secret is shown this once; keep it where the relying party keeps its secrets.',
    )
  return `${lines.join('\n')}\n`
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `--${key}: there is no such option`).join('\n')
  const name = `--${String(issue.path[0])}`
  if (issue.code === 'invalid_type') return `${name}: is missing`
  if (issue.code === 'too_big' && issue.origin === 'array') return `${name}: give it once`
  return `${name}: ${issue.message}`
}

/** What oidc-provider would refuse later is refused here, with the option's name. */
function isRedirectUri(value: string): boolean {
  if (!URL.canParse(value) || value.includes('#')) return false
  const { protocol, hostname } = new URL(value)
  return protocol === 'https:' || (protocol === 'http:' && (hostname === 'localhost' || hostname === '127.0.0.1'))
}
