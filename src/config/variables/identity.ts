import * as parse from '../parsers.ts'
import { optional, settled } from '../variable.ts'

/** What counts as proof of who somebody is. */
export const identityVariables = {
  FOREIGN_DOCUMENTS: settled({
    meaning:
      'Whether a foreign passport or residence permit stands for the SNILS of who has none: with `off` such a person stays at the simplified level.',
    default: 'off',
    example: 'on',
    parser: parse.oneOf('off', 'on'),
  }),
  IDENTITY_TRUST_FRAMEWORK: optional({
    meaning: 'Under what name `verified_claims` tells relying parties the rules by which identity is proven here.',
    otherwise: '`ISSUER` followed by `/identifiers/trust_framework`, so that nobody else has the same',
    example: 'ru_example',
    parser: parse.text(200),
  }),
  IDENTITY_VERIFIERS: optional({
    meaning:
      "Legal entities that `verified_claims` names as having checked something, by the verifier's code or its beginning up to a dot (the operator's guide lists them): `code=name`, separated by semicolons.",
    otherwise: '`BRAND_NAME_RU` for what is checked here, the code of anybody else',
    example: 'registry=Государственные реестры; registry.snils=Социальный фонд России; letter=Почта России',
    parser: parse.namesByCode,
  }),
}
