const RUSSIAN = 'ёйцукенгшщзхъфывапролджэячсмитьбю'
const LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
const RUSSIAN_SHIFTED = RUSSIAN.toUpperCase()
const LATIN_SHIFTED = '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>'

const toLatin = table(RUSSIAN + RUSSIAN_SHIFTED, LATIN + LATIN_SHIFTED)
const toRussian = table(LATIN + LATIN_SHIFTED, RUSSIAN + RUSSIAN_SHIFTED)

function table(from: string, to: string): ReadonlyMap<string, string> {
  return new Map(Array.from(from, (character, index) => [character, to[index]!]))
}

function retype(text: string, keys: ReadonlyMap<string, string>): string {
  return Array.from(text, (character) => keys.get(character) ?? character).join('')
}

/**
 * The same keys with the Latin layout on: `пароль` → `gfhjkm`, `зфыыцщкв` → `password`. Tells what Russian words look like there, and what a
 * password is that was meant to be Latin.
 */
export function inLatinLayout(text: string): string {
  return retype(text, toLatin)
}

type Graph = Record<string, (string | null)[]>

/** The neighbours of each key, as zxcvbn wants them, with the Russian letters on the keys of the Latin ones. */
export function russianKeyboard(latin: Graph): Graph {
  const relabelled = Object.entries(latin).map(([key, neighbours]): [string, (string | null)[]] => [
    retype(key, toRussian),
    neighbours.map((neighbour) => neighbour && retype(neighbour, toRussian)),
  ])
  return Object.fromEntries(relabelled)
}
