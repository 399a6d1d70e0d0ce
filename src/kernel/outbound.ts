import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { Agent, type RequestInit, fetch as undiciFetch } from 'undici'

/** Addresses that no outgoing request may reach unless its origin is listed: loopback, private, link-local, reserved, multicast. */
const refusedAddresses = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  refusedAddresses.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  refusedAddresses.addSubnet(network, bits, 'ipv6')

/** Whether an outgoing request may go to this IP address; IPv4-mapped IPv6 counts as the IPv4 inside. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && !refusedAddresses.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

/** Resolves once and hands exactly that address to the socket, so that a second answer of the name server changes nothing. */
const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (fault, addresses) => {
    if (fault) return callback(fault, '', 0)
    const refused = addresses.find(({ address }) => !isPublicAddress(address))
    const first = addresses[0]
    if (refused || !first) {
      return callback(Object.assign(new Error(`${hostname} is not a public address`), { code: 'EREFUSED' }), '', 0)
    }
    if (options.all) return callback(null, addresses)
    callback(null, first.address, first.family)
  })
}

const TIMEOUT_MS = 10_000

/**
 * `fetch` for every request that leaves the house: http and https only, no redirects followed, ten seconds at most, and never to
 * loopback or private addresses unless the origin is listed.
 * @param listedOrigins origins from the configuration that may be anywhere
 */
export function makeOutboundFetch(listedOrigins: readonly string[]): typeof globalThis.fetch {
  const guarded = new Agent({ connect: { lookup: guardedLookup } })
  const listed = new Set(listedOrigins)
  const outbound = async (input: string | URL | Request, init: RequestInit & { dispatcher?: unknown } = {}) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError(`${url.protocol} is not fetched`)
    const trusted = listed.has(url.origin)
    const literal = url.hostname.replace(/^\[|\]$/g, '')
    if (!trusted && isIP(literal) && !isPublicAddress(literal))
      throw new TypeError(`${url.hostname} is not a public address`)
    const { dispatcher: _theirs, ...rest } = init
    return undiciFetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...rest,
      ...(!trusted && { dispatcher: guarded }),
    })
  }
  return outbound as unknown as typeof globalThis.fetch
}
