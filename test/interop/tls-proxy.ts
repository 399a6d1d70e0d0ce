import { type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { Agent, fetch as undiciFetch } from 'undici'
import { type Issued, issue } from '../oidc/mtls/certificates.ts'

export const CERTIFICATE_HEADER = 'Client-Cert'

/** A reverse proxy that ends TLS, asks clients for a certificate and hands it over (RFC 9440), as nginx or HAProxy would. */
export interface TlsProxy {
  readonly origin: string
  /** Where requests go from now on; the provider needs the proxy's address before it has one itself. */
  forwardTo(origin: string): void
  /** A `fetch` that shows this certificate to the proxy and to nobody else. */
  fetchWith(certificate?: Issued): typeof globalThis.fetch
  close(): Promise<void>
}

const pem = ({ certificate, privateKey }: Issued) => ({
  cert: certificate.toString(),
  key: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
})

export async function startTlsProxy(): Promise<TlsProxy> {
  const own = issue({ subject: [[['CN', 'localhost']]], ca: true, san: [['dns', 'localhost']] })
  let target = ''
  const server = createServer({ ...pem(own), requestCert: true, rejectUnauthorized: false }, (request, response) =>
    forward(request, response, target),
  )
  await new Promise<void>((done) => server.listen(0, 'localhost', done))
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`
  const agents: Agent[] = []
  return {
    origin,
    forwardTo(to) {
      target = to
    },
    fetchWith(certificate) {
      const dispatcher = new Agent({
        connect: { ca: own.certificate.toString(), ...(certificate && pem(certificate)) },
      })
      agents.push(dispatcher)
      const shown = (url: string, options: object) => undiciFetch(url, { ...options, dispatcher })
      return ((url: string, options: object) =>
        url.startsWith(origin) ? shown(url, options) : fetch(url, options)) as typeof globalThis.fetch
    },
    async close() {
      await Promise.all(agents.map((agent) => agent.destroy()))
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

function forward(request: IncomingMessage, response: ServerResponse, target: string): void {
  const { raw } = (request.socket as TLSSocket).getPeerCertificate()
  const headers: IncomingMessage['headers'] = { ...request.headers }
  // What a client writes there itself must never get through.
  delete headers[CERTIFICATE_HEADER.toLowerCase()]
  if (raw) headers[CERTIFICATE_HEADER] = `:${raw.toString('base64')}:`
  const onward = send(target + request.url, { method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  request.pipe(onward)
}
