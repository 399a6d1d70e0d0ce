import { enabledJwa } from '../algorithms.ts'
import type { MetadataFault } from './faults.ts'
import { type ClientKey, keySetFaults, serves } from './jwks.ts'
import type { Metadata } from './metadata.ts'
import { isOnHostOf, redirectFault } from './uris.ts'

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code'
const CIBA = 'urn:openid:params:grant-type:ciba'
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** A client's registration with the defaults that its rules need to look at. */
export type Completed = Metadata &
  Required<Pick<Metadata, 'grant_types' | 'response_types' | 'token_endpoint_auth_method'>>

type Rule = (client: Completed) => (MetadataFault | false)[]

const fault = (field: keyof Metadata, remedy: string): MetadataFault => ({ field, remedy })

/** What the fields of a registration must be together; each fault names the field to change. */
export function disagreements(client: Completed): MetadataFault[] {
  return rules.flatMap((rule) => rule(client)).filter((found) => found !== false)
}

const redirects: Rule = (client) => {
  const faultOf = redirectFault(client.application_type ?? 'web')
  const faults = (['redirect_uris', 'post_logout_redirect_uris'] as const).flatMap((field) =>
    (client[field] ?? []).map((value, index) => {
      const remedy = faultOf(value)
      return remedy !== undefined && { field: `${field}[${index}]`, remedy }
    }),
  )
  const missing = client.response_types.length > 0 && client.redirect_uris.length === 0
  return [missing && fault('redirect_uris', 'must hold an address, as people are sent back there'), ...faults]
}

const beginnings: Rule = ({ initiate_login_uri: uri, redirect_uris }) => [
  uri !== undefined &&
    !isOnHostOf(uri, redirect_uris) &&
    fault('initiate_login_uri', 'must have the host of one of redirect_uris, as people are sent a link to it'),
]

const grants: Rule = ({ grant_types, response_types, token_endpoint_auth_method: method, response_modes }) => {
  const code = response_types.includes('code')
  const has = (grant: string) => (grant_types as readonly string[]).includes(grant)
  const renewable = has('authorization_code') || has(DEVICE) || has(CIBA)
  const confidential = ['client_credentials', CIBA, EXCHANGE].find(has)
  return [
    grant_types.length === 0 &&
      !response_types.includes('none') &&
      fault('grant_types', 'must hold a grant, such as authorization_code'),
    code && !has('authorization_code') && fault('grant_types', 'must hold authorization_code for response_types code'),
    !code && has('authorization_code') && fault('response_types', 'must hold code for the grant authorization_code'),
    has('refresh_token') &&
      !renewable &&
      fault('grant_types', 'must hold a grant that refresh_token can prolong, such as authorization_code'),
    method === 'none' &&
      confidential !== undefined &&
      fault('token_endpoint_auth_method', `must not be none with the grant ${confidential}: nobody would be proven`),
    response_modes?.length === 0 && fault('response_modes', 'must hold a value, or be left out'),
  ]
}

const subjectValues = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
] as const

const authentication: Rule = (client) => {
  const { token_endpoint_auth_method: method, token_endpoint_auth_signing_alg: alg } = client
  const given = subjectValues.filter((field) => client[field] !== undefined)
  const byCertificate = method === 'tls_client_auth'
  const keys = client.jwks?.keys as readonly { x5c?: unknown }[] | undefined
  return [
    method === 'private_key_jwt' && lacksKeys(client) && fault('jwks', 'or jwks_uri is needed for private_key_jwt'),
    method === 'self_signed_tls_client_auth' &&
      lacksKeys(client) &&
      fault('jwks', 'or jwks_uri is needed for self_signed_tls_client_auth'),
    method === 'self_signed_tls_client_auth' &&
      keys !== undefined &&
      !keys.some(({ x5c }) => x5c !== undefined) &&
      fault('jwks', 'must hold a key with x5c, the certificate that is shown in the handshake'),
    alg !== undefined &&
      method !== 'private_key_jwt' &&
      fault('token_endpoint_auth_signing_alg', 'only belongs to token_endpoint_auth_method private_key_jwt'),
    byCertificate &&
      given.length === 0 &&
      fault(
        'tls_client_auth_subject_dn',
        `or one of ${subjectValues.slice(1).join(', ')} is needed for tls_client_auth`,
      ),
    byCertificate && given.length > 1 && fault(given[1]!, `must go, or ${given[0]}: exactly one names the certificate`),
    !byCertificate &&
      given.length > 0 &&
      fault(given[0]!, 'only belongs to token_endpoint_auth_method tls_client_auth'),
    client.dpop_bound_access_tokens === true &&
      client.tls_client_certificate_bound_access_tokens === true &&
      fault(
        'dpop_bound_access_tokens',
        'or tls_client_certificate_bound_access_tokens must go: tokens are bound in one way',
      ),
  ]
}

const lacksKeys = ({ jwks, jwks_uri }: Completed) => jwks === undefined && jwks_uri === undefined

