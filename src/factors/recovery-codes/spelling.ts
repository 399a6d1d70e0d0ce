import { randomBytes } from '#src/kernel/random.ts'

/** Ten bytes make 16 characters without a rest; R-B7 asks for 64 bits. */
const CODE_BYTES = 10
const GROUP = 4
/** Crockford's Base32: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE = /^[0-9A-HJKMNP-TV-Z]{16}$/

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

/** Eighty random bits as sixteen characters. */
export function newCode(): string {
  const bits = [...randomBytes(CODE_BYTES)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return bits.replace(/.{5}/g, (five) => ALPHABET[Number.parseInt(five, 2)]!)
}

/** As it is shown and printed: `K7QM-02VX-…`. */
export function grouped(code: string): string {
  return code.match(new RegExp(`.{${GROUP}}`, 'g'))!.join('-')
}

/** What was typed, in whatever case, with or without separators; undefined when it cannot be a code. */
export function codeOf(typed: string): string | undefined {
  const code = typed
    .slice(0, 100)
    .toUpperCase()
    .replace(/[\s\u00a0\-‐-―.]/g, '')
    .replace(/./gu, (letter) => READ_AS[letter] ?? letter)
  return CODE.test(code) ? code : undefined
}
