/** Languages of the pages and messages; the first is the default. */
export const locales = ['ru', 'en'] as const
export type Locale = (typeof locales)[number]

/** One language's texts by flat key (`login.title`); a folder's messages.<locale>.ts exports one. */
export type Messages = Readonly<Record<string, string>>

/** Looks a text up and fills in `{{name}}`; plural forms are chosen by `count`. */
export type Translate = (key: string, values?: Readonly<Record<string, string | number>>) => string
