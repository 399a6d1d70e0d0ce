import { type Locale, locales } from '#src/kernel/locale.ts'
import type { Ctx, Routes } from './context.ts'
import { cookieName } from './cookie-name.ts'
import { leadTo } from './lead-to.ts'
import { returnPath } from './return-path.ts'

const cookieOf = (ctx: Ctx) => cookieName('locale', ctx.origin)
const askedCookieOf = (ctx: Ctx) => cookieName('asked_locale', ctx.origin)
const YEAR_MS = 365 * 24 * 3600 * 1000

function asLocale(value: unknown): Locale | undefined {
  return locales.find((locale) => locale === value)
}

/** The first supported language of a `ui_locales` value (OpenID Connect Core 3.1.2.1: BCP 47 tags separated by spaces). */
export function firstSupported(uiLocales: unknown): Locale | undefined {
  if (typeof uiLocales !== 'string') return undefined
  for (const tag of uiLocales.split(' ', 20)) {
    const locale = asLocale(tag.split('-', 1)[0]?.toLowerCase())
    if (locale) return locale
  }
  return undefined
}

/** What the person chose on one of our pages, kept in a cookie. */
export function chosenLocale(ctx: Ctx): Locale | undefined {
  return asLocale(ctx.cookies.get(cookieOf(ctx)))
}

/** Remembers the choice, for all pages that this browser opens. */
export function chooseLocale(ctx: Ctx, locale: Locale): void {
  ctx.cookies.set(cookieOf(ctx), locale, {
    maxAge: YEAR_MS,
    sameSite: 'lax',
    httpOnly: true,
    path: '/',
    overwrite: true,
  })
}

/** What a relying party asked for last (`ui_locales`), so that the pages after the first speak it too; ends with the browser. */
export function rememberAsked(ctx: Ctx, locale: Locale): void {
  ctx.cookies.set(askedCookieOf(ctx), locale, { sameSite: 'lax', httpOnly: true, path: '/', overwrite: true })
}

/** The language of a page: the person's choice, else `ui_locales` of the address or of the request before, else Accept-Language, else Russian. */
export function localeOf(ctx: Ctx): Locale {
  return (
    chosenLocale(ctx) ??
    firstSupported(ctx.query.ui_locales) ??
    asLocale(ctx.cookies.get(askedCookieOf(ctx))) ??
    asLocale(ctx.acceptsLanguages(...locales)) ??
    locales[0]
  )
}

/** The address that switches the language and comes back to the page shown. */
export function languageHref(locale: Locale, currentUrl: string): string {
  return `/language/${locale}?return=${encodeURIComponent(returnPath(currentUrl) ?? '/')}`
}

/**
 * A link, not a form, so that it works in every page; all it can change is the language.
 * @param chosen told of a choice that was made on a page of ours, as the browser says: a foreign page can lead here as well
 */
export function languageRoutes(router: Routes, chosen?: (ctx: Ctx, locale: Locale) => Promise<void>): void {
  router.get('/language/:locale', async (ctx, next) => {
    const locale = asLocale(ctx.params.locale)
    if (!locale) return next()
    chooseLocale(ctx, locale)
    if (ctx.get('Sec-Fetch-Site') === 'same-origin') await chosen?.(ctx, locale)
    leadTo(ctx, returnPath(ctx.query.return) ?? '/')
  })
}
