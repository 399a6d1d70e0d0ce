import type { Pool } from 'undici'
import { terms } from './terms.ts'

export interface Answer {
  readonly status: number
  /** Path and query on the issuer, or the whole address elsewhere; '' when there is none. */
  readonly location: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** A flow that did not go as it must: the figures would be worthless, so the run ends with what was answered. */
export class FlowFailure extends Error {
  override readonly name = 'FlowFailure'

  constructor(what: string, answer: Answer) {
    super(`${what}: ${answer.status} ${JSON.stringify(answer.headers)}\n${answer.text.slice(0, 2_000)}`)
  }
}

/** Where requests are sent: a pool of connections, or what chooses between pools. */
export type Requester = Pick<Pool, 'request'>

interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
}

/**
 * A browser as far as a server can tell: cookies by name and path, headers that browsers send, an address of its own behind our
 * proxy. Redirects are for the flow to follow, as each is part of what is measured.
 */
export class Visitor {
  readonly #pool: Requester
  #headers: Readonly<Record<string, string>>
  #cookies: readonly Cookie[] = []

  constructor(pool: Requester, address: string) {
    this.#pool = pool
    this.#headers = {
      host: new URL(terms.issuer).host,
      accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
      'accept-language': 'ru',
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Bench/1.0',
      'x-forwarded-for': address,
      'x-forwarded-proto': 'https',
    }
  }

  get(path: string): Promise<Answer> {
    return this.#send('GET', path, {})
  }

  /** Submits a form of a page of the issuer. */
  submit(path: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
    return this.#send('POST', path, { origin: terms.issuer, 'sec-fetch-site': 'same-origin' }, fields)
  }

  /** Calls an endpoint as the server of a relying party does. */
  call(path: string, headers: Readonly<Record<string, string>>, fields: Readonly<Record<string, string>>) {
    return this.#send('POST', path, headers, fields)
  }

  /** Names of the cookies held, for comparing sides. */
  get cookieNames(): string[] {
    return this.#cookies.map(({ name }) => name).sort()
  }

  cookie(name: string): string | undefined {
    return this.#cookies.find((held) => held.name === name)?.value
  }

  get address(): string {
    return this.#headers['x-forwarded-for']!
  }

  /** Comes from that address from now on. */
  settle(address: string): void {
    this.#headers = { ...this.#headers, 'x-forwarded-for': address }
  }

  /** A cookie from a visit before. */
  hold(name: string, value: string): void {
    this.#cookies = [...this.#cookies.filter((held) => held.name !== name), { name, value, path: '/' }]
  }

  async #send(
    method: 'GET' | 'POST',
    path: string,
    headers: Readonly<Record<string, string>>,
    fields?: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const cookie = this.#cookies
      .filter((held) => path.startsWith(held.path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
    const response = await this.#pool.request({
      method,
      path,
      headers: {
        ...this.#headers,
        ...headers,
        ...(cookie !== '' && { cookie }),
        ...(fields && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(fields && { body: new URLSearchParams(fields).toString() }),
    })
    const text = await response.body.text()
    for (const line of [response.headers['set-cookie'] ?? []].flat()) this.#take(line)
    const location = response.headers.location
    return {
      status: response.statusCode,
      location: typeof location === 'string' ? withoutIssuer(location) : '',
      headers: response.headers,
      text,
    }
  }

  #take(line: string): void {
    const [pair = '', ...attributes] = line.split(/; ?/)
    const equals = pair.indexOf('=')
    const name = pair.slice(0, equals)
    const value = pair.slice(equals + 1)
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice('path='.length) ?? '/'
    const others = this.#cookies.filter((held) => held.name !== name || held.path !== path)
    this.#cookies = value === '' ? others : [...others, { name, value, path }]
  }
}

function withoutIssuer(location: string): string {
  return location.startsWith(terms.issuer) ? location.slice(terms.issuer.length) : location
}
