import { frequentWords } from './frequent.ru.ts'
import { moreWords } from './more-words.ru.ts'
import { familyNames, firstNames, patronymics } from './names.ru.ts'
import { places } from './places.ru.ts'
import { words } from './words.ru.ts'

const split = (text: string) => text.trim().split(/\s+/)
/** Shorter ones are guessed as quickly letter by letter. */
const LEAST_LETTERS = 3

/**
 * What Russian passwords are made of, the most frequent first, as rank decides how soon a guesser gets there: set phrases and keyboard habits,
 * common words, first names with their short forms, cities and regions, surnames and patronymics. Lower case, each word once, without the
 * letter `ё`.
 */
export const russianWords: readonly string[] = [
  ...new Set([
    ...frequentWords,
    ...firstNames,
    ...split(words),
    ...split(places),
    ...split(moreWords),
    ...familyNames,
    ...patronymics,
  ]),
].filter((word) => word.length >= LEAST_LETTERS)
