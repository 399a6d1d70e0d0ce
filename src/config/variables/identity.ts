import * as parse from '../parsers.ts'
import { settled } from '../variable.ts'

/** What counts as proof of who somebody is. */
export const identityVariables = {
  FOREIGN_DOCUMENTS: settled({
    meaning:
      'Whether a foreign passport or residence permit stands for the SNILS of who has none: with `off` such a person stays at the simplified level.',
    default: 'off',
    example: 'on',
    parser: parse.oneOf('off', 'on'),
  }),
  IDENTITY_TRUST_FRAMEWORK: settled({
    meaning: 'Under what name `verified_claims` tells relying parties the rules by which identity is proven here.',
    default: 'propusk',
    example: 'ru_example',
    parser: parse.text(60),
  }),
}
