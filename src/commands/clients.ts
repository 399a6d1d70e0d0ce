import { z } from 'zod'
import { randomTicket } from '#src/kernel/ids.ts'
import { authLevels } from '#src/kernel/levels.ts'
import type { Clients, RelyingParty } from '#src/oidc/clients.ts'
import { flag, type Noun, one, parseOptions, table } from './command.ts'

export interface ClientCommandDeps {
  readonly clients: Clients
}

export const clientCommands: Noun<ClientCommandDeps> = {
  usage: `  clients list                   the relying parties, a line each
  clients create --id ID --name NAME --redirect-uri URI [--redirect-uri URI …]
      [--name-en NAME]           its name on English pages
      [--post-logout-uri URI …]  where sign-out may lead back to
      [--scope "openid profile"] what it may ask for (default: openid profile email phone offline_access)
      [--purpose TEXT] [--purpose-en TEXT]
                                 why it asks, shown on the consent page
      [--refresh]                may hold refresh tokens
      [--public]                 has no secret (PKCE alone protects it)
      [--minimum-acr aal1|aal2|aal3] [--acr-policy required|voluntary]
`,
  verbs: {
    list: (args, { clients }) => listClients(clients, args),
    create: (args, { clients }) => createClient(clients, args),
  },
}

async function listClients(clients: Clients, args: readonly string[]): Promise<string> {
  parseOptions(z.strictObject({}), args)
  const rows = await clients.list()
  if (rows.length === 0) return 'No relying party is registered yet; "clients create" registers one.\n'
  return table(
    rows.map(({ client_id, client_name, state, redirect_uris }) => [
      client_id,
      state,
      client_name,
      redirect_uris.join(' '),
    ]),
  )
}

const uri = z
  .string()
  .refine(isRedirectUri, 'must be an absolute https URI without a fragment (http only for localhost)')
const text = z.string().trim().min(1, 'must not be empty').max(200, 'must be 200 characters at most')

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

async function createClient(clients: Clients, args: readonly string[]): Promise<string> {
  const asked = parseOptions(NewClient, args)
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

/** What oidc-provider would refuse later is refused here, with the option's name. */
function isRedirectUri(value: string): boolean {
  if (!URL.canParse(value) || value.includes('#')) return false
  const { protocol, hostname } = new URL(value)
  return protocol === 'https:' || (protocol === 'http:' && (hostname === 'localhost' || hostname === '127.0.0.1'))
}