const keys: Rule = (client) => [
  ...(client.jwks === undefined ? [] : keySetFaults(client.jwks)),
  client.jwks !== undefined &&
    client.jwks_uri !== undefined &&
    fault('jwks_uri', 'must go, or jwks: keys come from one place'),
]

/**
 * Whether none of the client's keys can serve any of the algorithms. Keys that are only seen when they are used (`jwks_uri`), and faulty
 * ones, which are told already, are taken to serve.
 */
function unserved({ jwks }: Completed, algorithms: readonly string[]): boolean {
  if (jwks === undefined || keySetFaults(jwks).length > 0) return false
  return !jwks.keys.some((key) => algorithms.some((algorithm) => serves(key as ClientKey, algorithm)))
}

/** Signatures of the client's own: each needs a key to check it by. */
const signatures: Rule = (client) => {
  const { token_endpoint_auth_method: method, token_endpoint_auth_signing_alg: alg } = client
  const objects = ['request_object_signing_alg', 'backchannel_authentication_request_signing_alg'] as const
  const used = objects.filter((field) => client[field] !== undefined)
  return [
    ...used.map((field) => lacksKeys(client) && fault('jwks', `or jwks_uri is needed for ${field}`)),
    client.require_signed_request_object === true &&
      lacksKeys(client) &&
      fault('jwks', 'or jwks_uri is needed for require_signed_request_object'),
    ...(alg === undefined ? used : [...used, 'token_endpoint_auth_signing_alg' as const]).map(
      (field) => unserved(client, [client[field]!]) && fault(field, 'must be served by a key of jwks'),
    ),
    method === 'private_key_jwt' &&
      alg === undefined &&
      unserved(client, enabledJwa.clientAuthSigningAlgValues ?? []) &&
      fault('jwks', 'must hold a key to check signatures by'),
  ]
}

const encryption: Rule = (client) =>
  (['id_token', 'userinfo', 'introspection', 'authorization'] as const).flatMap((what) => {
    const [algField, encField] = [`${what}_encrypted_response_alg`, `${what}_encrypted_response_enc`] as const
    const signedField = `${what}_signed_response_alg` as const
    const alg = client[algField]
    if (alg === undefined) return [client[encField] !== undefined && fault(algField, `is needed beside ${encField}`)]
    return [
      what === 'userinfo' &&
        client[signedField] === undefined &&
        fault(signedField, `is needed beside ${algField}: what is encrypted is signed first`),
      lacksKeys(client) && fault('jwks', `or jwks_uri is needed for ${algField}, with a key to encrypt to`),
      unserved(client, [alg]) && fault(algField, 'must be served by a key of jwks that is not kept for signatures'),
    ]
  })

const pairwise: Rule = (client) => {
  if (client.subject_type !== 'pairwise') return []
  const { response_types, redirect_uris, sector_identifier_uri: sector } = client
  const people = response_types.length > 0
  const grant = [DEVICE, CIBA].find((type) => (client.grant_types as readonly string[]).includes(type))
  const hosts = new Set(redirect_uris.map((value) => (URL.canParse(value) ? new URL(value).host : '')))
  const needed = (why: string) =>
    sector === undefined && fault('sector_identifier_uri', `is needed for pairwise subjects ${why}`)
  return [
    people && hosts.size > 1 && needed('with redirect_uris of several hosts'),
    people && hosts.size === 1 && hosts.has('') && needed('with redirect_uris that have no host'),
    people && grant !== undefined && hosts.size === 1 && needed(`with the grant ${grant}`),
    !people && grant === undefined && needed('without redirect_uris'),
    grant !== undefined &&
      client.jwks_uri === undefined &&
      fault('jwks_uri', `is needed for pairwise subjects with the grant ${grant}`),
    grant !== undefined &&
      !['private_key_jwt', 'self_signed_tls_client_auth'].includes(client.token_endpoint_auth_method) &&
      fault(
        'token_endpoint_auth_method',
        `must be private_key_jwt or self_signed_tls_client_auth for pairwise subjects with the grant ${grant}`,
      ),
  ]
}

const ciba: Rule = (client) => {
  const { backchannel_token_delivery_mode: mode, backchannel_client_notification_endpoint: endpoint } = client
  if (!(client.grant_types as readonly string[]).includes(CIBA))
    return [mode !== undefined && fault('backchannel_token_delivery_mode', `only belongs to the grant ${CIBA}`)]
  return [
    mode === undefined && fault('backchannel_token_delivery_mode', `must be poll or ping for the grant ${CIBA}`),
    mode === 'ping' &&
      endpoint === undefined &&
      fault('backchannel_client_notification_endpoint', 'is needed for backchannel_token_delivery_mode ping'),
  ]
}

const proofKeys: Rule = (client) => [
  client.pkce === 'optional' &&
    client.token_endpoint_auth_method === 'none' &&
    fault('pkce', 'must be required for a client without authentication'),
]

const rules: readonly Rule[] = [
  redirects,
  beginnings,
  grants,
  authentication,
  keys,
  signatures,
  encryption,
  pairwise,
  ciba,
  proofKeys,
]
