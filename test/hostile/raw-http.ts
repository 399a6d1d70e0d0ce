import { connect } from 'node:net'
import type { Browser } from '../browser-http.ts'

/** An answer as it came over the wire. */
export interface Exchanged {
  readonly status: number
  /** Lower-case names; a header that came several times has several values. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: string
  /** Status line, headers and body, undecoded. */
  readonly text: string
}

export interface Asked {
  readonly method?: string
  /** Goes into the request line as it is, byte by byte where it is a buffer. */
  readonly target: string | Buffer
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer
}

const TIME_LIMIT_MS = 10_000

/**
 * Sends one request over a socket of its own, without any of the checks of an HTTP client; the connection is closed after the answer.
 * @param listens origin of the server, e.g. `http://localhost:3000`
 * @throws Error when there is no whole answer within ten seconds
 */
export function exchange(listens: string, { method = 'GET', target, headers = {}, body }: Asked): Promise<Exchanged> {
  const { hostname, port, host } = new URL(listens)
  const named = Object.keys(headers).map((name) => name.toLowerCase())
  const all: Readonly<Record<string, string | readonly string[]>> = {
    ...(!named.includes('host') && { Host: host }),
    Connection: 'close',
    ...(body !== undefined && { 'Content-Length': String(Buffer.byteLength(body)) }),
    ...headers,
  }
  const lines = Object.entries(all).flatMap(([name, values]) => [values].flat().map((value) => `${name}: ${value}\r\n`))
  const head = Buffer.concat([
    Buffer.from(`${method} `),
    typeof target === 'string' ? Buffer.from(target) : target,
    Buffer.from(` HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'),
  ])
  return new Promise((done, fail) => {
    const chunks: Buffer[] = []
    const socket = connect(Number(port), hostname)
    const limit = setTimeout(() => {
      socket.destroy()
      fail(new Error(`no answer to ${method} ${target.toString()} within ${TIME_LIMIT_MS} ms`))
    }, TIME_LIMIT_MS)
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    // A server may refuse a long body before it has read it, and then resets the connection: what it said counts.
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(limit)
      const text = Buffer.concat(chunks).toString('utf8')
      if (/^HTTP\/1\.1 \d{3}/.test(text)) done(parsed(text))
      else fail(new Error(`no answer to ${method} ${target.toString().slice(0, 200)}`))
    })
    socket.write(head)
    if (body !== undefined) socket.write(body)
  })
}

function parsed(text: string): Exchanged {
  const end = text.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()])
  }
  return { status: Number(statusLine.split(' ')[1]), headers, body: text.slice(end + 4), text }
}

/** The value of the `Cookie` header that a browser would send to a path. */
export function cookiesOf(browser: Browser, path: string): string {
  return browser
    .cookies(path)
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ')
}

/** A form as its page wrote it, ready to be sent any number of times to any process. */
export interface PreparedForm {
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Fills in the form of the page shown, as `Browser.submit` would, without sending it. */
export function prepare(
  browser: Browser,
  fields: Readonly<Record<string, string>>,
  action: string,
  origin: string,
): PreparedForm {
  const form = browser.form(action)
  return {
    target: form.action,
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      Origin: origin,
      'Sec-Fetch-Site': 'same-origin',
      'Accept-Language': 'ru',
      Accept: 'text/html',
      Cookie: cookiesOf(browser, form.action),
    },
    body: new URLSearchParams({ ...form.hidden, ...fields }).toString(),
  }
}

export function send(listens: string, form: PreparedForm): Promise<Exchanged> {
  return exchange(listens, { method: 'POST', ...form })
}
