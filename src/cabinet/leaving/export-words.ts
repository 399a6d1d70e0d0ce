import { type Locale, type Translate, wordedMoment } from '#src/kernel/locale.ts'
import type { Section } from './account-export.ts'
import { inWire, isMany } from './export-json.ts'

/** So many rows of each section stand on the page; the file has all. */
const MOST_ROWS = 300

interface ReadableRow {
  readonly key: string
  readonly value: string
}

/** What the page shows: sections with one list of rows or several. */
export interface Readable {
  readonly at: string
  readonly sections: readonly {
    readonly title: string
    readonly lists: readonly (readonly ReadableRow[])[]
    /** There are more rows than the page shows. */
    readonly isCut: boolean
  }[]
}

/** Codes of ours that have words, by section and member: the beginning of the text's key. */
const codeTexts: Readonly<Record<string, string>> = {
  'account.state': 'accounts.state.',
  'account.identity_level': 'accounts.level.',
  'person.gender': 'consent.gender.',
  'documents.kind': 'documents.kind.',
  'authenticators.kind': 'factor.',
  'requests.kind': 'requests.kind.',
  'requests.state': 'requests.state.',
  'waiting_changes.kind': 'change.kind.',
  'journal.type': 'journal.',
}

interface Wording {
  readonly t: Translate
  readonly locale: Locale
  readonly at: Date
}

/** The same document in the reader's language. */
export async function readable(sections: AsyncIterable<Section>, wording: Wording): Promise<Readable> {
  const { t, locale, at } = wording
  const shown = []
  for await (const [name, content] of sections) {
    const { rows, isCut } = await taken(content)
    const lists = rows.map((row) => rowsOf(name, row, wording)).filter((list) => list.length > 0)
    shown.push({ title: t(`export.section.${name}`), lists, isCut })
  }
  return { at: wordedMoment(at, locale), sections: shown }
}

async function taken(content: Section[1]): Promise<{ rows: object[]; isCut: boolean }> {
  if (!isMany(content)) return { rows: [content], isCut: false }
  const rows: object[] = []
  for await (const row of content) {
    if (rows.length === MOST_ROWS) return { rows, isCut: true }
    rows.push(row)
  }
  return { rows, isCut: false }
}

function rowsOf(section: string, row: object, { t, locale }: Wording): ReadableRow[] {
  const rows = Object.entries(row).map(([name, value]) => {
    const member = memberName(name)
    const words = codeTexts[`${section}.${member}`]
    return {
      key: t(`export.field.${member}`),
      value: words === undefined ? inWords(value, { t, locale }) : t(`${words}${value}`),
    }
  })
  // What there is none of, such as an empty list, has no line.
  return rows.filter(({ value }) => value !== '')
}

const memberName = (name: string) => Object.keys(inWire({ [name]: '' }) as object)[0]!

function inWords(value: unknown, { t, locale }: Pick<Wording, 't' | 'locale'>): string {
  if (value instanceof Date) return wordedMoment(value, locale)
  if (typeof value === 'boolean') return t(value ? 'export.yes' : 'export.no')
  if (Array.isArray(value)) return value.map((inner) => inWords(inner, { t, locale })).join('; ')
  if (typeof value !== 'object' || value === null) return String(value ?? '')
  return Object.entries(value)
    .map(([name, inner]) => [memberName(name), inWords(inner, { t, locale })])
    .filter(([, words]) => words !== '')
    .map(([name, words]) => `${name}: ${words}`)
    .join(', ')
}
