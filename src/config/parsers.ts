import { X509Certificate } from 'node:crypto'
import { accessSync, constants, readFileSync } from 'node:fs'
import { isIP, isIPv6 } from 'node:net'
import { z } from 'zod'
import { makeCountryOf } from '#src/kernel/country.ts'
import { Secret } from '#src/kernel/secret.ts'
import { contrast } from './colour.ts'
import type { KeyEncryptionKey } from './config.ts'

/** What a variable's text becomes. The message of an issue says what would be right; it never repeats the text. */
export type Parser<T> = z.ZodType<T, string>

const WHITE = '#ffffff'
const BLACK = '#000000'
/** WCAG 2.2, success criterion 1.4.3. */
const LEAST_CONTRAST = 4.5

/** Turns a function that answers undefined for what it does not understand into a parser. */
function parser<T>(right: string, read: (text: string) => T | undefined): Parser<T> {
  return z.string().transform((text, context) => {
    const value = read(text)
    if (value !== undefined) return value
    context.issues.push({ code: 'custom', message: right, input: text })
    return z.NEVER
  })
}

export function text(max = 200): Parser<string> {
  return parser(`up to ${max} characters without control characters`, (value) =>
    value.length <= max && !/\p{Cc}/u.test(value) ? value : undefined,
  )
}

const LINES = 4
const LINE_LENGTH = 60

/** Lines of an address on paper. */
export const addressLines: Parser<readonly string[]> = parser(
  `one to ${LINES} lines of up to ${LINE_LENGTH} characters, separated by semicolons`,
  (value) => {
    const lines = value.split(';').map((line) => line.trim())
    const sound = lines.every((line) => line !== '' && line.length <= LINE_LENGTH && !/\p{Cc}/u.test(line))
    return sound && lines.length <= LINES ? lines : undefined
  },
)

const NAME_LENGTH = 200

/** Names of organisations by a code, each code once. */
export const namesByCode: Parser<Readonly<Record<string, string>>> = parser(
  `code=name pairs separated by semicolons: codes of letters, digits, dots, - and _, each once; names of up to ${NAME_LENGTH} characters`,
  (value) => {
    const pairs = value
      .split(';')
      .map((item) => /^\s*([\w.-]{1,64})\s*=\s*([^\p{Cc}]*[^\p{Cc}\s])\s*$/u.exec(item)?.slice(1))
    const sound = pairs.every((pair) => pair !== undefined && pair[1]!.length <= NAME_LENGTH)
    const names = Object.fromEntries(sound ? (pairs as [string, string][]) : [])
    return sound && Object.keys(names).length === pairs.length ? names : undefined
  },
)

export function secretText(least: number): Parser<Secret> {
  return parser(`${least} or more printable ASCII characters`, (value) =>
    value.length >= least && /^[\x21-\x7e]+$/.test(value) ? new Secret(value) : undefined,
  )
}

export function integer(least: number, most: number, unit = ''): Parser<number> {
  return parser(`a whole number from ${least} to ${most}${unit && ` ${unit}`}`, (value) =>
    /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most ? Number(value) : undefined,
  )
}

export const port: Parser<number> = integer(1, 65_535)

export function oneOf<const T extends string>(...words: readonly T[]): Parser<T> {
  return parser(words.join(', ').replace(/, ([^,]*)$/, ' or $1'), (value) => words.find((word) => word === value))
}

/** A list, separated by commas, that may be `none`. */
export function wordsOf<const T extends string>(...words: readonly T[]): Parser<readonly T[]> {
  const some = list(`one of ${words.join(', ')}`, (item) => words.find((word) => word === item))
  return z
    .string()
    .transform((text) => (text === 'none' ? '' : text))
    .pipe(some)
}

export const yesOrNo: Parser<boolean> = oneOf('true', 'false').transform((word) => word === 'true')

function asUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined
}

function isHttp(url: URL | undefined): url is URL {
  return url?.protocol === 'http:' || url?.protocol === 'https:'
}

/** The scheme is checked against the mode elsewhere. Only the canonical spelling passes, as clients compare issuers by text. */
export const origin: Parser<string> = parser(
  'scheme, lower-case host and, if unusual, port, like https://id.example.org: no user, path, query or trailing slash',
  (value) => (isHttp(asUrl(value)) && asUrl(value)?.origin === value ? value : undefined),
)

