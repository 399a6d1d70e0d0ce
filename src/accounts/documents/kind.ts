import type { Locale } from '#src/kernel/locale.ts'
import type { Parsed } from '../fields/parsed.ts'
import { type Problem, problem, readFields } from '../fields/problem.ts'
import { type Script, scriptOf } from '../fields/scripts.ts'
import type { ParseContext } from './dates.ts'
import type { Holder, IdentityDocument } from './document.ts'
import { documentErrors } from './errors.ts'

/** What a page offers to type into. */
type Control = 'digits' | 'text' | 'date' | 'country' | 'citizenship' | 'checkbox'

/** One field of a kind of document. */
export interface FieldRule {
  readonly control: Control
  /** It may be left out; the rule then gives `''`. */
  readonly optional?: true
  parse(input: string): Parsed<string>
  /** As it is customarily written; also what the field is filled with again. */
  format(value: string, locale: Locale): string
  mask(value: string, locale: Locale): string
}

/** Pictures that a reviewer needs. */
type ScanName = 'main_page' | 'registration_page' | 'both_sides'

export interface Scan {
  readonly name: ScanName
  /** Message key. */
  readonly label: string
}

export interface FormField {
  readonly name: string
  readonly control: Control
  readonly optional: boolean
  /** Message key. */
  readonly label: string
}

export interface SummaryLine {
  readonly name: string
  /** Message key. */
  readonly label: string
  readonly text: string
  readonly masked: string
}

type ParsedDocument<D extends IdentityDocument> =
  | { readonly ok: true; readonly document: D }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** All rules of one kind of identity document. */
export interface DocumentKind<D extends IdentityDocument = IdentityDocument> {
  readonly kind: D['kind']
  /** Message key of its name. */
  readonly label: string
  /** In the order of the page. */
  readonly fields: readonly FormField[]
  readonly scans: readonly Scan[]
  /** @returns all problems at once, at most one a field, in the order of the page; that of the field `kind` comes first */
  parse(input: Readonly<Record<string, string>>, context: ParseContext): ParsedDocument<D>
  /** The last day on which it is valid, ISO 8601; undefined for one without an end. */
  validUntil(document: D, person: Holder): string | undefined
  /** Canonical text, the same for each time that one document is entered, and for no other document. */
  identifier(document: D): string
  /** What there is of it, in the order of the page. */
  summary(document: D, locale: Locale): SummaryLine[]
}

/** @typeParam F names of the fields of the form */
interface Description<D extends IdentityDocument, F extends string> {
  readonly kind: D['kind']
  /** That of its holder's names, where it has them in one script only. */
  readonly script?: Script
  readonly fields: Readonly<Record<F, FieldRule>>
  readonly scans: readonly ScanName[]
  /** How the values relate to each other, to the person and to today; those that their own rule refused are absent. */
  relations(values: Readonly<Partial<Record<F, string>>>, context: ParseContext): Problem[]
  toDocument(values: Readonly<Record<F, string>>): D
  validUntil(document: D, person: Holder): string | undefined
  identifier(document: D): string
}

export function makeKind<D extends IdentityDocument, F extends string>(
  description: Description<D, F>,
): DocumentKind<D> {
  const { kind, script, fields, scans, relations, toDocument, validUntil, identifier } = description
  const names = Object.keys(fields) as F[]
  const rules = Object.fromEntries(names.map((name) => [name, fields[name].parse])) as Record<F, FieldRule['parse']>
  const label = (name: F) => `documents.field.${name}`

  return {
    kind,
    label: `documents.kind.${kind}`,
    fields: names.map((name) => {
      const { control, optional = false } = fields[name]
      return { name, control, optional, label: label(name) }
    }),
    scans: scans.map((name) => ({ name, label: `documents.scan.${name}` })),
    parse(input, context) {
      const { values, problems } = readFields(rules, input)
      const otherScript = scriptProblems(script, context.person.familyName)
      const found = [...problems, ...relations(values, context)]
      if (otherScript.length + found.length === 0)
        return { ok: true, document: toDocument(values as Record<F, string>) }
      const first = names.flatMap((name) => found.find(({ field }) => field === name) ?? [])
      return { ok: false, problems: [...otherScript, ...first] }
    },
    validUntil,
    identifier,
    summary(document, locale) {
      const values = new Map<string, string>(Object.entries(document))
      return names.flatMap((name) => {
        const value = values.get(name)
        if (value === undefined) return []
        const { format, mask } = fields[name]
        return { name, label: label(name), text: format(value, locale), masked: mask(value, locale) }
      })
    },
  }
}

function scriptProblems(script: Script | undefined, familyName: string): Problem[] {
  if (script === undefined || scriptOf(familyName) === script) return []
  return [problem('kind', script === 'cyrillic' ? documentErrors.kind_cyrillic : documentErrors.kind_latin)]
}
