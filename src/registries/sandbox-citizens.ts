import type { Locale } from '#src/kernel/locale.ts'
import type { RegistryDocument } from './registries.ts'
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

/** A row of the table that pages and guides show: all that one needs to type. Dates are ISO 8601, numbers bare digits. */
export interface SandboxRow extends Omit<SandboxCitizen, 'name' | 'shows' | 'records'> {
  /** Family name first. */
  readonly name: string
  readonly shows: string
}

export function sandboxTable(locale: Locale): readonly SandboxRow[] {
  return sandboxCitizens.map(({ name, shows, records: _records, ...typed }) => ({
    ...typed,
    name: [name.familyName, name.givenName, name.patronymic].filter((part) => part !== undefined).join(' '),
    shows: shows[locale],
  }))
}

/** The same in Markdown, with the legal entities, for the documentation. */
export function sandboxMarkdown(): string {
  return [
    ...table(
      ['Code', 'What it shows', 'Name', 'Born', 'SNILS', 'INN', 'Document', 'Address'],
      sandboxTable('en').map((row) => [
        `\`${row.code}\``,
        row.shows,
        `${row.name} (${row.gender})`,
        row.birthDate,
        row.snils,
        row.inn,
        row.document && worded(row.document),
        row.address && `${row.address.postcode}, ${row.address.text}`,
      ]),
    ),
    '',
    ...table(
      ['Code', 'What it shows', 'Name', 'OGRN', 'INN', 'Head'],
      legalEntities.map(({ code, shows, shortName, ogrn, inn, head }) => [
        `\`${code}\``,
        shows.en,
        shortName,
        ogrn,
        inn,
        `\`${head}\``,
      ]),
    ),
    '',
  ].join('\n')
}

function table(head: readonly string[], rows: readonly (readonly (string | undefined)[])[]): string[] {
  const line = (cells: readonly (string | undefined)[]) => `| ${cells.map((cell) => cell ?? '').join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)]
}

/** `passport_rf 0005 100001, issuedOn 2005-04-12, departmentCode 000001` */
function worded(document: RegistryDocument): string {
  const { kind, number, ...others } = document
  const { series, ...rest } = { series: undefined, ...others }
  const known = Object.entries(rest).flatMap(([member, value]) => (value === undefined ? [] : `${member} ${value}`))
  return [[kind, series, number].filter((part) => part !== undefined).join(' '), ...known].join(', ')
}
