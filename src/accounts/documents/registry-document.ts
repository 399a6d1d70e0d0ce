import type { RegistryDocument } from '#src/registries/registries.ts'
import type { IdentityDocument } from './document.ts'

/** Of a document, what a registry is asked about: issuers and places are printed in too many ways to be compared. */
export function registryDocument(document: IdentityDocument): RegistryDocument {
  switch (document.kind) {
    case 'passport_rf': {
      const { kind, series, number, issuedOn, departmentCode } = document
      return { kind, series, number, issuedOn, departmentCode }
    }
    case 'temporary_certificate': {
      const { kind, number, issuedOn, validUntil } = document
      return { kind, number, issuedOn, validUntil }
    }
    case 'foreign_passport': {
      const { kind, country, number, issuedOn, validUntil } = document
      return { kind, country, number, issuedOn, validUntil }
    }
    case 'residence_permit': {
      const { issuer: _, ...asked } = document
      return asked
    }
  }
}
