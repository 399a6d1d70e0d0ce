import type Provider from 'oidc-provider'
import { errors } from 'oidc-provider'
import { fapiSignatures } from '../algorithms.ts'
import type { RelyingParty } from '../clients.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const authMethods = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth']

/** Registered algorithms that sign; those with a default are what FAPI allows already. */
const signing = [
  'token_endpoint_auth_signing_alg',
  'request_object_signing_alg',
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'authorization_signed_response_alg',
  'introspection_signed_response_alg',
] as const satisfies readonly (keyof RelyingParty)[]

/** Answers of the authorization endpoint that are signed (JARM). */
const isSigned = (responseMode: string | undefined) => responseMode === 'jwt' || responseMode?.endsWith('.jwt') === true

/**
 * What a client's FAPI profile demands of its registration. Checked each time that the provider takes a registration up and not only
 * when it is stored, so that no older or careless one weakens the profile.
 * @returns the registered names at fault, with the place inside where it is a list, each with the remedy
 */
export function fapiFaults(client: Partial<RelyingParty>): { field: string; remedy: string }[] {
  if (!client.fapi_profile) return []
  const faults: { field: string; remedy: string }[] = []
  const demand = (holds: boolean, field: keyof RelyingParty | `redirect_uris[${number}]`, remedy: string) => {
    if (!holds) faults.push({ field, remedy })
  }
  demand(
    authMethods.includes(client.token_endpoint_auth_method ?? ''),
    'token_endpoint_auth_method',
    `must be one of ${authMethods.join(', ')}`,
  )
  demand(
    client.dpop_bound_access_tokens === true || client.tls_client_certificate_bound_access_tokens === true,
    'dpop_bound_access_tokens',
    'must be true, or tls_client_certificate_bound_access_tokens where this installation takes client certificates',
  )
  const types = client.response_types ?? ['code']
  demand(
    types.every((type) => type === 'code'),
    'response_types',
    'must hold "code" only',
  )
  client.redirect_uris?.forEach((uri, index) => {
    demand(!uri.startsWith('http:') || client.application_type === 'native', `redirect_uris[${index}]`, 'must be https')
  })
  for (const field of signing)
    demand(
      client[field] === undefined || fapiSignatures.includes(client[field]),
      field,
      `must be one of ${fapiSignatures.join(', ')}`,
    )
  if (client.fapi_profile === 'message_signing')
    demand(client.response_modes?.every(isSigned) !== false, 'response_modes', 'must hold modes that end with jwt only')
  return faults
}

/**
 * Completes a registration by what its profile implies, in the provider's `extraClientMetadata.validator`, which may change the metadata.
 * @throws InvalidClientMetadata for what contradicts the profile
 */
export function applyFapiProfile(name: string, metadata: object): void {
  const client = metadata as Mutable<Partial<RelyingParty>>
  if (name !== 'fapi_profile' || !client.fapi_profile) return
  const [fault] = fapiFaults(client)
  if (fault) throw new errors.InvalidClientMetadata(`${fault.field} ${fault.remedy} (fapi_profile)`)
  client.require_pushed_authorization_requests = true
  if (client.fapi_profile === 'message_signing') client.require_signed_request_object = true
}

/** Keeps clients of Message Signing to signed answers, whatever modes they are registered with. */
export function refuseUnsignedAnswers(provider: Provider): void {
  const { prototype } = provider.Client as unknown as { prototype: { responseModeAllowed: ResponseModeAllowed } }
  const { responseModeAllowed } = prototype
  prototype.responseModeAllowed = function allowed(mode, ...rest) {
    const { fapi_profile } = this as unknown as RelyingParty
    if (fapi_profile === 'message_signing' && !isSigned(mode)) return false
    return responseModeAllowed.call(this, mode, ...rest)
  }
}

type ResponseModeAllowed = (this: object, mode: string | undefined, ...rest: unknown[]) => boolean
