import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeOutboundFetch } from '#src/kernel/outbound.ts'
import { Secret } from '#src/kernel/secret.ts'
import { makeHttpRegistries } from '#src/registries/http-driver.ts'
import { keptLog } from './rig.ts'

export interface Received {
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly method: string | undefined
  readonly body: string
}

type Answer = (response: ServerResponse, received: Received) => void | Promise<void>

export const TOKEN = 'token-of-the-registries'
export const NOW = new Date('2026-11-23T09:00:00Z')

/** A registry on a port of its own and the driver that asks it. */
export async function startRegistry(answer: Answer, { timeoutSeconds = 5 }: { timeoutSeconds?: number } = {}) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const one = { url: request.url ?? '', headers: request.headers, method: request.method, body }
    received.push(one)
    await answer(response, one)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { log, lines } = keptLog()
  const registries = makeHttpRegistries(
    { url: `${origin}/v1/`, token: new Secret(TOKEN), timeoutSeconds },
    { fetch: makeOutboundFetch([origin]), clock: { now: () => NOW }, log },
  )
  return {
    origin,
    registries,
    received,
    logged: lines,
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

export function answerJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
) {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(body))
}
