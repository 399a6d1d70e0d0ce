import { formatDate, maskDate } from '../fields/date.ts'
import { maskText, parseIssuer } from '../fields/text.ts'
import { parseIssuedOn, parseValidUntil } from './dates.ts'
import type { FieldRule } from './kind.ts'

/** Of what needs no other form for reading. */
export function asItIs(value: string): string {
  return value
}

export const issuedOn: FieldRule = { control: 'date', parse: parseIssuedOn, format: formatDate, mask: maskDate }
export const validUntil: FieldRule = { control: 'date', parse: parseValidUntil, format: formatDate, mask: formatDate }
export const issuer: FieldRule = { control: 'text', parse: parseIssuer, format: asItIs, mask: maskText }
