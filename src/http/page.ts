import type { AppError } from '#src/kernel/errors.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { Ctx, Page } from './context.ts'
import type { Csrf } from './csrf.ts'
import { errorModel } from './error-page.ts'
import { chosenLocale, firstSupported, localeOf, rememberAsked } from './locale.ts'
import { contentSecurityPolicy } from './security.ts'
import type { Texts } from './texts.ts'
import type { Views } from './views.ts'

export interface PageDeps {
  readonly views: Views
  readonly texts: Texts
  readonly csrf: Csrf
  readonly issuer: URL
}

/** Makes the page side of a request; see `Page` for what it does. */
export function makePage(ctx: Ctx, { views, texts, csrf, issuer }: PageDeps): Page {
  let settled: Locale | undefined
  const page: Page = {
    // Found out when somebody asks: most answers of the provider have no words.
    get locale() {
      settled ??= localeOf(ctx)
      return settled
    },
    get t() {
      return texts.translator(page.locale)
    },
    prefer(uiLocales) {
      const asked = firstSupported(uiLocales)
      if (asked === undefined || chosenLocale(ctx) !== undefined) return
      settled = asked
      rememberAsked(ctx, asked)
    },
    render(view, model = {}, { status = 200, errors = [], typed = {}, leavesOrigin = false, perRequest } = {}) {
      const { locale } = page
      const globals = {
        locale,
        requestId: ctx.state.requestId,
        url: ctx.originalUrl,
        errors,
        typed,
        csrf: () => csrf.token(ctx),
      }
      const html = views.render(view, globals, model, perRequest)
      ctx.status = status
      ctx.type = 'text/html; charset=utf-8'
      ctx.set('Content-Language', locale)
      ctx.set('Content-Security-Policy', contentSecurityPolicy({ leavesOrigin }))
      if (!ctx.response.get('Cache-Control')) ctx.set('Cache-Control', 'no-store')
      ctx.body = html
    },
    browser: () => csrf.browser(ctx),
    renderError(error: AppError) {
      page.render('http/error', errorModel(ctx, error, page.t, issuer), { status: error.definition.status })
    },
  }
  return page
}
