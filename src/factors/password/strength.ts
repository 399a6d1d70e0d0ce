import type { MatchEstimated, MatchExtended } from '@zxcvbn-ts/core'
import { russianWords } from './dictionary/russian.ts'
import { inLatinLayout, russianKeyboard } from './keyboard.ts'

/** What makes a password weak, where one pattern covers most of it. */
export type Weakness = 'common' | 'keyboard' | 'sequence' | 'repeated' | 'too_weak'

/** @returns undefined for a password that is strong enough */
export type Strength = (password: string, personal: readonly string[]) => Weakness | undefined

/** zxcvbn's work grows with the square of the length and worse: 128 characters of repetition take a second, 32 take 10 ms. */
const PIECE = 32
/** Guesses as a power of ten, which a score of 3 stands for: safe where a slow hash and throttling stand in the way. */
const ENOUGH_LOG10 = 8

const WEAKNESS_OF: Readonly<Record<string, Weakness>> = {
  dictionary: 'common',
  spatial: 'keyboard',
  sequence: 'sequence',
  wordSequence: 'sequence',
  regex: 'sequence',
  date: 'sequence',
  repeat: 'repeated',
}

let loading: Promise<Strength> | undefined

/**
 * The estimator, loaded on first use: 0.2 s and 30 MB of dictionaries that a process does without until somebody sets a
 * password. A long password is judged in pieces, and one strong piece is enough: the whole is no easier to guess than it.
 */
export function loadStrength(): Promise<Strength> {
  loading ??= makeStrength()
  return loading
}

async function makeStrength(): Promise<Strength> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ])
  const { qwerty, keypad } = common.adjacencyGraphs
  const zxcvbn = new ZxcvbnFactory({
    dictionary: {
      passwords: common.dictionary['passwords-common'],
      english: english.dictionary['commonWords-en'],
      englishNames: english.dictionary['firstnames-en'],
      russian: [...russianWords],
      russianInLatinLayout: russianWords.map(inLatinLayout),
    },
    graphs: { qwerty, keypad, йцукен: russianKeyboard(qwerty) },
    // Each substitution (4 for a, @ for a) is another walk through the dictionaries.
    l33tMaxSubstitutions: 12,
    maxLength: PIECE,
  })

  const judge = (text: string, personal: readonly string[]) => {
    const { sequence } = zxcvbn.check(text, [...personal])
    return { log10: guessesOf(sequence), weakness: mainPattern(text, sequence) }
  }

  return (password, personal) => {
    let weakness: Weakness = 'too_weak'
    const text = squeezed(withoutYo(password))
    const separated = text.length < password.length ? SEPARATORS_LOG10 : 0
    for (const piece of new Set(pieces(text))) {
      const weakest = layoutsOf(piece)
        .map((text) => judge(text, personal))
        .reduce((a, b) => (b.log10 < a.log10 ? b : a))
      if (weakest.log10 + separated >= ENOUGH_LOG10) return undefined
      if (weakness === 'too_weak') weakness = weakest.weakness
    }
    return weakness
  }
}

/** `ё` is typed as `е` as often as not; the dictionary has only the latter. */
function withoutYo(text: string): string {
  return text.replaceAll('ё', 'е').replaceAll('Ё', 'Е')
}

/** Between words; full stops and commas among Latin letters may be Russian ones. */
const SEPARATORS = /[\s_-]+|(?<=\p{Script=Cyrillic})[.,]+(?=\p{Script=Cyrillic})/gu
/** A guesser tries a few separators, the same for all gaps. */
const SEPARATORS_LOG10 = 1

/** Without what stands between words: zxcvbn takes a short word and the spaces around it for random characters. */
function squeezed(text: string): string {
  return text.replace(SEPARATORS, '') || text
}

function pieces(text: string): string[] {
  return Array.from({ length: Math.ceil(text.length / PIECE) }, (_, index) =>
    text.slice(index * PIECE, (index + 1) * PIECE),
  )
}

/**
 * As typed, and with all of it on the Latin keys: there English words that were typed in the Russian layout are themselves, and Russian ones
 * are in the dictionary too. The key of `ё` types what the key of `е` would.
 */
function layoutsOf(text: string): string[] {
  const latin = inLatinLayout(text).replaceAll('`', 't').replaceAll('~', 'T')
  return latin === text ? [text] : [text, latin]
}

/** Guesses for the parts in any order, as a power of ten. zxcvbn's own sum adds so much for each part that three words are always enough. */
function guessesOf(sequence: readonly (MatchExtended & Partial<MatchEstimated>)[]): number {
  const orders = sequence.reduce((sum, _, index) => sum + Math.log10(index + 1), 0)
  return sequence.reduce((sum, { guessesLog10 = 0 }) => sum + guessesLog10, orders)
}

function mainPattern(piece: string, sequence: readonly { pattern: string; i: number; j: number }[]): Weakness {
  const main = sequence.find(({ i, j }) => (j - i + 1) * 2 > piece.length)
  return (main && WEAKNESS_OF[main.pattern]) ?? 'too_weak'
}
