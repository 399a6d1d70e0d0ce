import type { RelyingParty } from '../clients.ts'
import type { MetadataFault } from './faults.ts'
import type { MetadataField } from './metadata.ts'

/**
 * What whoever registers a client by an initial access token may choose beyond what is harmless: a field with any value, or with values
 * out of a list. Fields that are not reserved need no mention.
 */
export type Allowance = Readonly<Partial<Record<MetadataField, true | readonly string[]>>>

/** An empty list asks for nothing; the provider's answers have some. */
const anything = (value: unknown) => !Array.isArray(value) || value.length > 0

/**
 * What concerns others than the client itself, and which of its values: what citizens read as ours, whose data it reaches, what weakens
 * the protection of their accounts.
 */
const reserved: Partial<Record<MetadataField, (value: unknown) => boolean>> = {
  purpose: anything,
  'purpose#en': anything,
  acr_policy: (value) => value !== 'required',
  pkce: (value) => value !== 'required',
  resource_indicators: anything,
  exchange_audiences: anything,
  authorization_details_types: anything,
}

/** What an initial access token allows in these fields unless it says otherwise. */
const usualAllowance = {
  scope: ['openid', 'profile', 'email', 'phone', 'offline_access'],
  grant_types: ['authorization_code', 'refresh_token'],
} as const satisfies Allowance

/** Fields that a client may raise by itself and never lower: pairwise subjects keep the account's number from it. */
const steps = {
  minimum_acr: [undefined, 'aal1', 'aal2', 'aal3'],
  minimum_identity_level: [undefined, 'simplified', 'standard', 'verified'],
  fapi_profile: [undefined, 'security', 'message_signing'],
  subject_type: [undefined, 'public', 'pairwise'],
} as const satisfies Partial<Record<MetadataField, readonly unknown[]>>

/** Switches that harden a client: on for good, whoever turned them on, as far as the client itself is concerned. */
const hardening = [
  'require_pushed_authorization_requests',
  'require_signed_request_object',
  'dpop_bound_access_tokens',
  'tls_client_certificate_bound_access_tokens',
] as const satisfies readonly MetadataField[]

/**
 * How citizens are shown it. Whoever invited it looked at these as they were registered, so they change only with permission for
 * `client_name`, which stands for all of them; a list holds the names that there may be, from the registration on.
 */
const shown = ['client_name', 'client_name#en', 'logo_uri'] as const satisfies readonly MetadataField[]

/** Fields that an initial access token can be made to allow. */
export const allowable = [
  ...Object.keys(reserved),
  ...Object.keys(usualAllowance),
  'client_name',
] as readonly MetadataField[]

const NOT_COVERED = 'is not covered by the initial access token; leave it out or ask the operator'

type Asked = Readonly<Partial<Record<MetadataField, unknown>>>

/**
 * Completes what was asked for: protected fields that are not named keep the value in force, so that leaving out what an operator has set
 * does not undo it, and a scope is always registered.
 */
export function keeping(asked: Asked, allowance: Allowance, before: RelyingParty | undefined): Asked {
  const inForce = before as Asked | undefined
  const on = hardening.filter((field) => inForce?.[field] === true)
  const kept = [...Object.keys(reserved), ...Object.keys(steps), ...shown, ...on] as MetadataField[]
  const scope = before?.scope ?? valuesOf(allowance, 'scope')?.join(' ')
  return {
    ...(scope !== undefined && { scope }),
    ...Object.fromEntries(kept.flatMap((field) => (inForce?.[field] === undefined ? [] : [[field, inForce[field]]]))),
    ...Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)),
  }
}

/** What is asked for beyond the allowance and beyond what is in force already. */
export function beyondAllowance(asked: Asked, allowance: Allowance, before: RelyingParty | undefined): MetadataFault[] {
  const inForce = (field: MetadataField) => (before as Asked | undefined)?.[field]
  const faults: MetadataFault[] = []
  for (const [field, concerns] of Object.entries(reserved) as [MetadataField, (value: unknown) => boolean][]) {
    const value = asked[field]
    if (value === undefined || !concerns(value) || same(value, inForce(field))) continue
    if (allowance[field] === undefined) faults.push({ field, remedy: NOT_COVERED })
    else faults.push(...uncovered(field, wordsOf(value), allowance, wordsOf(inForce(field))))
  }
  for (const field of ['scope', 'grant_types'] as const)
    faults.push(...uncovered(field, wordsOf(asked[field]), allowance, wordsOf(inForce(field))))
  for (const [field, order] of Object.entries(steps) as [MetadataField, readonly unknown[]][]) {
    if (order.indexOf(asked[field]) < order.indexOf(inForce(field)))
      faults.push({ field, remedy: `must not be less than ${inForce(field)}, which is in force` })
  }
  for (const field of hardening)
    if (inForce(field) === true && asked[field] !== true)
      faults.push({ field, remedy: 'must stay true, which is in force; ask the operator' })
  for (const field of shown) {
    const value = trimmed(asked[field])
    if (value === undefined || same(value, inForce(field)) || showable(field, value, allowance, before)) continue
    faults.push({ field, remedy: NOT_COVERED })
  }
  return faults
}

/** Whether citizens may be shown it so, where they are not yet. */
function showable(
  field: (typeof shown)[number],
  value: unknown,
  { client_name: allowed }: Allowance,
  before: RelyingParty | undefined,
): boolean {
  if (allowed === true) return true
  if (allowed === undefined || field === 'logo_uri') return before === undefined
  return allowed.some((name) => name === value)
}

/** Names are stored without space around them; whoever sends one again as it was sent first has not changed it. */
const trimmed = (value: unknown) => (typeof value === 'string' ? value.trim() : value)

function uncovered(
  field: MetadataField,
  words: readonly string[],
  allowance: Allowance,
  held: readonly string[],
): MetadataFault[] {
  const values = valuesOf(allowance, field)
  if (values === undefined) return []
  const extra = words.filter((word) => !values.includes(word) && !held.includes(word))
  return extra.length === 0
    ? []
    : [{ field, remedy: `holds what the initial access token does not cover: ${extra.join(', ')}` }]
}

/** @returns undefined where any value will do */
function valuesOf(allowance: Allowance, field: MetadataField): readonly string[] | undefined {
  const allowed = allowance[field] ?? (usualAllowance as Allowance)[field]
  return allowed === true ? undefined : allowed
}

function wordsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.split(' ')
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
