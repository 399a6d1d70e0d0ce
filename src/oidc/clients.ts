import type { Acr, AuthLevel, IdentityLevel } from '#src/kernel/levels.ts'
import type { Locale } from '#src/kernel/locale.ts'

/** A client's registration: OAuth client metadata by their registered names (RFC 7591 and its extensions), and what is ours. */
export interface RelyingParty {
  readonly client_id: string
  /** Absent for public clients and those that authenticate by a key or certificate. */
  readonly client_secret?: string
  readonly client_name: string
  readonly 'client_name#en'?: string
  /** Why it asks for data; shown on the consent page. */
  readonly purpose?: string
  readonly 'purpose#en'?: string
  readonly redirect_uris: readonly string[]
  readonly post_logout_redirect_uris?: readonly string[]
  readonly grant_types?: readonly string[]
  readonly response_types?: readonly string[]
  readonly response_modes?: readonly string[]
  readonly scope?: string
  readonly application_type?: 'web' | 'native'
  readonly token_endpoint_auth_method?: string
  readonly token_endpoint_auth_signing_alg?: string
  readonly jwks?: { readonly keys: readonly object[] }
  readonly jwks_uri?: string
  readonly subject_type?: 'public' | 'pairwise'
  readonly sector_identifier_uri?: string
  readonly client_uri?: string
  readonly logo_uri?: string
  readonly policy_uri?: string
  readonly tos_uri?: string
  readonly contacts?: readonly string[]
  readonly initiate_login_uri?: string
  readonly default_acr_values?: readonly Acr[]
  readonly default_max_age?: number
  readonly require_auth_time?: boolean
  readonly id_token_signed_response_alg?: string
  readonly id_token_encrypted_response_alg?: string
  readonly id_token_encrypted_response_enc?: string
  readonly userinfo_signed_response_alg?: string
  readonly userinfo_encrypted_response_alg?: string
  readonly userinfo_encrypted_response_enc?: string
  readonly introspection_signed_response_alg?: string
  readonly introspection_encrypted_response_alg?: string
  readonly introspection_encrypted_response_enc?: string
  readonly authorization_signed_response_alg?: string
  readonly authorization_encrypted_response_alg?: string
  readonly authorization_encrypted_response_enc?: string
  readonly request_object_signing_alg?: string
  readonly require_signed_request_object?: boolean
  readonly require_pushed_authorization_requests?: boolean
  readonly dpop_bound_access_tokens?: boolean
  readonly tls_client_certificate_bound_access_tokens?: boolean
  readonly tls_client_auth_subject_dn?: string
  readonly tls_client_auth_san_dns?: string
  readonly tls_client_auth_san_uri?: string
  readonly tls_client_auth_san_ip?: string
  readonly tls_client_auth_san_email?: string
  readonly backchannel_logout_uri?: string
  readonly backchannel_logout_session_required?: boolean
  readonly backchannel_token_delivery_mode?: 'poll' | 'ping'
  readonly backchannel_client_notification_endpoint?: string
  readonly backchannel_authentication_request_signing_alg?: string
  readonly backchannel_user_code_parameter?: boolean
  readonly authorization_details_types?: readonly string[]
  /** The least authentication level of every sign-in to it. */
  readonly minimum_acr?: AuthLevel
  /** How well a person has to be proven to sign in to it; others are led to where they can prove it. */
  readonly minimum_identity_level?: IdentityLevel
  /** `voluntary`: an unreachable `acr_values` does not fail the request (Core, section 3.1.2.1, instead of RFC 9470). */
  readonly acr_policy?: 'required' | 'voluntary'
  /**
   * `optional`: its authorization requests may come without PKCE, as those of older libraries and of OpenID's certification do. Counts for
   * confidential clients outside FAPI only (RFC 9700, section 2.1.1); everybody else must send it.
   */
  readonly pkce?: 'required' | 'optional'
  /** Origins of its browser code that may call the endpoints (CORS). */
  readonly cors_origins?: readonly string[]
  /** `security`: FAPI 2.0 Security Profile; `message_signing`: FAPI 2.0 Message Signing as well. */
  readonly fapi_profile?: 'security' | 'message_signing'
  /** Identifiers of the resource servers that it may ask tokens for (RFC 8707). */
  readonly resource_indicators?: readonly string[]
  /** To whom it may pass a person's authority on by token exchange: client_ids and resource indicators (RFC 8693). */
  readonly exchange_audiences?: readonly string[]
}

/** Metadata names that are ours; oidc-provider has to be told of them. */
export const ownMetadata = [
  'client_name#en',
  'purpose',
  'purpose#en',
  'minimum_acr',
  'minimum_identity_level',
  'acr_policy',
  'pkce',
  'cors_origins',
  'fapi_profile',
  'resource_indicators',
  'exchange_audiences',
] as const

/** A client's registration behind the provider's own object: the metadata that are ours keep their names there. */
export const registrationOf = (client: object): RelyingParty => client as unknown as RelyingParty

/** Its name and purpose in one language, Russian where there is no other. */
export function describe(client: RelyingParty, locale: Locale): { name: string; purpose: string | undefined } {
  const english = locale === 'en'
  return {
    name: (english && client['client_name#en']) || client.client_name,
    purpose: (english && client['purpose#en']) || client.purpose,
  }
}
