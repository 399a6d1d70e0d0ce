// What is kept of an identity document: bare digits and letters, dates in ISO 8601, texts as printed. Left-out members are absent.

export interface PassportRf {
  readonly kind: 'passport_rf'
  /** 4 digits. */
  readonly series: string
  /** 6 digits. */
  readonly number: string
  readonly issuedOn: string
  readonly issuer: string
  /** 6 digits. */
  readonly departmentCode: string
  readonly birthPlace: string
}

/** Stands for the Russian passport while that is made. */
export interface TemporaryCertificate {
  readonly kind: 'temporary_certificate'
  readonly number: string
  readonly issuedOn: string
  readonly validUntil: string
  readonly issuer: string
}

/** The passport of a citizen of another country. */
export interface ForeignPassport {
  readonly kind: 'foreign_passport'
  /** ISO 3166-1 alpha-3. */
  readonly country: string
  readonly number: string
  readonly issuedOn: string
  readonly validUntil: string
  /** In Latin letters, as is the given name. */
  readonly familyName: string
  readonly givenName: string
}

export interface ResidencePermit {
  readonly kind: 'residence_permit'
  readonly series?: string
  readonly number: string
  readonly issuedOn: string
  /** Absent where it is unlimited. */
  readonly validUntil?: string
  readonly issuer: string
  /** ISO 3166-1 alpha-3, or `XXA`. */
  readonly citizenship: string
}

export type IdentityDocument = PassportRf | TemporaryCertificate | ForeignPassport | ResidencePermit
export type DocumentKindName = IdentityDocument['kind']

/** What the rules of documents ask about the person. */
export interface Holder {
  /** ISO 8601 date. */
  readonly birthDate: string
}
