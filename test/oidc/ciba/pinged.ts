import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { sql } from 'kysely'
import { expect, vi } from 'vitest'
import type { World } from '../../world.ts'
import { issue } from '../mtls/certificates.ts'

interface Ping {
  readonly path: string | undefined
  readonly authorization: string | undefined
  readonly contentType: string | undefined
  readonly body: string
}

/** Where clients are pinged, over TLS. */
export interface Pinged {
  readonly origin: string
  /** What has come so far. */
  readonly pings: Ping[]
  /** Statuses of the next answers; 204 when there are none. A 200 has a body, and all name another place. */
  readonly answers: number[]
  /** Waits for so many pings. */
  reached(count: number): Promise<void>
  /** Forgets what has come. */
  clear(): void
  stop(): void
}

export async function listenForPings(): Promise<Pinged> {
  const own = issue({ subject: [[['CN', 'localhost']]], ca: true, san: [['dns', 'localhost']] })
  const cert = own.certificate.toString()
  const trusted = getCACertificates('default')
  setDefaultCACertificates([...trusted, cert])
  const key = String(own.privateKey.export({ format: 'pem', type: 'pkcs8' }))
  const pings: Ping[] = []
  const answers: number[] = []
  const server = createServer({ cert, key }, (request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const { authorization, 'content-type': contentType } = request.headers
      pings.push({ path: request.url, authorization, contentType, body })
      const status = answers.shift() ?? 204
      response.writeHead(status, { Location: `${origin}/elsewhere` }).end(status === 200 ? 'taken' : undefined)
    })
  })
  await new Promise<void>((done) => server.listen(0, 'localhost', done))
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`
  return {
    origin,
    pings,
    answers,
    reached: (count) => vi.waitFor(() => expect(pings).toHaveLength(count), { timeout: 10_000, interval: 20 }),
    clear() {
      pings.length = 0
      answers.length = 0
    },
    stop() {
      server.closeAllConnections()
      server.close()
      setDefaultCACertificates(trusted)
    },
  }
}

/** Registered fields of a client that is pinged. */
export const pinged = (endpoint: string) => ({
  backchannel_token_delivery_mode: 'ping' as const,
  backchannel_client_notification_endpoint: endpoint,
})

/** Waits until no client has to be told of a decision any more. */
export async function allTold(world: World): Promise<void> {
  await vi.waitFor(
    async () => {
      const query = sql<{ state: string }>`select state from pgboss.job where name = 'ciba.ping'`
      const { rows } = await query.execute(world.house.store.db)
      expect(rows.filter(({ state }) => state !== 'completed')).toEqual([])
    },
    { timeout: 5_000, interval: 20 },
  )
}
