import type { AppError } from '#src/kernel/errors.ts'
import type { Ctx } from './context.ts'

/** Problem details of RFC 9457; `code` is ours. */
interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly instance: string
}

/** Whether a client asked for JSON and not for a page; who says nothing of either gets the page. */
export function prefersProblem(ctx: Ctx): boolean {
  const accept = ctx.get('Accept').toLowerCase()
  return /application\/(problem\+)?json/.test(accept) && !accept.includes('text/html')
}

function problemOf(error: AppError, title: string, requestId: string): Problem {
  return {
    type: `urn:propusk:error:${error.code}`,
    title,
    status: error.definition.status,
    code: error.code,
    instance: `urn:propusk:incident:${requestId}`,
  }
}

/** Answers with the problem document; the title is the text of the code in the language of the request. */
export function renderProblem(ctx: Ctx, error: AppError): void {
  const { page, requestId } = ctx.state
  ctx.status = error.definition.status
  ctx.set('Cache-Control', 'no-store')
  ctx.set('Content-Language', page.locale)
  ctx.body = JSON.stringify(problemOf(error, page.t(error.code, error.values), requestId))
  ctx.type = 'application/problem+json'
}
