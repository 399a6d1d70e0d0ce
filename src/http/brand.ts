import { readFileSync } from 'node:fs'
import type { BrandConfig } from '#src/config/config.ts'
import type { Locale } from '#src/kernel/locale.ts'

/** What an operator may put in place of ours: the name, the mark and four colours. */
export interface Brand {
  readonly name: Readonly<Record<Locale, string>>
  /** CSS colours; each must keep a contrast of 4.5:1 with white. `focus` is a ground for black text. */
  readonly colours: { readonly header: string; readonly link: string; readonly button: string; readonly focus: string }
  /** A whole SVG document, drawn for a dark ground; shown 34 px high. */
  readonly markSvg: string
}

const passWithPerson = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 32">
<rect x="1.5" y="1.5" width="37" height="29" rx="6" fill="none" stroke="#fff" stroke-width="3"/>
<circle cx="13.5" cy="12.5" r="4" fill="#fff"/>
<path d="M6.5 23c0-3.9 3-6 7-6s7 2.1 7 6z" fill="#fff"/>
<path d="M25 11.5h8M25 16.5h8M25 21.5h5" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/>
</svg>
`

/** The brand as configured; the mark is ours unless the operator gave a file. @throws the error of reading that file */
export function brandOf(config: BrandConfig): Brand {
  return {
    name: { ru: config.nameRu, en: config.nameEn },
    colours: {
      header: config.headerColour,
      link: config.linkColour,
      button: config.buttonColour,
      focus: config.focusColour,
    },
    markSvg: config.markFile === undefined ? passWithPerson : readFileSync(config.markFile, 'utf8'),
  }
}

/** The stylesheet that lays a brand's colours over govuk's and our own custom properties. */
export function brandCss({ colours }: Brand): string {
  return `:root {
  --app-header-colour: ${colours.header};
  --app-button-colour: ${colours.button};
  --govuk-brand-colour: ${colours.header};
  --govuk-link-colour: ${colours.link};
  --govuk-link-visited-colour: ${colours.link};
  --govuk-focus-colour: ${colours.focus};
}
`
}

/** The icon of the browser's tab: the mark on the header's colour, as the mark alone is white. */
export function faviconSvg({ colours, markSvg }: Brand): string {
  const image = Buffer.from(markSvg).toString('base64')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" rx="12" fill="${colours.header}"/>
<image x="8" y="8" width="48" height="48" href="data:image/svg+xml;base64,${image}"/>
</svg>
`
}
