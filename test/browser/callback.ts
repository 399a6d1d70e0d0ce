import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A relying party on another site that only shows what came back to it. */
export interface Callback {
  /** On 127.0.0.1, which for a browser is another site than localhost. */
  readonly uri: string
  /** How the browser came, and with which parameters. */
  readonly received: readonly { readonly method: string; readonly parameters: URLSearchParams }[]
  close(): Promise<void>
}

const PAGE =
  '<!DOCTYPE html><html lang="en"><head><title>Back</title></head><body><h1>Back at the service</h1></body></html>'

export async function startCallback(): Promise<Callback> {
  const received: { method: string; parameters: URLSearchParams }[] = []
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (pathname === '/cb') {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const body = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
      const method = request.method ?? ''
      received.push({ method, parameters: method === 'POST' ? body : searchParams })
    }
    response.writeHead(pathname === '/cb' ? 200 : 204, { 'content-type': 'text/html; charset=utf-8' })
    response.end(pathname === '/cb' ? PAGE : undefined)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cb`,
    received,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
