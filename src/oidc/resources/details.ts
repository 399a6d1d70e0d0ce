import { isDeepStrictEqual } from 'node:util'
import type { AuthorizationDetail } from 'oidc-provider'
import type { Locale, Translate } from '#src/kernel/locale.ts'
import { type DetailField, type DetailType, isShowable, type ResourceServer, titleIn } from './resource-server.ts'

const LONGEST_TEXT = 500
const MOST_MEMBERS = 50

/**
 * Holds an authorization detail against the description of its type (RFC 9396, section 5).
 * @returns what is wrong, naming the member; nothing if it is as described
 */
export function detailFault(
  detail: AuthorizationDetail,
  { server, type }: { server: ResourceServer; type: DetailType },
): string | undefined {
  const { type: _type, locations, ...members } = detail
  if (locations !== undefined) {
    const registered = [server.identifier, ...(server.locations ?? [])]
    const stranger = (locations as readonly string[]).find((location) => !registered.includes(location))
    if (stranger !== undefined) return `locations: "${stranger}" is not registered for ${server.identifier}`
  }
  return objectFault(members, type.fields, '')
}

function objectFault(value: object, fields: readonly DetailField[], path: string): string | undefined {
  for (const name of Object.keys(value))
    if (!fields.some((field) => field.name === name)) return `${path}${name}: there is no such member`
  for (const field of fields) {
    const given = Object.hasOwn(value, field.name) ? (value as Record<string, unknown>)[field.name] : undefined
    if (given === undefined && field.required) return `${path}${field.name}: is missing`
    const fault = given === undefined ? undefined : valueFault(given, field, `${path}${field.name}`)
    if (fault !== undefined) return fault
  }
  return undefined
}

function valueFault(value: unknown, field: DetailField, path: string): string | undefined {
  switch (field.type) {
    case 'number':
      return typeof value === 'number' ? undefined : `${path}: must be a number`
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `${path}: must be true or false`
    case 'string':
      return textFault(value, field, path)
    case 'strings':
      if (!Array.isArray(value) || value.length === 0 || value.length > MOST_MEMBERS)
        return `${path}: must be an array of 1 to ${MOST_MEMBERS} strings`
      return value.map((member, i) => textFault(member, field, `${path}[${i}]`)).find((fault) => fault !== undefined)
    case 'object':
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${path}: must be an object`
      return objectFault(value, field.fields ?? [], `${path}.`)
  }
}

/** What a person will read has to show what it is. */
function textFault(value: unknown, { values }: DetailField, path: string): string | undefined {
  if (typeof value !== 'string' || value.trim() === '') return `${path}: must be a string that is not empty`
  if (value.length > LONGEST_TEXT) return `${path}: must be ${LONGEST_TEXT} characters at most`
  if (!isShowable(value)) return `${path}: must not contain control characters`
  if (values && !values.some((allowed) => allowed.value === value)) return `${path}: is not one of the values described`
  return undefined
}

/**
 * Whether an authorization detail asks for no more than a granted one. What a member means is known to its resource server alone, so all
 * have to be equal and none may be left out, as that could lift a limit; arrays of strings may name fewer.
 */
export function isWithin(asked: AuthorizationDetail, granted: AuthorizationDetail): boolean {
  const names = Object.keys(asked)
  if (names.length !== Object.keys(granted).length) return false
  return names.every((name) => {
    if (!Object.hasOwn(granted, name)) return false
    const [less, more] = [asked[name], granted[name]]
    const fewer = isTexts(less) && isTexts(more) && less.length > 0 && less.every((member) => more.includes(member))
    return fewer || isDeepStrictEqual(less, more)
  })
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((member) => typeof member === 'string')

/** One authorization detail as the person reads it before deciding. */
export interface WordedDetail {
  readonly title: string
  readonly rows: readonly { readonly label: string; readonly value: string }[]
}

/** Puts a valid detail into words: every member that it has, none left out, in the order of the description. */
export function wordedDetail(
  detail: AuthorizationDetail,
  type: DetailType,
  { t, locale }: { readonly t: Translate; readonly locale: Locale },
): WordedDetail {
  const worded = (value: unknown, field: DetailField): string => {
    if (Array.isArray(value)) return value.map((member) => worded(member, field)).join(', ')
    if (typeof value === 'number') return new Intl.NumberFormat(locale, { maximumFractionDigits: 20 }).format(value)
    if (typeof value === 'boolean') return t(value ? 'oidc.detail_yes' : 'oidc.detail_no')
    if (typeof value === 'object' && value !== null)
      return rowsOf(value, field.fields ?? [])
        .map((row) => `${row.label}: ${row.value}`)
        .join('; ')
    const described = field.values?.find((allowed) => allowed.value === value)
    return described ? titleIn(described, locale) : String(value)
  }
  const rowsOf = (value: object, fields: readonly DetailField[]) =>
    fields
      .filter(({ name }) => Object.hasOwn(value, name))
      .map((field) => ({
        label: titleIn(field, locale),
        value: worded((value as Record<string, unknown>)[field.name], field),
      }))
  const { locations } = detail
  const places = locations
    ? [{ label: t('oidc.detail_locations'), value: (locations as readonly string[]).join(', ') }]
    : []
  return { title: titleIn(type, locale), rows: [...rowsOf(detail, type.fields), ...places] }
}
