/** Hosts of the machine itself; what goes there leaves no machine, so http will do. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** RFC 3986's characters; the URL parser would silently drop or rewrite others, such as tabs and backslashes. */
const URI_CHARACTERS = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/

/** The reverse of a domain name (RFC 8252, section 7.1), which nobody else's application claims by accident. */
const PRIVATE_SCHEME = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/

const LONGEST = 2_000

/** @returns what is wrong with an address, as the rest of a sentence; undefined when nothing is */
type UriRule = (value: string) => string | undefined

const REDIRECTS = 'must be an absolute https URI (http only for localhost, 127.0.0.1 and [::1])'
const HTTPS = 'must be an absolute https URI'

/** Where a browser is sent with an answer: compared character by character, so it must be in the one form that can arrive. */
export const redirectFault = (applicationType: 'web' | 'native'): UriRule =>
  applicationType === 'native' ? nativeRedirect : webRedirect

const webRedirect: UriRule = (value) => refused(value, REDIRECTS, { loopback: true }) ?? noWildcard(value)

const nativeRedirect: UriRule = (value) => {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(value)?.[1] ?? ''
  if (/^https?$/i.test(scheme)) {
    const fault = refused(value, REDIRECTS, { loopback: true }) ?? noWildcard(value)
    if (fault !== undefined) return fault
    const { protocol, hostname } = new URL(value)
    return protocol === 'https:' && LOOPBACK.has(hostname)
      ? 'must use http for this machine itself; https is for addresses that the application claims'
      : undefined
  }
  if (!PRIVATE_SCHEME.test(scheme))
    return 'must be https, http for localhost, or a scheme of your own as a reversed domain name, such as com.example.app:/callback'
  if (!value.startsWith(`${scheme}:/`)) return `must go on with a slash after the scheme, as in ${scheme}:/callback`
  return malformed(value) ?? noWildcard(value)
}

/** Endpoints of the client that are called or sent to. */
export const endpointFault: UriRule = (value) => refused(value, REDIRECTS, { loopback: true })

/** Endpoints that the specifications want under https without exception. */
export const httpsFault: UriRule = (value) => refused(value, HTTPS, {})

/**
 * Whether an address is on a host where the client already receives answers. People trust what we send them a link to, so it must not lead
 * where nobody has looked.
 */
export function isOnHostOf(value: string, redirectUris: readonly string[]): boolean {
  const { host } = new URL(value)
  return redirectUris.some((uri) => /^https?:/.test(uri) && URL.canParse(uri) && new URL(uri).host === host)
}

/** Pages that are linked to: they may point at a section. */
export const pageFault: UriRule = (value) => refused(value, REDIRECTS, { loopback: true, fragment: true })

/** Origins of browser code (RFC 6454): scheme, host and port, nothing else. */
export const originFault: UriRule = (value) => {
  const fault = refused(value, REDIRECTS, { loopback: true })
  if (fault !== undefined) return fault
  const { origin } = new URL(value)
  return origin === value ? undefined : `must be an origin without a path, such as ${origin}`
}

/** What names a resource server (RFC 8707, section 2): any absolute URI without a fragment. */
export const resourceFault: UriRule = (value) => {
  if (!URI_CHARACTERS.test(value) || value.length > LONGEST || !URL.canParse(value)) return 'must be an absolute URI'
  if (value.includes('#')) return 'must not have a fragment (#…)'
  return /^(javascript|vbscript|data|blob|file|about):/i.test(value)
    ? 'must not be a script or a local file'
    : undefined
}

function refused(
  value: string,
  wanted: string,
  allowed: { loopback?: boolean; fragment?: boolean },
): string | undefined {
  if (!/^https?:\/\//i.test(value)) return wanted
  const fault = malformed(value, allowed.fragment)
  if (fault !== undefined) return fault
  const { protocol, hostname } = new URL(value)
  if (protocol === 'http:' && !(allowed.loopback && LOOPBACK.has(hostname))) return wanted
  return hostname.includes('*') ? 'must not have a wildcard in its host; name every host' : undefined
}

function malformed(value: string, fragment = false): string | undefined {
  if (value.length > LONGEST) return `must be ${LONGEST} characters at most`
  if (!URI_CHARACTERS.test(value)) return 'must hold only the characters of a URI; write others with percent signs'
  if (/%(?![0-9A-Fa-f]{2})/.test(value)) return 'must have two hexadecimal digits after each percent sign'
  if (!fragment && value.includes('#')) return 'must not have a fragment (#…)'
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (!url) return 'must be a valid URI'
  if (url.username !== '' || url.password !== '' || /^[^/]*\/\/[^/?#]*@/.test(value))
    return 'must not have a user name or password before the host'
  // Only the host may be given without the slash after it.
  if (url.href !== value && url.href !== `${value}/`) return `must be in its normal form: ${url.href}`
  return undefined
}

function noWildcard(value: string): string | undefined {
  return value.includes('*') ? 'must not have a wildcard; addresses are compared character by character' : undefined
}
