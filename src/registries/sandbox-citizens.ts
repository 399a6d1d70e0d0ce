import type { Locale } from '#src/kernel/locale.ts'
import type { SandboxCitizen } from './sandbox/citizen.ts'
import { foreigners } from './sandbox/foreigners.ts'
import { legalEntities } from './sandbox/legal-entities.ts'
import { ordinary } from './sandbox/ordinary.ts'
import { refusedDocuments } from './sandbox/refused-documents.ts'
import { refusedNumbers } from './sandbox/refused-numbers.ts'
import { troubles } from './sandbox/troubles.ts'

/** Everybody whom the sandbox's registries know. */
export const sandboxCitizens: readonly SandboxCitizen[] = [
  ...ordinary,
  ...refusedDocuments,
  ...refusedNumbers,
  ...troubles,
  ...foreigners,
]

/** A row of the table that pages and guides show. Dates are ISO 8601, numbers bare digits. */
export interface SandboxRow {
  readonly code: string
  readonly shows: string
  readonly name: string
  readonly birthDate: string
  readonly snils: string | undefined
  readonly inn: string | undefined
  /** Series and number. */
  readonly document: string | undefined
}

/** All that one needs to type, for each citizen. */
export function sandboxTable(locale: Locale): readonly SandboxRow[] {
  return sandboxCitizens.map(({ code, shows, name, birthDate, snils, inn, document }) => ({
    code,
    shows: shows[locale],
    name: [name.familyName, name.givenName, name.patronymic].filter((part) => part !== undefined).join(' '),
    birthDate,
    snils,
    inn,
    document: document && ('series' in document ? `${document.series} ${document.number}` : document.number),
  }))
}

/** The same in Markdown, with the legal entities, for the documentation. */
export function sandboxMarkdown(): string {
  const people = sandboxTable('en').map(
    (row) =>
      `| \`${row.code}\` | ${row.name} | ${row.birthDate} | ${row.snils ?? ''} | ${row.inn ?? ''} | ${row.document ?? ''} | ${row.shows} |`,
  )
  const entities = legalEntities.map(
    ({ code, shortName, ogrn, inn, head, shows }) =>
      `| \`${code}\` | ${shortName} | ${ogrn} | ${inn} | \`${head}\` | ${shows.en} |`,
  )
  return [
    '| Code | Name | Born | SNILS | INN | Document | What it shows |',
    '|---|---|---|---|---|---|---|',
    ...people,
    '',
    '| Code | Name | OGRN | INN | Head | What it shows |',
    '|---|---|---|---|---|---|',
    ...entities,
    '',
  ].join('\n')
}
