import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type Koa from 'koa'

export interface ServeOptions {
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  /** How long `close` waits for requests in flight before it cuts them off. */
  readonly closeTimeoutMs: number
}

export interface Server {
  readonly address: AddressInfo
  /** Accepts nothing more, finishes the requests in flight, then resolves; after the time limit cuts the rest off. */
  close(): Promise<void>
}

const BAD_REQUEST = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

/** Listens with an application. @throws the listen error, e.g. EADDRINUSE */
export async function serve<S>(app: Koa<S>, { host, port, closeTimeoutMs }: ServeOptions): Promise<Server> {
  const handle = app.callback()
  const open = new Set<ServerResponse>()
  let draining = false
  const server = createServer({
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    // Above the idle time of common balancers (60 s), so that they close first and no request meets a closing socket.
    keepAliveTimeout: 65_000,
  })
  server.on('request', (request, response) => {
    open.add(response)
    response.on('close', () => open.delete(response))
    if (draining) response.setHeader('Connection', 'close')
    void handle(request, response)
  })
  server.on('clientError', (_error, socket) => {
    if (socket.writable && (socket as Socket).bytesWritten === 0) socket.end(BAD_REQUEST)
    else socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })

  return {
    address: server.address() as AddressInfo,
    close: () =>
      new Promise((resolve) => {
        draining = true
        for (const response of open) if (!response.headersSent) response.setHeader('Connection', 'close')
        const cutOff = setTimeout(() => server.closeAllConnections(), closeTimeoutMs)
        server.close(() => {
          clearTimeout(cutOff)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}
