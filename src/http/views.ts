import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import nunjucks from 'nunjucks'
import type { Locale, Translate } from '#src/kernel/locale.ts'
import type { Assets } from './assets.ts'
import type { Brand } from './brand.ts'
import type { FieldError, PageGlobals, ShownGlobals } from './context.ts'
import { httpErrors } from './errors.ts'
import { languageHref } from './locale.ts'
import { makeMoulds } from './moulds.ts'
import type { Texts } from './texts.ts'

export interface Views {
  /** All pages that can be rendered: `views/login/password.njk` is `login/password`; names with `_` are parts. */
  readonly names: readonly string[]
  /**
   * @param perRequest names of the model's strings that are filled into a page rendered before; without it, and wherever there are errors
   *   or typed values, the page is rendered anew
   * @returns the whole HTML document
   */
  render(
    view: string,
    globals: PageGlobals,
    model?: Readonly<Record<string, unknown>>,
    perRequest?: readonly string[],
  ): string
}

export interface ViewsDeps {
  readonly texts: Texts
  readonly brand: Brand
  readonly assets: Pick<Assets, 'href'>
  /** Called before each rendering; tests record what was shown in which language. */
  readonly onRender?: (view: string, locale: Locale) => void
}

const VIEWS = fileURLToPath(new URL('../../views/', import.meta.url))
const GOVUK = fileURLToPath(new URL('../../node_modules/govuk-frontend/dist/', import.meta.url))

/**
 * The templates: nunjucks over `views/` and govuk-frontend's macros, everything escaped unless marked safe.
 * A template sees its model and `t locale requestId errors errorOf typed csrf asset brand otherLocaleHref`.
 */
export function makeViews({ texts, brand, assets, onRender }: ViewsDeps): Views {
  const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader([VIEWS, GOVUK]), {
    autoescape: true,
    trimBlocks: true,
    lstripBlocks: true,
  })
  const names = readdirSync(VIEWS, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|\/)[^_/][^/]*\.njk$/.test(file))
    .map((file) => file.slice(0, -'.njk'.length))
    .sort()

  const moulds = makeMoulds()

  return {
    names,
    render(view, globals, model = {}, perRequest) {
      onRender?.(view, globals.locale)
      const otherLocaleHref =
        globals.otherLocaleHref ?? languageHref(globals.locale === 'ru' ? 'en' : 'ru', globals.url)
      const shown = { ...globals, otherLocaleHref }
      // What a person typed is never kept for the next one.
      const own = globals.errors.length > 0 || Object.keys(globals.typed).length > 0
      return perRequest && !own ? moulds.cast(view, shown, model, perRequest, fresh) : fresh(view, shown, model)
    },
  }

  function fresh(view: string, globals: ShownGlobals, model: Readonly<Record<string, unknown>>): string {
    const t = texts.translator(globals.locale)
    const errors = translated(globals.errors, t)
    return environment.render(`${view}.njk`, {
      ...model,
      t,
      locale: globals.locale,
      requestId: globals.requestId,
      errors,
      errorOf: (field: string) => errors.find((error) => error.field === field)?.text,
      typed: globals.typed,
      csrf: globals.csrf,
      asset: assets.href,
      brand: brand.name[globals.locale],
      otherLocaleHref: globals.otherLocaleHref,
    })
  }
}

/** The errors as govuk's summary wants them; one that concerns no field of the page has no link. */
function translated(errors: readonly FieldError[], t: Translate) {
  return errors.map(({ field, code, values }) => ({
    field,
    code,
    text: t(code, values),
    href: field === '' || code === httpErrors.unknown_field.code ? undefined : `#${field}`,
  }))
}
