import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A host of somebody else: nothing of it may stand in anything that we say. */
export const EVIL = 'evil.example'

/** What an attacker, or a proxy that passes things on, may put in front of us. */
const LIES = {
  host: EVIL,
  'x-forwarded-host': EVIL,
  'x-forwarded-server': EVIL,
  'x-forwarded-proto': 'https',
  'x-forwarded-port': '4443',
  'x-forwarded-prefix': '/evil',
  'x-host': EVIL,
  forwarded: `host=${EVIL};proto=https`,
  'x-original-url': `https://${EVIL}/`,
  'x-rewrite-url': `https://${EVIL}/`,
}

/** Hands every request on with lies about the host that it was sent to. @param listens origin of the server behind it */
export async function startLyingProxy(listens: string): Promise<{ listens: string; close(): Promise<void> }> {
  const behind = new URL(listens)
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming
    const { hostname, port } = behind
    const passed = request({ hostname, port, method, path, headers: { ...headers, ...LIES } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    passed.on('error', () => outgoing.destroy())
    incoming.pipe(passed)
  })
  await new Promise<void>((done) => server.listen(0, 'localhost', done))
  return {
    listens: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
