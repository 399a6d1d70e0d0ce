import { type AuthorizationDetail, type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { registrationOf } from '../clients.ts'
import type { IdentifiedAccount } from '../identity-level/check.ts'
import { printable, quoted } from '../quoted.ts'
import { issuedFrom } from '../token-levels.ts'
import { refuseBelow, resourceInForce } from './demands.ts'
import { detailFault, isWithin } from './details.ts'
import type { ResourceServer } from './resource-server.ts'
import type { ResourceServers } from './store.ts'

type Features = NonNullable<Configuration['features']>

/** Routes where a person is asked. */
const asking = new Set<string>([
  'authorization',
  'pushed_authorization_request',
  'device_authorization',
  'backchannel_authentication',
])

/** Tokens for resource servers (RFC 8707), for the clients that are registered to ask for them. */
export function resourceIndicators(servers: ResourceServers): NonNullable<Features['resourceIndicators']> {
  return {
    enabled: true,
    async getResourceServerInfo(ctx, identifier, client) {
      const { oidc } = ctx
      const allowed = registrationOf(client).resource_indicators?.includes(identifier) === true
      const owned = allowed ? await resourceInForce(oidc.provider, identifier, servers) : undefined
      // The same for one that does not exist: nobody can ask around for what there is.
      if (!owned) throw new errors.InvalidTarget(`resource ${quoted(identifier)} is not one that this client may name`)
      const { server, owner } = owned
      if (asking.has(oidc.route)) refuseNothingAsked(ctx, server)
      const account = oidc.account as IdentifiedAccount | undefined
      // A client that asks for itself has no person behind it.
      if (oidc.route === 'token' && owner && account)
        refuseBelow(owner, { ...issuedFrom(oidc), identity: account.identity().level })
      return termsOf(server)
    },
    // A home token can be had as well where `openid` was granted; details, though, mean something at their resource server only.
    useGrantedResource: async (_ctx, source) => (source as { rar?: unknown }).rar !== undefined,
  }
}

/** Consent to nothing cannot be shown, and would hand the person's number over all the same. */
function refuseNothingAsked({ oidc }: KoaContextWithOIDC, server: ResourceServer): void {
  const scopes = oidc.requestParamScopes
  if (oidc.params?.authorization_details !== undefined || server.scopes.some(({ name }) => scopes.has(name))) return
  throw new errors.InvalidTarget(`ask for a scope or authorization_details of resource ${quoted(server.identifier)}`)
}

/** A resource server as the provider knows it. */
export function termsOf(server: ResourceServer) {
  return {
    scope: server.scopes.map(({ name }) => name).join(' '),
    audience: server.identifier,
    accessTokenFormat: server.token_format,
    accessTokenTTL: server.token_lifetime,
    jwt: { sign: { alg: 'ES256' } },
  } as const
}

/**
 * Authorization details (RFC 9396). Those of a request are asked anew each time and live in its code and tokens, never in what is
 * remembered.
 * @param types names of those that some resource server describes
 */
export function richAuthorizationRequests(servers: ResourceServers, types: readonly string[]) {
  async function validate(ctx: KoaContextWithOIDC, detail: AuthorizationDetail): Promise<void> {
    const refuse = (fault: string) =>
      new errors.InvalidAuthorizationDetails(
        `authorization_details of type ${quoted(detail.type)}: ${printable(fault)}`,
      )
    const described = await servers.typeOf(detail.type)
    const registered = ctx.oidc.client?.authorizationDetailsTypes?.includes(detail.type) === true
    if (!described || !registered) throw refuse('this client is not registered for them')
    const { identifier } = described.server
    if (![ctx.oidc.params?.resource].flat().includes(identifier))
      throw refuse(`they need the parameter resource=${identifier}`)
    const fault = detailFault(detail, described)
    if (fault !== undefined) throw refuse(fault)
  }

  return {
    enabled: true as const,
    types: Object.fromEntries(types.map((type) => [type, { validate }])),
    // Asked for in this request and agreed to in its interaction: the provider lets none through that was not.
    authorizationDetailsForGrantSource: ({ oidc }) => detailsOf(oidc.params?.authorization_details),
    async authorizationDetailsForAccessToken({ oidc }, token, source) {
      const server = await servers.find(token.resourceServer?.identifier() ?? '')
      const own = server?.authorization_details_types?.map(({ type }) => type) ?? []
      const asked = detailsOf(oidc.params?.authorization_details)
      // Without a source a client asks for itself: its registration decides, and no person.
      const granted = source === undefined ? asked : source.rar
      for (const detail of asked ?? []) {
        if (!own.includes(detail.type) || !granted?.some((more) => isWithin(detail, more)))
          throw new errors.InvalidAuthorizationDetails(
            `authorization_details of type ${quoted(detail.type)}: more than was granted`,
          )
      }
      return (asked ?? granted)?.filter(({ type }) => own.includes(type))
    },
    authorizationDetailsForIntrospection: (_ctx, token) => token.rar,
  } satisfies Features['richAuthorizationRequests']
}

function detailsOf(parameter: unknown): AuthorizationDetail[] | undefined {
  return typeof parameter === 'string' ? JSON.parse(parameter) : undefined
}
