import { z } from 'zod'
import { scopeClaims } from '#src/consents/scopes.ts'
import { acrs, authLevels, identityLevels } from '#src/kernel/levels.ts'
import { enabledJwa } from '../algorithms.ts'
import type { RelyingParty } from '../clients.ts'
import { endpointFault, httpsFault, originFault, pageFault, resourceFault } from './uris.ts'

/** What of a registration is made here and never taken from outside. */
type OurOwn = 'client_secret'

/** For fields that every registration has: what is wrong with the value, or that there is none. */
const said = (remedy: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? 'is needed' : remedy),
})

/** The client_id stands in URLs, logs and the journal: nothing that needs escaping. */
const clientId = z
  .string(said('must be text'))
  .regex(/^[A-Za-z0-9._-]{3,64}$/, 'must be 3 to 64 letters, digits, dots, dashes or underscores')

/** Shown to people: one line, nothing invisible that could pose as something else. */
const line = (longest: number) =>
  z
    .string(said('must be text'))
    .trim()
    .min(1, 'must not be empty')
    .max(longest, `must be ${longest} characters at most`)
    .refine((value) => !/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/u.test(value), 'must be one line of visible characters')

const uri = (faultOf: (value: string) => string | undefined) =>
  z.string('must be a URI').superRefine((value, ctx) => {
    const remedy = faultOf(value)
    if (remedy !== undefined) ctx.addIssue({ code: 'custom', message: remedy })
  })

const oneOf = <const T extends readonly string[]>(values: T) => z.enum(values, `must be ${listed(values)}`)

function listed(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
}

const MOST_ITEMS = 100
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item, 'must be a list')
    .max(MOST_ITEMS, `must hold ${MOST_ITEMS} items at most`)
    .superRefine((items, ctx) => {
      items.forEach((value, index) => {
        if (items.indexOf(value) < index)
          ctx.addIssue({ code: 'custom', path: [index], message: 'stands in the list twice' })
      })
    })

const yesOrNo = z.boolean('must be true or false')
const algorithm = (values: readonly string[] | undefined) => oneOf(values ?? [])
const name = z.string('must be text').regex(/^[\x21-\x7e]{1,200}$/, 'must be text without spaces')

const knownScopes = Object.keys(scopeClaims)
/** The protocol's own, and those that stand for personal data; scopes of resource servers are not registered with a client. */
const scope = z.string('must be text').superRefine((value, ctx) => {
  if (value.split(' ').some((word) => !knownScopes.includes(word)))
    ctx.addIssue({ code: 'custom', message: `must hold only ${knownScopes.join(', ')}, with one space between` })
})

/** Grants that the house has or can be configured to have; what is switched off is refused by the provider's own check. */
const grantTypes = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:openid:params:grant-type:ciba',
  'urn:ietf:params:oauth:grant-type:token-exchange',
] as const

const authMethods = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
  'none',
] as const

