import i18next from 'i18next'
import type { Logger } from 'pino'
import { type Locale, locales, type Messages, type Translate } from '#src/kernel/locale.ts'

export interface Texts {
  translator(locale: Locale): Translate
}

/**
 * The texts of all pages and messages. Keys are flat: `login.title` is one key, not a path. Plural forms are separate keys
 * with CLDR suffixes (`key_one`, `key_few`, `key_many`, `key_other`) and are chosen by the value `count`.
 * Values are not escaped here: templates and mail bodies escape where they print.
 * A missing key shows as itself and is logged as an error; it is never looked up in the other language.
 */
export function makeTexts(messages: Readonly<Record<Locale, Messages>>, log: Pick<Logger, 'error'>): Texts {
  const i18n = i18next.createInstance()
  void i18n.init({
    initAsync: false,
    resources: Object.fromEntries(locales.map((locale) => [locale, { translation: messages[locale] }])),
    supportedLngs: [...locales],
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    saveMissing: true,
    missingKeyHandler: (languages, _namespace, key) => log.error({ key, languages }, 'text missing'),
  })
  const translators = Object.fromEntries(locales.map((locale) => [locale, fixed(locale)])) as Record<Locale, Translate>

  function fixed(locale: Locale): Translate {
    const t = i18n.getFixedT(locale)
    return (key, values) => t(key, { ...values, lng: locale })
  }

  return { translator: (locale) => translators[locale] }
}

/** Joins the message files of several folders; a key may be defined only once. */
export function joinMessages(...parts: readonly Messages[]): Messages {
  const joined: Record<string, string> = {}
  for (const [key, text] of parts.flatMap((part) => Object.entries(part))) {
    if (Object.hasOwn(joined, key)) throw new Error(`text ${key} is defined twice`)
    joined[key] = text
  }
  return joined
}
