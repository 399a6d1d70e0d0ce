import type Router from '@koa/router'
import type { ParameterizedContext } from 'koa'
import type { AppError, MessageValues } from '#src/kernel/errors.ts'
import type { Locale, Translate } from '#src/kernel/locale.ts'

/** One field of a form that was refused: `code` is the message key, `field` the name of the input. */
export interface FieldError {
  readonly field: string
  readonly code: string
  readonly values?: MessageValues
}

export interface RenderOptions {
  /** HTTP status, 200 unless given; 422 is usual for a form that comes back with errors. */
  readonly status?: number
  /** Errors beside their fields and in the summary; what was typed comes back from `typed`. */
  readonly errors?: readonly FieldError[]
  /** What the person typed, by field name; never a password. */
  readonly typed?: Readonly<Record<string, string>>
  /** The form of this page may end in a redirect off this origin, so CSP `form-action` is left out (Chromium checks every hop). */
  readonly leavesOrigin?: boolean
  /**
   * For pages that everybody sees alike: the names of the model's strings that differ from request to request, such as addresses with a
   * ticket in them. The rest is rendered once per language and model. Templates may print these strings but not compute with them.
   */
  readonly perRequest?: readonly string[]
}

/** What a request gives to the template of its page, beside the page's own model. */
export interface PageGlobals {
  readonly locale: Locale
  readonly requestId: string
  /** Path and query of the page, which the language switch comes back to. */
  readonly url: string
  readonly errors: readonly FieldError[]
  readonly typed: Readonly<Record<string, string>>
  /** Called when the page prints a form. */
  csrf(): string
  /** Where the language switch leads; made from `url` unless given. */
  readonly otherLocaleHref?: string
}

/** The same with everything settled that has a default. */
export type ShownGlobals = Required<PageGlobals>

/** The page side of one request. */
export interface Page {
  readonly locale: Locale
  readonly t: Translate
  /**
   * Languages that a relying party asked for (`ui_locales`: tags separated by spaces, best first);
   * they count for the rest of the request unless the person has chosen a language here.
   */
  prefer(uiLocales: string | undefined): void
  /** Renders `views/<view>.njk` into the response. */
  render(view: string, model?: Readonly<Record<string, unknown>>, options?: RenderOptions): void
  /** A name of the browser that lasts as long as it is open, and that nobody else knows; sets its cookie if it has none. */
  browser(): string
  /** Renders the error page of a refusal: text by locale, code, incident id, way back. */
  renderError(error: AppError): void
}

export interface State {
  /** The incident id: shown on error pages, `X-Request-Id` of the response, `requestId` of every log line. */
  requestId: string
  page: Page
  /** The client's address behind the trusted proxies. */
  address: string
  /** The network of that address (/24 or /56), which shared limits count. */
  network: string
}

export type Ctx = ParameterizedContext<State>
export type Routes = Router<State>
