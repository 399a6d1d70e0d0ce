import { wordedMoment } from '#src/kernel/locale.ts'
import type { Wording } from '../journal-words.ts'
import type { Section } from './account-export.ts'
import { inWire, isMany } from './export-json.ts'
import { type ExportWording, type Row, sectionWords } from './section-words.ts'

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

/** The same document in the reader's language: what has words does not show its code. */
export async function readable(sections: AsyncIterable<Section>, wording: ExportWording): Promise<Readable> {
  const { t, locale, at } = wording
  const shown = []
  for await (const [name, content] of sections) {
    const { rows, isCut } = await taken(content)
    const lists = []
    for (const row of rows) lists.push(rowsOf((await sectionWords[name]?.(row, wording)) ?? row, wording))
    shown.push({ title: t(`export.section.${name}`), lists: lists.filter((list) => list.length > 0), isCut })
  }
  return { at: wordedMoment(at, locale), sections: shown }
}

async function taken(content: Section[1]): Promise<{ rows: Row[]; isCut: boolean }> {
  if (!isMany(content)) return { rows: [content as Row], isCut: false }
  const rows: Row[] = []
  for await (const row of content) {
    if (rows.length === MOST_ROWS) return { rows, isCut: true }
    rows.push(row as Row)
  }
  return { rows, isCut: false }
}

function rowsOf(row: Row, wording: ExportWording): ReadableRow[] {
  const rows = Object.entries(row).map(([name, value]) => ({
    key: wording.t(`export.field.${memberName(name)}`),
    value: inWords(value, wording),
  }))
  // What there is none of, such as an empty list, has no line.
  return rows.filter(({ value }) => value !== '')
}

const memberName = (name: string) => Object.keys(inWire({ [name]: '' }) as object)[0]!

function inWords(value: unknown, wording: Pick<Wording, 't' | 'locale'>): string {
  if (value instanceof Date) return wordedMoment(value, wording.locale)
  if (typeof value === 'boolean') return wording.t(value ? 'export.yes' : 'export.no')
  if (Array.isArray(value))
    return value
      .map((inner) => inWords(inner, wording))
      .filter(Boolean)
      .join('; ')
  return String(value ?? '')
}
