import type { Middleware } from 'koa'
import type { State } from '#src/http/context.ts'
import { discoveryPaths, paths } from './paths.ts'

/** What everybody reads and nobody's request changes: the metadata and the public keys. */
const published = new Set<string>([...discoveryPaths, paths.jwks])

interface Document {
  /** A string, which Node sends in one write with the headers. */
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** The provider's public documents, kept as the provider first answered them. */
export interface Documents {
  /** Answers from memory, ahead of everything that a page needs; passes on what it does not have yet. */
  readonly answer: Middleware<State>
  /** Around the provider: keeps its answer. */
  readonly keep: Middleware<State>
}

/** @param epoch an object that stands for the provider in force: what another one answered does not count */
export function makeDocuments(epoch: () => object): Documents {
  let kept = new Map<string, Document>()
  let keptFor: object | undefined
  const documents = () => {
    if (keptFor !== epoch()) {
      kept = new Map()
      keptFor = epoch()
    }
    return kept
  }
  return {
    answer(ctx, next) {
      if (ctx.method !== 'GET' || !published.has(ctx.path)) return next()
      const document = documents().get(ctx.path)
      if (!document) return next()
      ctx._matchedRoute = ctx.path
      ctx.set(document.headers)
      ctx.body = document.body
      return Promise.resolve()
    },
    async keep(ctx, next) {
      const provider = epoch()
      await next()
      if (ctx.method !== 'GET' || !published.has(ctx.path) || ctx.status !== 200 || provider !== epoch()) return
      // One answer for every origin, so that caches on the way keep one copy (Fetch, section 3.3.2).
      ctx.set('Access-Control-Allow-Origin', '*')
      ctx.remove('Vary')
      ctx.set('Cross-Origin-Resource-Policy', 'cross-origin')
      const body = JSON.stringify(ctx.body)
      const headers = Object.fromEntries(
        ['Content-Type', 'Cache-Control', 'Access-Control-Allow-Origin', 'Cross-Origin-Resource-Policy']
          .map((name) => [name, ctx.response.get(name)])
          .filter(([, value]) => value),
      )
      documents().set(ctx.path, { body, headers })
    },
  }
}
