import dns, { type LookupAddress } from 'node:dns'
import { createServer, type Server } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import type { AddressInfo } from 'node:net'

/** A service inside the house that nobody outside may reach through us: counts whoever connects, over TLS or not. */
export class Inside {
  connections = 0
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<Inside> {
    const server = createServer((_request, response) => response.end('{"keys":[]}'))
    const inside = new Inside(server)
    server.on('connection', () => {
      inside.connections++
    })
    // Of all addresses of this machine, in both families.
    await new Promise<void>((done) => server.listen(0, '::', done))
    return inside
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((done) => this.#server.close(done))
  }
}

type Lookup = (
  hostname: string,
  options: { all?: boolean },
  callback: (fault: Error | null, address: string | LookupAddress[], family?: number) => void,
) => void

/**
 * A name server in the attacker's hands: each question about a name of its gets the next answer, and the last one for ever.
 * @returns how often each name was asked for, and the way back
 */
export function poisonNames(answers: Readonly<Record<string, readonly (readonly string[])[]>>): {
  readonly asked: ReadonlyMap<string, number>
  restore(): void
} {
  const original = dns.lookup
  const asked = new Map<string, number>()
  const poisoned: Lookup = (hostname, options, callback) => {
    const rounds = answers[hostname]
    if (!rounds) return (original as unknown as Lookup)(hostname, options, callback)
    const count = asked.get(hostname) ?? 0
    asked.set(hostname, count + 1)
    const addresses = (rounds[count] ?? rounds.at(-1) ?? []).map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }))
    const [first] = addresses
    queueMicrotask(() => (options.all ? callback(null, addresses) : callback(null, first!.address, first!.family)))
  }
  const put = (lookup: unknown) => {
    Object.assign(dns, { lookup })
    syncBuiltinESMExports()
  }
  put(poisoned)
  return { asked, restore: () => put(original) }
}