export const httpUrl: Parser<string> = parser('an http or https URL without user and password in it', (value) => {
  const url = asUrl(value)
  return isHttp(url) && url.username === '' && url.password === '' && url.hash === '' ? value : undefined
})

export function urlWithSecret(right: string, ...schemes: readonly string[]): Parser<Secret> {
  return parser(right, (value) => {
    const url = asUrl(value)
    return url && schemes.includes(url.protocol) && url.hostname !== '' ? new Secret(value) : undefined
  })
}

export const sender: Parser<string> = parser('an address, or a name and an address in angle brackets', (value) =>
  value.length <= 320 && /^(?:[^<>@\p{Cc}]+ <[^\s<>@]+@[^\s<>@]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/u.test(value)
    ? value
    : undefined,
)

/** Comma-separated; spaces around an item and empty items do not count. */
function list<T>(right: string, readItem: (item: string) => T | undefined): Parser<T[]> {
  return parser(`items separated by commas, each ${right}`, (value) => {
    const items = value.split(',').map((item) => item.trim())
    const read = items.filter((item) => item !== '').map(readItem)
    return read.includes(undefined) ? undefined : (read as T[])
  })
}

export const cidrBlocks: Parser<string[]> = list('an IP address or a CIDR block like 10.0.0.0/8', (item) => {
  const [address = '', bits, ...rest] = item.split('/')
  if (!isIP(address) || rest.length > 0) return undefined
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv6(address) ? 128 : 32))
  return fits ? item : undefined
})

export const origins: Parser<string[]> = list('an origin like http://10.1.2.3:8080', (item) => {
  const parsed = origin.safeParse(item)
  return parsed.success ? parsed.data : undefined
})

export const keyEncryptionKeys: Parser<KeyEncryptionKey[]> = parser(
  'id:base64 pairs separated by commas: ids of letters, digits, - and _, each once; each key 32 bytes in base64',
  (value) => {
    const keys = value.split(',').map((item) => readKey(item.trim()))
    const ids = new Set(keys.map((key) => key?.id))
    return keys.includes(undefined) || ids.size < keys.length ? undefined : (keys as KeyEncryptionKey[])
  },
)

function readKey(item: string): KeyEncryptionKey | undefined {
  const [, id, key] = /^([\w-]{1,32}):([A-Za-z0-9+/]{43}=)$/.exec(item) ?? []
  // A key whose last character carries stray bits decodes to the same bytes: only the canonical text is accepted.
  if (id === undefined || key === undefined || Buffer.from(key, 'base64').toString('base64') !== key) return undefined
  return { id, key: new Secret(key) }
}

function colour(right: string, passes: (value: string) => boolean): Parser<string> {
  return parser(`a colour like #12395b ${right}`, (value) => {
    const lower = value.toLowerCase()
    return /^#[0-9a-f]{6}$/.test(lower) && passes(lower) ? lower : undefined
  })
}

/** A colour of text on white, or of a ground under white text. */
export const colourAgainstWhite = colour(
  `whose contrast with white is at least ${LEAST_CONTRAST}:1`,
  (value) => contrast(value, WHITE) >= LEAST_CONTRAST,
)

/** A ground under black text. */
export const colourUnderBlack = colour(
  `whose contrast with black is at least ${LEAST_CONTRAST}:1`,
  (value) => contrast(value, BLACK) >= LEAST_CONTRAST,
)

export const svgFile: Parser<string> = parser('the path of a readable .svg file', (value) => {
  try {
    accessSync(value, constants.R_OK)
    return value.toLowerCase().endsWith('.svg') ? value : undefined
  } catch {
    return undefined
  }
})

export const headerName: Parser<string> = parser('the name of an HTTP header, like Client-Cert', (value) =>
  /^[A-Za-z0-9-]{1,64}$/.test(value) ? value : undefined,
)

export const countryTable: Parser<string> = parser('the path of a readable table of countries, MaxMind DB', (value) => {
  try {
    makeCountryOf(value)('192.0.2.1')
    return value
  } catch {
    return undefined
  }
})

export const certificateFile: Parser<string> = parser('the path of a readable PEM file with certificates', (value) => {
  try {
    return new X509Certificate(readFileSync(value)).ca ? value : undefined
  } catch {
    return undefined
  }
})
