import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'

/** Finds the client's address from the peer's and the `X-Forwarded-For` header. */
export type ClientAddress = (peer: string, forwardedFor: string) => string

/** Answers that are kept. */
const REMEMBERED = 1_000

/**
 * Tells proxies of ours from everybody else.
 * @param trustedProxies CIDR ranges or single addresses, e.g. `10.0.0.0/8`
 */
export function makeTrustedPeers(trustedProxies: readonly string[]): (peer: string) => boolean {
  const trusted = new BlockList()
  for (const range of trustedProxies) {
    const [network = '', bits] = range.split('/')
    if (!isIP(network)) throw new Error(`trusted proxy ${range} is neither an address nor a CIDR range`)
    const family = isIPv6(network) ? 'ipv6' : 'ipv4'
    trusted.addSubnet(network, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family)
  }
  const known = new Map<string, boolean>()
  const check = (peer: string) => {
    const address = plainAddress(peer)
    return address !== undefined && trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
  }
  return (peer) => {
    // Those who connect are few and come again.
    const answer = known.get(peer) ?? check(peer)
    if (known.size === REMEMBERED) known.clear()
    known.set(peer, answer)
    return answer
  }
}

/**
 * Walks `X-Forwarded-For` from the right for as long as the address that vouches for the entry is a trusted proxy.
 * Nothing is believed from anybody else; an entry that is no address ends the walk at the proxy that wrote it.
 * @param trustedProxies CIDR ranges or single addresses, e.g. `10.0.0.0/8`
 */
export function makeClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const isTrusted = makeTrustedPeers(trustedProxies)

  return (peer, forwardedFor) => {
    let client = plainAddress(peer) ?? '0.0.0.0'
    const entries = forwardedFor === '' ? [] : forwardedFor.split(',')
    while (entries.length > 0 && isTrusted(client)) {
      const next = plainAddress(entries.pop()!.trim())
      if (next === undefined) break
      client = next
    }
    return client
  }
}

/** An address without port, brackets, zone or IPv4-in-IPv6 mapping; undefined if it is none. */
function plainAddress(text: string): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
  const address = bare.split('%', 1)[0]!.toLowerCase()
  const mapped = /^::ffff:([\d.]+)$/.exec(address)?.[1]
  if (mapped !== undefined && isIPv4(mapped)) return mapped
  return isIP(address) ? address : undefined
}

/**
 * The network that throttling counts an address under: what one subscriber usually holds.
 * @returns `203.0.113.0/24` for IPv4 (also mapped into IPv6), `2001:db8:0:100::/56` for IPv6
 */
export function networkOf(address: string): string {
  const plain = plainAddress(address) ?? '0.0.0.0'
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  const groups = ipv6Groups(plain).slice(0, 4)
  groups[3] = groups[3]! & 0xff00
  return `${groups.map((group) => group.toString(16)).join(':')}::/56`
}

/** The eight 16-bit groups of a valid IPv6 address. */
function ipv6Groups(address: string): number[] {
  // A dotted tail (`64:ff9b::192.0.2.1`) stands for two groups; their values are below the /56 and do not matter.
  const [head = '', tail] = address.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0').split('::')
  const parse = (part: string | undefined) => (part ? part.split(':').map((group) => Number.parseInt(group, 16)) : [])
  const left = parse(head)
  const right = parse(tail)
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right]
}
