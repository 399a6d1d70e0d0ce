import { z } from 'zod'
import { isMetadataField, type MetadataField } from '#src/oidc/clients/metadata.ts'
import { flag, one, UsageError } from './command.ts'

const text = one(z.string())
const texts = z.array(z.string())

/** Short names for what relying parties are registered with most often; `--metadata` takes every field by its registered name. */
export const clientOptions = {
  name: text.optional(),
  'name-en': text.optional(),
  purpose: text.optional(),
  'purpose-en': text.optional(),
  'redirect-uri': texts.optional(),
  'post-logout-uri': texts.optional(),
  'cors-origin': texts.optional(),
  scope: text.optional(),
  grant: texts.optional(),
  refresh: flag.optional(),
  public: flag.optional(),
  native: flag.optional(),
  auth: text.optional(),
  'jwks-uri': text.optional(),
  jwks: text.optional(),
  'minimum-acr': text.optional(),
  'minimum-identity-level': text.optional(),
  'initiate-login-uri': text.optional(),
  'acr-policy': text.optional(),
  fapi: text.optional(),
  pairwise: flag.optional(),
  'backchannel-logout-uri': text.optional(),
  'backchannel-delivery': text.optional(),
  'backchannel-notification': text.optional(),
  metadata: text.optional(),
}

export type ClientOptions = z.infer<z.ZodObject<typeof clientOptions>>

/** Option → the registered field that it sets, for faults found later. */
const fieldOf = {
  name: 'client_name',
  'name-en': 'client_name#en',
  purpose: 'purpose',
  'purpose-en': 'purpose#en',
  'redirect-uri': 'redirect_uris',
  'post-logout-uri': 'post_logout_redirect_uris',
  'cors-origin': 'cors_origins',
  scope: 'scope',
  grant: 'grant_types',
  refresh: 'grant_types',
  public: 'token_endpoint_auth_method',
  native: 'application_type',
  auth: 'token_endpoint_auth_method',
  'jwks-uri': 'jwks_uri',
  jwks: 'jwks',
  'minimum-acr': 'minimum_acr',
  'minimum-identity-level': 'minimum_identity_level',
  'initiate-login-uri': 'initiate_login_uri',
  'acr-policy': 'acr_policy',
  fapi: 'fapi_profile',
  pairwise: 'subject_type',
  'backchannel-logout-uri': 'backchannel_logout_uri',
  'backchannel-delivery': 'backchannel_token_delivery_mode',
  'backchannel-notification': 'backchannel_client_notification_endpoint',
} as const satisfies Partial<Record<keyof ClientOptions, MetadataField>>

/** Short names of grants; others are given as they are registered. */
const grants: Readonly<Record<string, string>> = {
  code: 'authorization_code',
  refresh: 'refresh_token',
  device: 'urn:ietf:params:oauth:grant-type:device_code',
  ciba: 'urn:openid:params:grant-type:ciba',
  exchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
}

/**
 * The registered fields that the options set, those of `--metadata` first.
 * @param before the client that is changed, if any: `--refresh` adds to its grants
 * @throws UsageError for what is not JSON
 */
export function metadataOf(options: ClientOptions, before: { grant_types?: readonly string[] } = {}) {
  const set: Record<string, unknown> = options.metadata === undefined ? {} : json('metadata', options.metadata)
  for (const [option, field] of Object.entries(fieldOf) as [keyof typeof fieldOf, MetadataField][]) {
    const value = options[option]
    if (value !== undefined && value !== true) set[field] = value
  }
  if (options.public) set.token_endpoint_auth_method = 'none'
  if (options.native) set.application_type = 'native'
  if (options.pairwise) set.subject_type = 'pairwise'
  if (options.jwks !== undefined) set.jwks = json('jwks', options.jwks)
  if (options.grant) set.grant_types = options.grant.map((grant) => grants[grant] ?? grant)
  if (options.refresh) {
    const held = (set.grant_types as string[] | undefined) ?? before.grant_types ?? ['authorization_code']
    set.grant_types = [...new Set([...held, 'refresh_token'])]
  }
  return set
}

/** The option that somebody typed for a field, so that a fault is told by the name that they know. */
export function optionFor(field: string, options: ClientOptions): string | undefined {
  const base = field.replace(/[[.].*/, '')
  const typed = Object.entries(fieldOf).find(
    ([option, its]) => its === base && options[option as keyof ClientOptions] !== undefined,
  )
  return typed && `--${typed[0]}`
}

/** @throws UsageError naming what is no registered field */
export function knownField(field: string): MetadataField {
  if (!isMetadataField(field)) throw new UsageError(`--remove: "${field}" is no field of a registration`)
  return field
}

/** The command line has put the file's text in place of its name. */
function json(option: string, text: string): Record<string, unknown> {
  try {
    const parsed = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed
  } catch {
    // Told below, like everything else that is no object.
  }
  throw new UsageError(`--${option}: must be a file with a JSON object, or - for standard input`)
}
