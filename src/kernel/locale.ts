/** Languages of the pages and messages; the first is the default. */
export const locales = ['ru', 'en'] as const
export type Locale = (typeof locales)[number]

/** One language's texts by flat key (`login.title`); a folder's messages.<locale>.ts exports one. */
export type Messages = Readonly<Record<string, string>>

/** A moment in Moscow, to the minute: `25 ноября 2026 г. в 15:31`, `25 November 2026 at 15:31`; the text around it names the zone. */
export function wordedMoment(at: Date, locale: Locale): string {
  const format = { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Moscow' } as const
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, format).format(at)
}

/** A date in Moscow: `25 ноября 2026 г.`, `25 November 2026`. */
export function wordedDate(at: Date, locale: Locale): string {
  const format = { dateStyle: 'long', timeZone: 'Europe/Moscow' } as const
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, format).format(at)
}

/** A time of day in Moscow: `15:31`; the text around it names the zone. */
export function wordedTime(at: Date, locale: Locale): string {
  const format = { timeStyle: 'short', timeZone: 'Europe/Moscow' } as const
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, format).format(at)
}

/** Looks a text up and fills in `{{name}}`; plural forms are chosen by `count`. */
export type Translate = (key: string, values?: Readonly<Record<string, string | number>>) => string

/** A name as it stands inside a sentence: `Приложение с кодами` becomes `приложение с кодами`, `SMS` stays. */
export function inSentence(name: string): string {
  return /^\p{Lu}\p{Lu}/u.test(name) ? name : name.charAt(0).toLowerCase() + name.slice(1)
}
