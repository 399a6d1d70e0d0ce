import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { vi } from 'vitest'

export interface HeardLogout {
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly form: URLSearchParams
}

/** In place of a status: no answer at all. */
export const HANGS = 0

/** The back-channel endpoint of relying parties: keeps what it hears and answers what it is told to. */
export class Listener {
  readonly heard: HeardLogout[] = []
  /** By path; 200 unless set. */
  readonly answers = new Map<string, number>()
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<Listener> {
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      const path = request.url ?? ''
      listener.heard.push({
        path,
        method: request.method ?? '',
        headers: request.headers,
        form: new URLSearchParams(body),
      })
      const status = listener.answers.get(path) ?? 200
      if (status !== HANGS) response.writeHead(status, { 'Cache-Control': 'no-store', Location: '/elsewhere' }).end()
    })
    const listener = new Listener(server)
    await new Promise<void>((done) => server.listen(0, 'localhost', done))
    return listener
  }

  get origin(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`
  }

  at(path: string): HeardLogout[] {
    return this.heard.filter((one) => one.path === path)
  }

  /** The newest request to a path, when there have been `count`. */
  async next(path: string, count = 1): Promise<HeardLogout> {
    await vi.waitFor(
      () => {
        if (this.at(path).length < count) throw new Error(`${this.at(path).length} of ${count} at ${path}`)
      },
      { timeout: 15_000, interval: 20 },
    )
    return this.at(path).at(-1)!
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((done) => this.#server.close(done))
  }
}
