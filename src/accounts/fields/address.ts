import type { DefinedError } from '#src/kernel/errors.ts'
import { fieldErrors } from './errors.ts'
import { accepted, type Parsed, refused } from './parsed.ts'
import { parsePostcode } from './postcode.ts'
import { type Problem, problem, readFields } from './problem.ts'
import { readText } from './text.ts'

/** Where the person is registered, and where they live. */
export const addressKinds = ['registered', 'actual'] as const
export type AddressKind = (typeof addressKinds)[number]

export interface Address {
  readonly kind: AddressKind
  /** 6 digits. */
  readonly postcode?: string
  readonly region?: string
  readonly city?: string
  readonly street?: string
  readonly house?: string
  readonly flat?: string
  /** The whole address in one line, without the postcode as a rule; it may be all that is known. */
  readonly text: string
}

type ParsedAddress =
  | { readonly ok: true; readonly address: Address }
  | { readonly ok: false; readonly problems: readonly Problem[] }

const SHORTEST = 5
const LONGEST = 500
const LONGEST_NAME = 100
const LONGEST_NUMBER = 30
const LONGEST_END = 10
const MASK = '•••'
const TEXT_ERRORS = {
  missing: fieldErrors.address_missing,
  characters: fieldErrors.address_characters,
  too_long: fieldErrors.address_too_long,
}

/** In the order of the page, and then what comes from the directory. */
const RULES = {
  text: parseText,
  postcode: optional(parsePostcode),
  region: part(fieldErrors.address_region_format, LONGEST_NAME),
  city: part(fieldErrors.address_city_format, LONGEST_NAME),
  street: part(fieldErrors.address_street_format, LONGEST_NAME),
  house: part(fieldErrors.address_house_format, LONGEST_NUMBER),
  flat: part(fieldErrors.address_flat_format, LONGEST_NUMBER),
}

/**
 * Reads an address: from the directory by its parts, or as free text.
 * @returns all problems of its fields at once; parts that were left out are absent
 */
export function parseAddress(input: Readonly<Record<string, string>>): ParsedAddress {
  const kind = addressKinds.find((known) => known === input.kind)
  const { values, problems } = readFields(RULES, input)
  if (kind === undefined) problems.unshift(problem('kind', fieldErrors.address_kind_missing))
  const { text, ...parts } = values
  if (kind === undefined || text === undefined || problems.length > 0) return { ok: false, problems }
  const given = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== ''))
  return { ok: true, address: { kind, ...given, text } }
}

function parseText(input: string): Parsed<string> {
  const parsed = readText(input, TEXT_ERRORS, LONGEST)
  return parsed.ok && parsed.value.length < SHORTEST ? refused(fieldErrors.address_too_short) : parsed
}

function part(format: DefinedError, longest: number): (input: string) => Parsed<string> {
  return optional((input) => readText(input, { missing: format, characters: format, too_long: format }, longest))
}

function optional(parse: (input: string) => Parsed<string>): (input: string) => Parsed<string> {
  return (input) => (input.trim() === '' ? accepted('') : parse(input))
}

/** In one line, as on a letter: `420111, г. Казань, ул. Баумана, д. 1`. */
export function formatAddress({ postcode, text }: Pick<Address, 'postcode' | 'text'>): string {
  return postcode === undefined || text.includes(postcode) ? text : `${postcode}, ${text}`
}

/** For people who know the address already: what stands after the last comma, where that is no more than a house or flat: `••• кв. 2`. */
export function maskAddress({ text }: Pick<Address, 'text'>): string {
  const [, end = ''] = /,\s*([^,]*)$/.exec(text) ?? []
  return end === '' || end.length > LONGEST_END ? MASK : `${MASK} ${end}`
}
