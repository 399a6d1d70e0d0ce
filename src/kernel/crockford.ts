import { randomBytes } from './random.ts'

/** Crockford's Base32: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Letters that are read as another: Crockford's own, and the Cyrillic ones that look like Latin. */
const READ_AS: Readonly<Record<string, string>> = {
  O: '0',
  I: '1',
  L: '1',
  А: 'A',
  В: 'B',
  Е: 'E',
  К: 'K',
  М: 'M',
  Н: 'H',
  О: '0',
  Р: 'P',
  С: 'C',
  Т: 'T',
  У: 'Y',
  Х: 'X',
}
const LONGEST_TYPED = 100

/** A code that people copy by hand: five random bits in each character. */
export function randomCrockford(characters: number): string {
  return Array.from(randomBytes(characters), (byte) => ALPHABET[byte % ALPHABET.length]!).join('')
}

/** As it is shown and printed: `K7QM0-2VX4T`. */
export function inGroups(code: string, size: number): string {
  return code.match(new RegExp(`.{1,${size}}`, 'g'))!.join('-')
}

/** What was typed, in whatever case, with or without separators; undefined when it cannot be such a code. */
export function readCrockford(typed: string, characters: number): string | undefined {
  const code = typed
    .slice(0, LONGEST_TYPED)
    .toUpperCase()
    .replace(/[\s\u00a0\-‐-―.]/g, '')
    .replace(/./gu, (letter) => READ_AS[letter] ?? letter)
  return code.length === characters && [...code].every((letter) => ALPHABET.includes(letter)) ? code : undefined
}
