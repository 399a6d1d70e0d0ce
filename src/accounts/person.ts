import type { IdentityDocument } from './documents/document.ts'

/** What is known of a person beside documents and contacts; names as in the identity document. */
export interface Person {
  readonly familyName: string
  readonly givenName: string
  readonly patronymic?: string
  /** ISO 8601 date. */
  readonly birthDate: string
  readonly gender: 'male' | 'female'
  readonly birthPlace?: string
  /** ISO 3166-1 alpha-3. */
  readonly citizenship?: string
  /** Eleven digits. */
  readonly snils?: string
  /** Twelve digits. */
  readonly inn?: string
}

/** Those of people who may have no SNILS (R-A3). */
export const standsForSnils = ({ kind }: IdentityDocument) => kind === 'foreign_passport' || kind === 'residence_permit'
