import type { RelyingParty } from '../clients.ts'
import { type Completed, disagreements } from './agreement.ts'
import { fapiDefaults, profileFaults } from './fapi.ts'
import { faultsOf, type MetadataFault, refuseFaulty } from './faults.ts'
import { isMetadataField, type Metadata, MetadataShape } from './metadata.ts'
import { type Neighbours, strangers } from './neighbours.ts'
import { sectorFault } from './sector.ts'

/** The provider's class of clients, whose constructor refuses what the provider does not take, or drops it without a word. */
type ClientClass = new (metadata: Record<string, unknown>) => { metadata(): object }

const SECRET_METHODS = ['client_secret_basic', 'client_secret_post']

/** Whether a client proves itself by a secret that it shares with us. */
export function needsSecret({
  token_endpoint_auth_method: method = 'client_secret_basic',
}: Partial<RelyingParty>): boolean {
  return SECRET_METHODS.includes(method)
}

/**
 * A client's registration as it may be stored: every field by itself, all of them together, the profile it is set to, whom it names, the
 * document of its sector, and last the provider's own check, as the net below ours.
 * @param input metadata by their registered names, without a secret
 * @param before the registration that this one takes the place of, if any
 * @throws MetadataRefused naming every field that is wrong
 */
export async function checkMetadata(
  input: unknown,
  deps: { fetch: typeof globalThis.fetch; Client: ClientClass; neighbours: Neighbours },
  before?: RelyingParty,
): Promise<RelyingParty> {
  const parsed = MetadataShape.safeParse(input)
  if (!parsed.success) refuseFaulty(faultsOf(parsed.error))
  const client = completed(parsed.data!)
  const unknown = await strangers(client, before, deps.neighbours)
  refuseFaulty([...disagreements(client), ...profileFaults(client), ...unknown])
  const stranger = await sectorFault(client, deps.fetch)
  refuseFaulty(stranger ? [stranger] : [])
  const net = providerFault(client, deps.Client)
  refuseFaulty(net ? [net] : [])
  return client as RelyingParty
}

/** Says what is left open: grants and response types follow from each other. */
function completed(given: Metadata): Completed {
  const { grant_types, response_types } = given
  const withCode = grant_types === undefined || grant_types.includes('authorization_code')
  const types = response_types ?? (withCode ? ['code'] : [])
  return {
    ...fapiDefaults(given),
    ...given,
    response_types: types,
    grant_types: grant_types ?? (types.includes('code') ? ['authorization_code'] : []),
    token_endpoint_auth_method: given.token_endpoint_auth_method ?? 'client_secret_basic',
  }
}

/** What the provider says against it, if anything. */
function providerFault(client: Completed, Client: ClientClass): MetadataFault | undefined {
  try {
    const secret = needsSecret(client) && { client_secret: 'x'.repeat(43) }
    const taken = new Client({ ...client, ...secret }).metadata()
    const dropped = Object.entries(client).find(
      ([field, value]) => value !== false && !Object.hasOwn(taken, field),
    )?.[0]
    return dropped === undefined
      ? undefined
      : { field: dropped, remedy: switchedOff(client, dropped) ?? 'is switched off in this installation; leave it out' }
  } catch (fault) {
    const { error_description: description, error_detail: detail } = fault as Record<string, unknown>
    if (typeof description !== 'string') throw fault
    const [first = '', ...rest] = description.split(' ')
    if (isMetadataField(first)) return { field: first, remedy: switchedOff(client, first) ?? rest.join(' ') }
    return {
      field: /JSON Web Key/.test(description) ? 'jwks' : 'client_id',
      remedy: [description, detail].filter(Boolean).join(': '),
    }
  }
}

/** What the provider's refusal of a field that we took means, where its words would lead nowhere. */
function switchedOff(client: Completed, field: string): string | undefined {
  const byCertificate =
    field.startsWith('tls_') ||
    (field === 'token_endpoint_auth_method' && client.token_endpoint_auth_method.includes('tls'))
  if (byCertificate)
    return 'needs client certificates, which this installation does not take; leave it out, or set MTLS_CERTIFICATE_HEADER'
  // The provider in memory was built before: somebody describes it, or we had refused it by now.
  return field === 'authorization_details_types'
    ? 'holds a type that was described a moment ago; repeat in a few seconds'
    : undefined
}
