/** Alphabets that names and texts are written in. */
export type Script = 'cyrillic' | 'latin'

/** Letters of each, as the inside of a character class. */
export const CYRILLIC = '\u0400-\u0481\u048a-\u052f'
export const LATIN = 'A-Za-zÀ-ÖØ-öø-\u024f\u1e00-\u1eff'

const NAMES: Readonly<Record<Script, RegExp>> = {
  cyrillic: new RegExp(`^[${CYRILLIC} '-]+$`),
  latin: new RegExp(`^[${LATIN} '-]+$`),
}

/** The one alphabet of a name that `parseName` took. */
export function scriptOf(name: string): Script | undefined {
  return NAMES.cyrillic.test(name) ? 'cyrillic' : NAMES.latin.test(name) ? 'latin' : undefined
}
