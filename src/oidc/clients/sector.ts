import { isIP } from 'node:net'
import { isPublicAddress } from '#src/kernel/outbound.ts'
import type { Completed } from './agreement.ts'
import type { MetadataFault } from './faults.ts'

const LONGEST_BYTES = 64 * 1024
/** Grants whose clients are found in their sector by the address of their keys (CIBA Core, section 4). */
const KEYED_GRANTS = ['urn:ietf:params:oauth:grant-type:device_code', 'urn:openid:params:grant-type:ciba']

/**
 * Whether the document at `sector_identifier_uri` names this client's addresses, so that nobody joins a sector of others to learn their
 * subjects (OpenID Connect Registration, section 5).
 * @param fetch the guarded one: the address comes from outside
 */
export async function sectorFault(
  client: Completed,
  fetch: typeof globalThis.fetch,
): Promise<MetadataFault | undefined> {
  const uri = client.sector_identifier_uri
  if (uri === undefined) return undefined
  const fault = (remedy: string) => ({ field: 'sector_identifier_uri', remedy })
  const listed = await addressesAt(uri, fetch)
  if (!listed && isInside(uri))
    return fault('lies on an address that nothing is fetched from, unless OUTBOUND_ORIGINS holds its origin')
  if (!listed) return fault('must answer 200 with a JSON array of addresses, without a redirect')
  const keyed = client.grant_types.some((grant) => KEYED_GRANTS.includes(grant))
  const own = [...client.redirect_uris, ...(keyed && client.jwks_uri !== undefined ? [client.jwks_uri] : [])]
  const missing = own.find((address) => !listed.includes(address))
  return missing === undefined ? undefined : fault(`must list ${missing}`)
}

/** By its letters alone: what names resolve to inside is not for those to learn who register themselves. */
function isInside(uri: string): boolean {
  const host = new URL(uri).hostname.replace(/^\[|\]$/g, '')
  return /(^|\.)localhost$/.test(host) || (isIP(host) !== 0 && !isPublicAddress(host))
}

async function addressesAt(uri: string, fetch: typeof globalThis.fetch): Promise<string[] | undefined> {
  try {
    const response = await fetch(uri, { headers: { accept: 'application/json' }, redirect: 'manual' })
    if (response.status !== 200) {
      await response.body?.cancel()
      return undefined
    }
    const parsed: unknown = JSON.parse(await bounded(response))
    return Array.isArray(parsed) && parsed.every((item) => typeof item === 'string') ? parsed : undefined
  } catch {
    return undefined
  }
}

async function bounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > LONGEST_BYTES) throw new Error('too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
