import { fapiFaults } from '../fapi/profile.ts'
import type { Completed } from './agreement.ts'
import type { MetadataFault } from './faults.ts'
import type { Metadata } from './metadata.ts'

/** What FAPI 2.0 allows, the one that every library has. */
const USUAL_ALG = 'ES256'

/** What a FAPI profile asks for, where the registration leaves it open: stored, so that whoever reads it sees what holds. */
export function fapiDefaults({ fapi_profile }: Pick<Metadata, 'fapi_profile'>): Partial<Metadata> {
  if (fapi_profile === undefined) return {}
  const security: Partial<Metadata> = { require_pushed_authorization_requests: true }
  if (fapi_profile === 'security') return security
  return {
    ...security,
    require_signed_request_object: true,
    authorization_signed_response_alg: USUAL_ALG,
    introspection_signed_response_alg: USUAL_ALG,
  }
}

/** What stands against the profile that the client is set to, its own words included that the profile would override. */
export function profileFaults(client: Completed): MetadataFault[] {
  const { fapi_profile: profile } = client
  if (profile === undefined) return []
  const refused: [keyof Metadata, string][] = []
  if (client.require_pushed_authorization_requests !== true)
    refused.push(['require_pushed_authorization_requests', 'must be true'])
  if (profile === 'message_signing' && client.require_signed_request_object !== true)
    refused.push(['require_signed_request_object', 'must be true'])
  if (client.pkce === 'optional') refused.push(['pkce', 'must be required'])
  const against = [...fapiFaults(client), ...refused.map(([field, remedy]) => ({ field, remedy }))]
  return against.map(({ field, remedy }) => ({ field, remedy: `${remedy} (fapi_profile ${profile})` }))
}
