import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Listening {
  /** `http://localhost:<free port>` */
  readonly origin: string
  /** Hands requests to this from now on; a relying party often needs its address before it can be built. */
  serve(listener: RequestListener): void
  close(): Promise<void>
}

/** A web server on a free port that answers 503 until it is told what to serve. */
export async function startListening(host: 'localhost' | '127.0.0.1' = 'localhost'): Promise<Listening> {
  let current: RequestListener = (_request, response) => void response.writeHead(503).end()
  const server = createServer((request, response) => current(request, response))
  await new Promise<void>((done) => server.listen(0, host, done))
  return {
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    serve(listener) {
      current = listener
    },
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