/** Every field of a registration by its registered name, each by itself; what they must be together is in agreement.ts. */
export const metadataFields = {
  client_id: clientId,
  client_name: line(200),
  'client_name#en': line(200),
  purpose: line(300),
  'purpose#en': line(300),
  // Their rules depend on the type of application, see agreement.ts.
  redirect_uris: list(z.string('must be a URI')),
  post_logout_redirect_uris: list(z.string('must be a URI')),
  grant_types: list(oneOf(grantTypes)),
  response_types: list(oneOf(['code', 'none'])),
  response_modes: list(oneOf(['query', 'fragment', 'form_post', 'jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'])),
  scope,
  application_type: oneOf(['web', 'native']),
  token_endpoint_auth_method: oneOf(authMethods),
  token_endpoint_auth_signing_alg: algorithm(enabledJwa.clientAuthSigningAlgValues),
  // Keys are looked at in jwks.ts.
  jwks: z.custom<NonNullable<RelyingParty['jwks']>>((value) => typeof value === 'object', 'must be a JWK set'),
  jwks_uri: uri(endpointFault),
  subject_type: oneOf(['public', 'pairwise']),
  sector_identifier_uri: uri(httpsFault),
  client_uri: uri(pageFault),
  logo_uri: uri(pageFault),
  policy_uri: uri(pageFault),
  tos_uri: uri(pageFault),
  contacts: list(z.email('must be an e-mail address')),
  initiate_login_uri: uri(httpsFault),
  default_acr_values: list(oneOf(acrs)),
  default_max_age: z.int('must be a whole number of seconds').min(0, 'must not be negative'),
  require_auth_time: yesOrNo,
  id_token_signed_response_alg: algorithm(enabledJwa.idTokenSigningAlgValues),
  id_token_encrypted_response_alg: algorithm(enabledJwa.idTokenEncryptionAlgValues),
  id_token_encrypted_response_enc: algorithm(enabledJwa.idTokenEncryptionEncValues),
  userinfo_signed_response_alg: algorithm(enabledJwa.userinfoSigningAlgValues),
  userinfo_encrypted_response_alg: algorithm(enabledJwa.userinfoEncryptionAlgValues),
  userinfo_encrypted_response_enc: algorithm(enabledJwa.userinfoEncryptionEncValues),
  introspection_signed_response_alg: algorithm(enabledJwa.introspectionSigningAlgValues),
  introspection_encrypted_response_alg: algorithm(enabledJwa.introspectionEncryptionAlgValues),
  introspection_encrypted_response_enc: algorithm(enabledJwa.introspectionEncryptionEncValues),
  authorization_signed_response_alg: algorithm(enabledJwa.authorizationSigningAlgValues),
  authorization_encrypted_response_alg: algorithm(enabledJwa.authorizationEncryptionAlgValues),
  authorization_encrypted_response_enc: algorithm(enabledJwa.authorizationEncryptionEncValues),
  request_object_signing_alg: algorithm(enabledJwa.requestObjectSigningAlgValues),
  require_signed_request_object: yesOrNo,
  require_pushed_authorization_requests: yesOrNo,
  dpop_bound_access_tokens: yesOrNo,
  tls_client_certificate_bound_access_tokens: yesOrNo,
  tls_client_auth_subject_dn: line(1_000),
  tls_client_auth_san_dns: name,
  tls_client_auth_san_uri: uri(resourceFault),
  tls_client_auth_san_ip: z.union([z.ipv4(), z.ipv6()], 'must be an IP address'),
  tls_client_auth_san_email: z.email('must be an e-mail address'),
  backchannel_logout_uri: uri(endpointFault),
  backchannel_logout_session_required: yesOrNo,
  backchannel_token_delivery_mode: oneOf(['poll', 'ping']),
  backchannel_client_notification_endpoint: uri(httpsFault),
  backchannel_authentication_request_signing_alg: algorithm(enabledJwa.requestObjectSigningAlgValues),
  backchannel_user_code_parameter: yesOrNo,
  authorization_details_types: list(name),
  minimum_acr: oneOf(authLevels),
  minimum_identity_level: oneOf(identityLevels),
  acr_policy: oneOf(['required', 'voluntary']),
  pkce: oneOf(['required', 'optional']),
  cors_origins: list(uri(originFault)),
  fapi_profile: oneOf(['security', 'message_signing']),
  resource_indicators: list(uri(resourceFault)),
  exchange_audiences: list(name),
} satisfies Record<Exclude<keyof RelyingParty, OurOwn>, z.ZodType>

export type MetadataField = keyof typeof metadataFields

export function isMetadataField(field: string): field is MetadataField {
  return Object.hasOwn(metadataFields, field)
}

const { client_id, client_name, redirect_uris, ...others } = metadataFields

/** The shape of a registration; its output is what is stored. */
export const MetadataShape = z.strictObject({
  client_id,
  client_name,
  redirect_uris: redirect_uris.default([]),
  ...(z.object(others).partial().shape as { [K in keyof typeof others]: z.ZodOptional<(typeof others)[K]> }),
})

/** A registration that is right field by field. */
export type Metadata = z.output<typeof MetadataShape>
