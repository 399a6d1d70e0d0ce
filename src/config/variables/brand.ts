import * as parse from '../parsers.ts'
import { optional, settled } from '../variable.ts'

/** How the pages look. */
export const brandVariables = {
  BRAND_NAME_RU: settled({
    meaning: 'Name of the service on Russian pages and in messages.',
    default: 'Пропуск',
    example: 'Единый вход',
    parser: parse.text(60),
  }),
  BRAND_NAME_EN: settled({
    meaning: 'Name of the service on English pages and in messages.',
    default: 'Propusk',
    example: 'One sign-in',
    parser: parse.text(60),
  }),
  BRAND_HEADER_COLOUR: settled({
    meaning: 'Ground of the header; contrast with white at least 4.5:1.',
    default: '#12395b',
    example: '#4a148c',
    parser: parse.colourAgainstWhite,
  }),
  BRAND_LINK_COLOUR: settled({
    meaning: 'Links; contrast with white at least 4.5:1.',
    default: '#0b5c8a',
    example: '#6a1b9a',
    parser: parse.colourAgainstWhite,
  }),
  BRAND_BUTTON_COLOUR: settled({
    meaning: 'Main button; contrast with white at least 4.5:1.',
    default: '#0f6f5c',
    example: '#6a1b9a',
    parser: parse.colourAgainstWhite,
  }),
  BRAND_FOCUS_COLOUR: settled({
    meaning: 'Ground of what has the focus; contrast with black at least 4.5:1.',
    default: '#ffce45',
    example: '#ffdd00',
    parser: parse.colourUnderBlack,
  }),
  BRAND_MARK_FILE: optional({
    meaning: 'SVG file shown in the header in place of our mark, drawn for a dark ground.',
    otherwise: "Propusk's mark",
    example: '/etc/propusk/mark.svg',
    parser: parse.svgFile,
  }),
}
