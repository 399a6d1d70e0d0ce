import type { Logger } from 'pino'
import { AppError, type DefinedError, kernelErrors } from '#src/kernel/errors.ts'
import type { Translate } from '#src/kernel/locale.ts'
import { isUnreachable } from '#src/kernel/unreachable.ts'
import type { Ctx } from './context.ts'
import { httpErrors } from './errors.ts'
import { prefersProblem, renderProblem } from './problem.ts'
import { refererPath } from './return-path.ts'
import { routePattern } from './route-pattern.ts'

/** What `views/http/error.njk` shows: what happened, what to do, the incident id, the way back. */
export function errorModel(ctx: Ctx, { definition, values }: AppError, t: Translate, issuer: URL) {
  return {
    title: t(titleKey(definition)),
    text: t(definition.code, values),
    incident: ctx.state.requestId,
    backHref: refererPath(ctx.get('Referer'), issuer.origin),
  }
}

function titleKey({ status }: DefinedError): string {
  if (status === 404) return 'error.title_not_found'
  return status >= 500 ? 'error.title_fault' : 'error.title'
}

/** Any thrown value as a refusal of ours: HTTP errors of Koa and its parsers by status, a lost database, everything else unexpected. */
function asAppError(thrown: unknown): AppError {
  return thrown instanceof AppError ? thrown : new AppError(definitionOf(thrown), {}, { cause: thrown })
}

function definitionOf(thrown: unknown): DefinedError {
  if (isHttpRefusal(thrown)) return byStatus[thrown.status] ?? httpErrors.malformed
  return isUnreachable(thrown) ? kernelErrors.unavailable : kernelErrors.internal
}

const byStatus: Readonly<Record<number, DefinedError>> = {
  404: httpErrors.not_found,
  405: httpErrors.method_not_allowed,
  413: httpErrors.too_large,
  415: httpErrors.unsupported_type,
}

/**
 * An error of Koa or a body parser about what the client sent. `expose` tells it from errors of outgoing requests, whose
 * `status` is another server's answer to us.
 */
function isHttpRefusal(thrown: unknown): thrown is Error & { status: number } {
  if (!(thrown instanceof Error) || !('status' in thrown) || !('expose' in thrown)) return false
  return thrown.expose === true && typeof thrown.status === 'number' && thrown.status < 500
}

/**
 * Answers with a refusal: a page, or a problem document for clients that ask for JSON. A fault of ours (5xx) takes back the
 * cookies and the redirect that the request had prepared, as what they refer to may not be stored.
 */
function renderFailure(ctx: Ctx, error: AppError, renderOauth: ErrorRendererDeps['renderOauth']): void {
  if (error.definition.status >= 500) {
    ctx.remove('Set-Cookie')
    ctx.remove('Location')
  }
  if (renderOauth?.(ctx, error)) return
  if (prefersProblem(ctx)) renderProblem(ctx, error)
  else ctx.state.page.renderError(error)
}

/** The answer of last resort, when the error page itself cannot be rendered. */
function renderPlainly(ctx: Ctx): void {
  ctx.status = kernelErrors.internal.status
  ctx.set('Cache-Control', 'no-store')
  ctx.type = 'text/plain; charset=utf-8'
  ctx.body = `${kernelErrors.internal.code} ${ctx.state.requestId}`
}

interface ErrorRendererDeps {
  readonly log: Logger
  /** Told of a fault of ours (5xx) before its page is rendered, to drop what the request wanted to store. */
  readonly onInternalError?: (ctx: Ctx) => void
  /** Answers in the format of OAuth where the endpoint is one of its own. @returns whether it did */
  readonly renderOauth?: (ctx: Ctx, error: AppError) => boolean
}

/** Middleware that renders whatever is thrown behind it and logs it as loudly as its definition says. */
export function errorRenderer({ log, onInternalError, renderOauth }: ErrorRendererDeps) {
  return async (ctx: Ctx, next: () => Promise<unknown>): Promise<void> => {
    try {
      await next()
    } catch (thrown) {
      const error = asAppError(thrown)
      const { code } = error
      const line = { requestId: ctx.state.requestId, error: code, route: routePattern(ctx) }
      if (error.definition.status >= 500) onInternalError?.(ctx)
      log[error.definition.log](error.definition.log === 'error' ? { ...line, err: error.cause ?? error } : line, code)
      try {
        renderFailure(ctx, error, renderOauth)
      } catch (err) {
        log.error({ ...line, err }, 'error page failed')
        renderPlainly(ctx)
      }
    }
  }
}
