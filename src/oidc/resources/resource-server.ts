import { z } from 'zod'
import { isScope } from '#src/consents/scopes.ts'
import type { Locale } from '#src/kernel/locale.ts'

/** A name or title as the operator wrote it: Russian, and English where there is one. */
interface Titled {
  readonly title: string
  readonly 'title#en'?: string | undefined
}

/** Something that a client may be allowed to do at a resource server. */
export interface ResourceScope extends Titled {
  readonly name: string
}

/** One member of an authorization detail: what a client may write there, and what the person reads before it. */
export interface DetailField extends Titled {
  readonly name: string
  /** `strings` is an array of strings; `object` has members of its own. */
  readonly type: 'string' | 'number' | 'boolean' | 'strings' | 'object'
  readonly required?: boolean | undefined
  /** The only values of a `string`, or of the members of `strings`. */
  readonly values?: readonly (Titled & { readonly value: string })[] | undefined
  readonly fields?: readonly DetailField[] | undefined
}

/** A type of authorization details (RFC 9396, section 2) and how it is described. */
export interface DetailType extends Titled {
  readonly type: string
  readonly fields: readonly DetailField[]
}

/** An interface of another system for which tokens are issued (RFC 8707). Its members are named as the operator writes them. */
export interface ResourceServer {
  /** The resource indicator, which is the `aud` of its tokens: an absolute URI. */
  readonly identifier: string
  readonly name: string
  readonly 'name#en'?: string | undefined
  readonly scopes: readonly ResourceScope[]
  /** `jwt`: signed with ES256, read without asking us (RFC 9068); `opaque`: introspected, so that a revocation is seen at once. */
  readonly token_format: 'jwt' | 'opaque'
  /** In seconds. */
  readonly token_lifetime: number
  /** The client that may introspect its tokens. */
  readonly client_id?: string | undefined
  /** What `locations` of authorization details may name beside the identifier. */
  readonly locations?: readonly string[] | undefined
  readonly authorization_details_types?: readonly DetailType[] | undefined
}

const DEFAULT_LIFETIME_SECONDS = 300
const LONGEST_LIFETIME_SECONDS = 3600

const text = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(200, 'must be 200 characters at most')
  .refine((value) => isShowable(value), 'must not contain control characters')
const titled = { title: text, 'title#en': text.optional() }
const location = z.string().max(255, 'must be 255 characters at most').refine(isIdentifier, {
  message: 'must be an absolute https URI or URN without fragment and user (http only for localhost)',
})
const unique = <T>(what: string, keyOf: (item: T) => string) => ({
  check: (items: readonly T[]) => new Set(items.map(keyOf)).size === items.length,
  message: `must not name a ${what} twice`,
})

const scopeNames = unique<ResourceScope>('scope', ({ name }) => name)
const Scope = z.strictObject({
  name: z
    .string()
    .regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,64}$/, 'must be 1 to 64 printable ASCII characters without quotes and spaces')
    .refine((name) => !isScope(name), 'is a scope of OpenID Connect; choose another name'),
  ...titled,
})

const fieldNames = unique<DetailField>('field', ({ name }) => name)
const Field: z.ZodType<DetailField> = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z_]\w{0,63}$/, 'must be 1 to 64 letters, digits or underscores')
      .refine((name) => name !== 'type' && name !== 'locations', 'is described by RFC 9396 itself; leave it out'),
    type: z.enum(['string', 'number', 'boolean', 'strings', 'object'], {
      error: 'must be string, number, boolean, strings or object',
    }),
    ...titled,
    required: z.boolean().optional(),
    values: z
      .array(z.strictObject({ value: text, ...titled }))
      .min(1, 'must not be empty')
      .optional(),
    get fields(): z.ZodOptional<z.ZodArray<z.ZodType<DetailField>>> {
      return z.array(Field).min(1, 'must not be empty').optional()
    },
  })
  .refine(({ type, fields }) => (type === 'object') === (fields !== undefined), {
    path: ['fields'],
    message: 'belongs to type object, and only there',
  })
  .refine(({ type, values }) => values === undefined || type === 'string' || type === 'strings', {
    path: ['values'],
    message: 'belongs to type string or strings only',
  })
  .refine(({ fields = [] }) => fieldNames.check(fields), { path: ['fields'], message: fieldNames.message })

const typeNames = unique<DetailType>('type', ({ type }) => type)
const Type = z.strictObject({
  type: z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, 'must be 1 to 100 printable ASCII characters'),
  ...titled,
  fields: z.array(Field).refine(fieldNames.check, fieldNames.message),
})

const Description = z.strictObject({
  identifier: location,
  name: text,
  'name#en': text.optional(),
  scopes: z.array(Scope).refine(scopeNames.check, scopeNames.message).default([]),
  token_format: z.enum(['jwt', 'opaque'], { error: 'must be jwt or opaque' }).default('jwt'),
  token_lifetime: z
    .int('must be a whole number of seconds')
    .min(30, 'must be 30 seconds at least')
    .max(LONGEST_LIFETIME_SECONDS, `must be ${LONGEST_LIFETIME_SECONDS} seconds at most`)
    .default(DEFAULT_LIFETIME_SECONDS),
  client_id: z.string().min(1, 'must not be empty').max(255, 'must be 255 characters at most').optional(),
  locations: z.array(location).optional(),
  authorization_details_types: z.array(Type).refine(typeNames.check, typeNames.message).optional(),
})

export type ParsedResourceServer =
  | { readonly ok: true; readonly server: ResourceServer }
  /** Each fault begins with the member's path, e.g. `scopes[0].name: must not be empty`. */
  | { readonly ok: false; readonly faults: readonly string[] }

/** Reads a description as an operator wrote it; what is left out gets its default. */
export function parseResourceServer(input: unknown): ParsedResourceServer {
  // Without its input an issue does not tell what is missing from what is of another type.
  const parsed = Description.safeParse(input, { reportInput: true })
  if (parsed.success) return { ok: true, server: parsed.data }
  return { ok: false, faults: parsed.error.issues.flatMap(faultsOf) }
}

function faultsOf(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i ? '.' : ''}${String(step)}`))
  const at = path.join('')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${at}${at && '.'}${key}: there is no such member`)
  if (issue.code === 'invalid_type' && issue.input === undefined) return [`${at || 'description'}: is missing`]
  return [`${at || 'description'}: ${issue.message}`]
}

function isIdentifier(value: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(value) || !URL.canParse(value) || value.includes('#')) return false
  const { protocol, hostname, username, password } = new URL(value)
  if (username !== '' || password !== '') return false
  if (protocol === 'http:') return hostname === 'localhost' || hostname === '127.0.0.1'
  return protocol === 'https:' || protocol === 'urn:'
}

/** Whether a text shows what it is: no control characters, none that change the direction or hide (UTS 55). */
export function isShowable(value: string): boolean {
  return value.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/u.test(value)
}

export function titleIn(titled: Titled, locale: Locale): string {
  return (locale === 'en' && titled['title#en']) || titled.title
}

export function nameIn(server: ResourceServer, locale: Locale): string {
  return (locale === 'en' && server['name#en']) || server.name
}
