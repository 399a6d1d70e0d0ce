import type { Messages } from '#src/kernel/locale.ts'

/** Everything that has to agree: the texts of both languages, and who asks for them. */
export interface Material {
  readonly ru: Messages
  readonly en: Messages
  /** Codes of declared errors; each is the key of its text. */
  readonly errorCodes: readonly string[]
  /** TypeScript and templates, without comments and without the texts themselves. */
  readonly sources: readonly string[]
  /** Beginnings of keys that are put together at run time: these the search for literals cannot see. */
  readonly builtPrefixes: readonly string[]
}

/** Forms that counting needs; Russian has `other` too, for fractions, and may leave it out. */
const FORMS = { ru: ['one', 'few', 'many'], en: ['one', 'other'] } as const
type Language = keyof typeof FORMS

/** @returns one line per fault: a text missing in a language, other placeholders, a key nobody has or nobody uses */
export function messageFaults(material: Material): string[] {
  const texts = { ru: material.ru, en: material.en }
  const plurals = new Set([...pluralKeys(texts.ru), ...pluralKeys(texts.en)])
  const keys = new Set(
    Object.values(texts).flatMap((messages) => Object.keys(messages).map((key) => baseOf(key, plurals))),
  )
  return [
    ...[...keys].flatMap((key) => translationFaults(key, plurals.has(key), texts)),
    ...material.errorCodes.filter((code) => !keys.has(code)).map((code) => `${code}: an error without a text`),
    ...askedFor(material.sources)
      .filter((key) => !keys.has(key))
      .map((key) => `${key}: asked for, but there is no such text`),
    ...usageFaults(keys, material),
  ]
}

/** Keys with a form for one thing, such as `code.attempts_one`: their other forms follow the language. */
function pluralKeys(messages: Messages): string[] {
  return Object.keys(messages).flatMap((key) => (key.endsWith('_one') ? key.slice(0, -'_one'.length) : []))
}

function baseOf(key: string, plurals: ReadonlySet<string>): string {
  const base = key.replace(/_(one|few|many|other)$/, '')
  return plurals.has(base) ? base : key
}

function translationFaults(key: string, plural: boolean, texts: Record<Language, Messages>): string[] {
  const faults: string[] = []
  const placeholders: Record<Language, string> = { ru: '', en: '' }
  for (const language of ['ru', 'en'] as const) {
    const wanted = plural ? FORMS[language].map((form) => `${key}_${form}`) : [key]
    const missing = wanted.filter((name) => !texts[language][name]?.trim())
    faults.push(...missing.map((name) => `${name}: no text in ${language}`))
    placeholders[language] = placeholdersOf(wanted.map((name) => texts[language][name] ?? '').join(' '))
    const forms = Object.keys(texts[language]).filter((name) => plural && baseOf(name, new Set([key])) === key)
    const optional = language === 'ru' ? `${key}_other` : ''
    const strange = forms.filter((name) => !wanted.includes(name) && name !== optional)
    faults.push(...strange.map((name) => `${name}: ${language} has no such plural form`))
  }
  if (faults.length === 0 && placeholders.ru !== placeholders.en)
    faults.push(`${key}: placeholders differ: ru ${placeholders.ru || 'none'}, en ${placeholders.en || 'none'}`)
  return faults
}

function placeholdersOf(text: string): string {
  const names = [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1])
  return [...new Set(names)].sort().join(', ')
}

/** Keys of `t('…')`, in code and in templates. */
function askedFor(sources: readonly string[]): string[] {
  const calls = sources.flatMap((source) => [...source.matchAll(/(?<![\w$])t\(\s*(['"])([^'"]+)\1\s*[,)]/g)])
  return [...new Set(calls.map((call) => call[2] ?? ''))]
}

function usageFaults(keys: ReadonlySet<string>, { errorCodes, sources, builtPrefixes }: Material): string[] {
  const literals = new Set(
    sources.flatMap((source) => [...source.matchAll(/['"`]([\w.-]+)['"`]/g)].map((match) => match[1])),
  )
  const used = (key: string) =>
    errorCodes.includes(key) || literals.has(key) || builtPrefixes.some((prefix) => key.startsWith(prefix))
  const built = (prefix: string) =>
    [...keys].some((key) => key.startsWith(prefix)) &&
    sources.some((source) => ["'", '"', '`'].some((quote) => source.includes(quote + prefix)))
  return [
    ...[...keys].filter((key) => !used(key)).map((key) => `${key}: nobody asks for this text`),
    ...builtPrefixes.filter((prefix) => !built(prefix)).map((prefix) => `${prefix}…: no such keys are built any more`),
  ]
}
