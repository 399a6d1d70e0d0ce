import Router from '@koa/router'
import Koa, { type Middleware } from 'koa'
import compose from 'koa-compose'
import type { Logger } from 'pino'
import { AppError } from '#src/kernel/errors.ts'
import { incidentId } from '#src/kernel/ids.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { Secret } from '#src/kernel/secret.ts'
import { type ClientAddress, makeClientAddress, networkOf } from './address.ts'
import type { Assets } from './assets.ts'
import { formBody, percentDecoded } from './body.ts'
import type { Ctx, Routes, State } from './context.ts'
import { makeCsrf } from './csrf.ts'
import { errorRenderer } from './error-page.ts'
import { httpErrors } from './errors.ts'
import { health } from './health.ts'
import { languageRoutes } from './locale.ts'
import { makePage } from './page.ts'
import { pinOrigin } from './request-origin.ts'
import { routePattern } from './route-pattern.ts'
import { securityHeaders } from './security.ts'
import type { Texts } from './texts.ts'
import type { Views } from './views.ts'

export interface AppDeps {
  /** The origin that the public sees, e.g. `https://id.example.ru`. */
  readonly issuer: URL
  readonly log: Logger
  readonly views: Views
  readonly texts: Texts
  readonly assets: Assets
  readonly csrfKey: Secret
  /** CIDR ranges whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[]
  /**
   * Around pages and provider: lets them run, then stores what the request wrote. It throws AppError `kernel.unavailable`
   * when that fails; the answer prepared so far is then replaced by that error's page, without its cookies and redirect.
   */
  readonly unitOfWork: Middleware<State>
  /** Whether this process can serve now. */
  readonly ready: () => Promise<boolean>
  /** Answered ahead of all pages, from memory: what machines fetch often and is the same for everybody. */
  readonly documents?: Middleware<State>
  /** Told of the language that a person has chosen by the switch of a page. */
  readonly languageChosen?: (ctx: Ctx, locale: Locale) => Promise<void>
  /** Adds the pages' routes; forms, CSRF and 405 are taken care of. */
  readonly routes: (router: Routes) => void
  /** The OpenID provider, for what no route of ours matches. */
  readonly provider?: Middleware<State>
  /** Told of a fault of ours (5xx) before its page is rendered, to drop what the request wanted to store. */
  readonly onInternalError?: (ctx: Ctx) => void
  /** Answers in the format of OAuth where the endpoint is one of its own. @returns whether it did */
  readonly renderOauth?: (ctx: Ctx, error: AppError) => boolean
}

/** The web application: what surrounds every request, our own routes, then the provider, then the page "not found". */
export function makeApp(deps: AppDeps): Koa<State> {
  const { issuer, log, views, texts, assets, unitOfWork, onInternalError, renderOauth } = deps
  const secure = issuer.protocol === 'https:'
  const csrf = makeCsrf({ key: deps.csrfKey, issuer })
  const clientAddress = makeClientAddress(deps.trustedProxies)

  const router: Routes = new Router<State>()
  router.use(formBody())
  router.use(csrf.check)
  languageRoutes(router, deps.languageChosen)
  deps.routes(router)

  const app = new Koa<State>()
  pinOrigin(app, issuer)
  app.on('error', (err: unknown) => log.error({ err }, 'response failed'))

  app.use(identity(clientAddress))
  app.use(accessLog(log))
  app.use(securityHeaders({ secure }))
  app.use(health(deps.ready))
  if (deps.documents) app.use(deps.documents)
  app.use(assets.middleware)
  app.use(async (ctx, next) => {
    ctx.state.page = makePage(ctx, { views, texts, csrf, issuer })
    await next()
  })
  // Twice: inside, so that what a refused request wrote (counters, journal) is stored; outside, for when storing fails.
  app.use(errorRenderer({ log, ...(renderOauth && { renderOauth }) }))
  app.use(unitOfWork)
  app.use(errorRenderer({ log, ...(onInternalError && { onInternalError }), ...(renderOauth && { renderOauth }) }))
  app.use(wellFormedAddress)
  app.use(ourPages(router))
  if (deps.provider) app.use(deps.provider)
  app.use((ctx) => {
    if (ctx.status === 404 && ctx.body == null) throw new AppError(httpErrors.not_found)
  })
  return app
}

/** Names the request by an id of ours (an incoming `X-Request-Id` could inject into logs) and finds out who calls. */
function identity(clientAddress: ClientAddress): Middleware<State> {
  return async (ctx, next) => {
    ctx.state.requestId = incidentId()
    ctx.state.address = clientAddress(ctx.req.socket.remoteAddress ?? '', ctx.get('X-Forwarded-For'))
    ctx.state.network = networkOf(ctx.state.address)
    ctx.set('X-Request-Id', ctx.state.requestId)
    await next()
  }
}

/** One line per request: never its path, query, body or address, which may hold personal data and tickets. */
function accessLog(log: Logger): Middleware<State> {
  return async (ctx, next) => {
    const start = performance.now()
    try {
      await next()
    } finally {
      const { requestId } = ctx.state
      const durationMs = Math.round((performance.now() - start) * 10) / 10
      log.info({ requestId, method: ctx.method, route: routePattern(ctx), status: ctx.status, durationMs }, 'request')
    }
  }
}

/** @throws AppError `http.malformed` for a path that is not UTF-8 or has NUL in it */
const wellFormedAddress: Middleware<State> = async (ctx, next) => {
  if (percentDecoded(ctx.path).includes('\0')) throw new AppError(httpErrors.malformed)
  await next()
}

/**
 * The routes, for addresses that begin as one of them does: the provider's are spared the search, and the others are compared with those
 * that begin like them.
 */
function ourPages(router: Routes): Middleware<State> {
  const first = (path: unknown) => String(path).split('/', 2)[1]?.toLowerCase()
  const isForAll = ({ methods }: { methods: readonly string[] }) => methods.length === 0
  const beginnings = new Set(router.stack.filter((layer) => !isForAll(layer)).map(({ path }) => first(path)))
  const serving = new Map(
    [...beginnings].map((beginning) => {
      const part: Routes = new Router<State>()
      part.stack = router.stack.filter((layer) => isForAll(layer) || first(layer.path) === beginning)
      return [beginning, compose([part.routes() as Middleware<State>, knownMethods(part)])]
    }),
  )
  return (ctx, next) => serving.get(first(ctx.path))?.(ctx, next) ?? next()
}

/** Behind the routes. @throws AppError `http.method_not_allowed` when only other methods of this path are ours */
function knownMethods(router: Routes): Middleware<State> {
  return async (ctx, next) => {
    const { path, route } = router.match(ctx.path, ctx.method)
    const allowed = new Set(path.flatMap((layer) => layer.methods))
    if (!route && allowed.size > 0) {
      ctx.set('Allow', [...allowed].join(', '))
      throw new AppError(httpErrors.method_not_allowed)
    }
    await next()
  }
}
