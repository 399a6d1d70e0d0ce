import type { Locale } from '#src/kernel/locale.ts'
import { dateOf } from '../fields/date.ts'
import type { DocumentKindName, Holder, IdentityDocument } from './document.ts'
import { foreignPassport } from './foreign-passport.ts'
import type { DocumentKind, SummaryLine } from './kind.ts'
import { passportRf } from './passport-rf.ts'
import { residencePermit } from './residence-permit.ts'
import { temporaryCertificate } from './temporary-certificate.ts'

/** Every kind of identity document, in the order of the choice on the page. */
export const documentKinds = {
  passport_rf: passportRf,
  temporary_certificate: temporaryCertificate,
  foreign_passport: foreignPassport,
  residence_permit: residencePermit,
} as const satisfies { readonly [K in DocumentKindName]: DocumentKind<Extract<IdentityDocument, { kind: K }>> }

/** The kind of that name, as a form or an address of a page has it. */
export function documentKind(name: string): DocumentKind | undefined {
  return Object.hasOwn(documentKinds, name) ? documentKinds[name as DocumentKindName] : undefined
}

/** The certificate stands for the passport while that is made: whoever has one of them has the other no more. */
const RUSSIAN: readonly DocumentKindName[] = ['passport_rf', 'temporary_certificate']

/** Kinds of which a person has one document at a time, that kind among them. */
export function kindsInPlaceOf(kind: DocumentKindName): readonly DocumentKindName[] {
  return RUSSIAN.includes(kind) ? RUSSIAN : [kind]
}

/** The last day on which a document is valid, ISO 8601; undefined for one without an end. */
export function validUntil(document: IdentityDocument, person: Holder): string | undefined {
  return kindOf(document).validUntil(document, person)
}

/** Whether a document is valid today, as dates go in Moscow; its last day counts. */
export function isValid(document: IdentityDocument, person: Holder, now: Date): boolean {
  const end = validUntil(document, person)
  return end === undefined || end >= dateOf(now)
}

/** Canonical text by which one document is one, whoever enters it. */
export function identifierOf(document: IdentityDocument): string {
  return kindOf(document).identifier(document)
}

/** What a page shows of a document. */
export function summaryOf(document: IdentityDocument, locale: Locale): SummaryLine[] {
  return kindOf(document).summary(document, locale)
}

function kindOf({ kind }: IdentityDocument): DocumentKind {
  return documentKinds[kind]
}
