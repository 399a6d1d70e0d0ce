import { russianWords } from './dictionary.ru.ts'
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
    l33tMaxSubstitutions: 20,
    maxLength: PIECE,
  })

  return (password, personal) => {
    let weakness: Weakness = 'too_weak'
    for (const piece of pieces(password)) {
      const { guessesLog10, sequence } = zxcvbn.check(piece, [...personal])
      if (guessesLog10 >= ENOUGH_LOG10) return undefined
      if (weakness === 'too_weak') weakness = mainPattern(piece, sequence)
    }
    return weakness
  }
}

function pieces(password: string): string[] {
  // `ё` is typed as `е` as often as not; the dictionary has only the latter.
  const text = password.replaceAll('ё', 'е').replaceAll('Ё', 'Е')
  return Array.from({ length: Math.ceil(text.length / PIECE) }, (_, index) =>
    text.slice(index * PIECE, (index + 1) * PIECE),
  )
}

function mainPattern(piece: string, sequence: readonly { pattern: string; i: number; j: number }[]): Weakness {
  const main = sequence.find(({ i, j }) => (j - i + 1) * 2 > piece.length)
  return (main && WEAKNESS_OF[main.pattern]) ?? 'too_weak'
}
