import type { RegistryAddress } from '../registries.ts'
import { home } from './citizen.ts'
import { addressWords } from './likeness.ts'

const MOST = 10
const STREETS = [
  'ул. Садовая',
  'ул. Речная',
  'ул. Музейная',
  'ул. Лесная',
  'ул. Полевая',
  'ул. Вокзальная',
  'ул. Дружбы',
  'пер. Кленовый',
]
const HOUSES = 20

/** The houses of the town that there is not: nobody's flats, so that the directory tells nothing of people. */
const directory = STREETS.flatMap((street) =>
  Array.from({ length: HOUSES }, (_, index) => home(street, String(index + 1))),
).map((address) => ({ address, words: addressWords(address.text) }))

/** Houses whose addresses have a word for each typed one, the last of which may be unfinished. */
export function suggestionsFor(text: string): readonly RegistryAddress[] {
  const typed = addressWords(text)
  const last = typed.length - 1
  const fits = (words: readonly string[]) =>
    typed.every((word, index) => words.some((known) => (index === last ? known.startsWith(word) : known === word)))
  if (typed.length === 0) return []
  return directory
    .filter(({ words }) => fits(words))
    .slice(0, MOST)
    .map(({ address }) => address)
}
