import { pino } from 'pino'
import { allTexts } from '#src/all-texts.ts'
import type { Locale } from '#src/kernel/locale.ts'

const texts = allTexts(pino({ level: 'silent' }))

/** Any number, where the text has one that a test cannot know. */
export const SOME = '#'

/**
 * A text of ours wherever it stands, so that tests hold to what is said and not to its wording.
 * @param values as the code fills them in, or SOME
 */
export function saying(key: string, values: Record<string, string | number> = {}, locale: Locale = 'ru'): RegExp {
  const text = texts.translator(locale)(key, values)
  if (text === key) throw new Error(`there is no text ${key}`)
  const pattern = text
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(SOME, '\\d+')
    .replace(/\s+/g, '\\s+')
  return new RegExp(pattern)
}
