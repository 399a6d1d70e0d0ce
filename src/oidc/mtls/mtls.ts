import type { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type Provider from 'oidc-provider'
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'
import type { MutualTlsConfig } from '#src/config/config.ts'
import { makeTrustedPeers } from '#src/http/address.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { paths } from '../paths.ts'
import { readCertificate } from './header.ts'
import { bearsName, type SubjectProperty } from './subject.ts'
import { isTrusted, readBundle } from './trust.ts'

type MutualTlsFeature = NonNullable<NonNullable<Configuration['features']>['mTLS']>

/** What mutual TLS adds to the provider's configuration (RFC 8705). TLS ends at a proxy, so a certificate is what a trusted one says it is. */
export interface MutualTls {
  readonly feature: MutualTlsFeature
  readonly authMethods: readonly ('tls_client_auth' | 'self_signed_tls_client_auth')[]
  /** Further members of the discovery document (section 5). */
  readonly discovery: { readonly mtls_endpoint_aliases?: Readonly<Record<string, string>> }
}

/** Endpoints at which a client authenticates or shows a bound token. */
const aliased = {
  token_endpoint: paths.token,
  revocation_endpoint: paths.revocation,
  introspection_endpoint: paths.introspection,
  pushed_authorization_request_endpoint: paths.pushed_authorization_request,
  userinfo_endpoint: paths.userinfo,
  device_authorization_endpoint: paths.device_authorization,
  backchannel_authentication_endpoint: paths.backchannel_authentication,
} as const

/**
 * @param config undefined where the installation takes no certificates: the feature is off, and tokens that were bound before fail
 * @throws Error for a bundle that cannot be read
 */
export function makeMutualTls(deps: {
  config: MutualTlsConfig | undefined
  trustedProxies: readonly string[]
  clock: Clock
}): MutualTls {
  const { config, clock } = deps
  if (!config) return { feature: { enabled: false, getCertificate: () => undefined }, authMethods: [], discovery: {} }
  const isProxy = makeTrustedPeers(deps.trustedProxies)
  const bundle = config.caFile === undefined ? undefined : readBundle(readFileSync(config.caFile, 'utf8'))
  const known = new WeakMap<object, X509Certificate | undefined>()

  function certificateOf(ctx: KoaContextWithOIDC): X509Certificate | undefined {
    if (!known.has(ctx.req)) known.set(ctx.req, read(ctx))
    return known.get(ctx.req)
  }

  function read(ctx: KoaContextWithOIDC): X509Certificate | undefined {
    // Anybody may write a header; only the proxies have seen the handshake.
    if (!isProxy(ctx.req.socket.remoteAddress ?? '')) return undefined
    const header = ctx.get(config!.header)
    return header === '' ? undefined : readCertificate(header)
  }

  return {
    feature: {
      enabled: true,
      certificateBoundAccessTokens: true,
      selfSignedTlsClientAuth: true,
      tlsClientAuth: bundle !== undefined,
      getCertificate: certificateOf,
      certificateAuthorized(ctx) {
        const certificate = certificateOf(ctx)
        return certificate !== undefined && isTrusted(certificate, bundle ?? [], clock.now())
      },
      certificateSubjectMatches(ctx, property, expected) {
        const certificate = certificateOf(ctx)
        return certificate !== undefined && bearsName(certificate, property as SubjectProperty, expected)
      },
    },
    authMethods: bundle ? ['tls_client_auth', 'self_signed_tls_client_auth'] : ['self_signed_tls_client_auth'],
    discovery: config.origin === undefined ? {} : { mtls_endpoint_aliases: aliasesAt(config.origin) },
  }
}

/**
 * A client assertion may name the endpoint by the address at which certificates are asked for: that is where it is sent (RFC 8705, section 5;
 * RFC 7523, section 3, clause 3). Clients of FAPI 2.0 name the issuer and nothing else, which is checked beside this.
 */
export function acceptAliases(provider: Provider, { discovery }: Pick<MutualTls, 'discovery'>, issuer: URL): void {
  const aliases = Object.values(discovery.mtls_endpoint_aliases ?? {})
  const { prototype } = provider.OIDCContext as unknown as { prototype: { clientJwtAuthExpectedAudience: Audiences } }
  const { clientJwtAuthExpectedAudience } = prototype
  prototype.clientJwtAuthExpectedAudience = function audiences() {
    const usual = clientJwtAuthExpectedAudience.call(this)
    return new Set([...usual, ...aliases.filter((alias) => usual.has(issuer.origin + new URL(alias).pathname))])
  }
}

type Audiences = (this: object) => ReadonlySet<string>

const aliasesAt = (origin: string) =>
  Object.fromEntries(Object.entries(aliased).map(([name, path]) => [name, origin + path]))
