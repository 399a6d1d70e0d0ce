import pg from 'pg'
import { vi } from 'vitest'
import { argon2Hasher } from '#src/factors/password/hash.ts'
import { units } from '#src/store/unit.ts'
import type { Shown } from '../browser-http.ts'

/** What an answer cost and what it told: everything by which two answers could be told apart. Time is for the benchmark. */
export interface Work {
  readonly statements: readonly string[]
  readonly hashes: number
  readonly status: number
  readonly path: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly bytes: number
  readonly errors: readonly string[]
}

/** Counts what the requests of this process cost. */
export interface Watch {
  /** For `replacements` of the world: counts the hashes of passwords. */
  readonly hasher: typeof argon2Hasher
  /** The answer to what `act` sends last. */
  workOf(act: () => Promise<Shown>): Promise<Work>
  during<T>(act: () => Promise<T>): Promise<{ result: T; statements: readonly string[]; hashes: number }>
}

/** From now on until `vi.restoreAllMocks`. */
export function watchWork(): Watch {
  let statements: string[] = []
  let hashes = 0
  const query = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => unknown
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    // Only what a request asks for: the sender of messages works beside it. Hot statements are those of requests, several of which may
    // share one, whoever sends it. The relying party is read anew every few seconds, whoever signs in.
    const text = textOf(args[0])
      .replace(/ ?read:clients/, '')
      .trim()
    const asked = isHot(args[0]) || units.getStore() !== undefined
    if (asked && text !== '' && !text.includes('from "clients"')) statements.push(text)
    return query.apply(this, args)
  } as never)

  async function during<T>(act: () => Promise<T>) {
    statements = []
    hashes = 0
    const result = await act()
    return { result, statements: [...statements], hashes }
  }

  return {
    during,
    hasher: {
      hash: (password) => argon2Hasher.hash(password),
      verify(phc, password) {
        hashes += 1
        return argon2Hasher.verify(phc, password)
      },
    },
    async workOf(act) {
      const { result, ...counted } = await during(act)
      const { status, url, headers, html, errors } = result
      const { 'x-request-id': _id, date: _date, 'set-cookie': cookies = [], ...rest } = headers
      return {
        ...counted,
        status,
        path: new URL(url).pathname.replace(/\/login\/[\w-]+/, '/login/:uid'),
        headers: { ...rest, cookies: [cookies].flat().map((cookie) => cookie.replace(/=[^;]*/, '=')) },
        bytes: Buffer.byteLength(html),
        errors,
      }
    },
  }
}

/** The name of a hot statement. Others are named when they have come often enough, whoever asked. */
function hotName(query: unknown): string | undefined {
  const { name } = query as pg.QueryConfig
  return name?.startsWith('query:') ? undefined : name
}

export const isHot = (query: unknown) => hotName(query) !== undefined

export function textOf(query: unknown): string {
  const text = typeof query === 'string' ? query : (query as pg.QueryConfig).text
  return hotName(query) ?? text.replace(/\s+/g, ' ')
}
