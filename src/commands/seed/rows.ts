import { randomUUID } from 'node:crypto'
import { documentPlace, personPlace } from '#src/accounts/account.ts'
import { contactIndex, contactPlace } from '#src/accounts/contact-store.ts'
import { identifierOf } from '#src/accounts/documents/kinds.ts'
import { claimIndex } from '#src/accounts/identity/claims.ts'
import { digestsOf, type Proven } from '#src/accounts/identity/digests.ts'
import type { EvidenceKind } from '#src/accounts/identity/evidence.ts'
import { passwordPlace } from '#src/factors/password/passwords.ts'
import { randomBytes } from '#src/kernel/random.ts'
import { endOf } from '#src/proofing/confirmation.ts'
import { dataKeyName, type Keyring } from '#src/store/keyring.ts'
import { seal } from '#src/store/seal.ts'
import type { Rows, Value } from './copy.ts'
import type { MadeUp } from './people.ts'

/** The version of the text that none of them read: by it the command knows its own accounts. */
export const MADE_UP = 'made-up'

/** In the order in which they refer to each other. */
const COLUMNS = {
  accounts: ['oid', 'realm', 'state', 'registered_at'],
  data_keys: ['oid', 'kek_id', 'wrapped'],
  identifiers: ['kind', 'hash', 'oid'],
  persons: ['oid', 'core'],
  contacts: ['oid', 'kind', 'value', 'confirmed_at'],
  agreements: ['oid', 'kind', 'version', 'agreed_at'],
  passwords: ['oid', 'hash', 'set_at'],
  identity_documents: ['oid', 'id', 'kind', 'core', 'recorded_at'],
  identity_evidence: ['oid', 'id', 'kind', 'covers', 'verifier', 'at', 'until'],
  level_ends: ['oid', 'at'],
} as const

export type SeededTable = keyof typeof COLUMNS
export const SEEDED_TABLES = Object.keys(COLUMNS) as SeededTable[]

export interface Account {
  readonly oid: number
  readonly madeUp: MadeUp
}

/**
 * The rows of accounts as registration and reconciliation leave them, without the journal and the history of how it came to that.
 * @param phc the password of all of them, as PHC string
 */
export function rowsOf(keyring: Keyring, phc: string, accounts: readonly Account[]): Rows[] {
  const rows = Object.fromEntries(SEEDED_TABLES.map((table) => [table, [] as Value[][]])) as Record<
    SeededTable,
    Value[][]
  >
  for (const account of accounts) addRows(rows, keyring, phc, account)
  // Neighbours in the index are written next to each other.
  rows.identifiers.sort(([, a], [, b]) => (String(a) < String(b) ? -1 : 1))
  return SEEDED_TABLES.map((table) => ({ table, columns: COLUMNS[table], rows: rows[table] }))
}

function addRows(
  rows: Readonly<Record<SeededTable, Value[][]>>,
  keyring: Keyring,
  phc: string,
  { oid, madeUp: { level, phone, email, person, passport, registeredAt: at } }: Account,
): void {
  const key = randomBytes(32)
  const { kekId, wrapped } = keyring.wrap(dataKeyName(oid), key)
  rows.accounts.push([oid, 'citizen', 'active', at])
  rows.data_keys.push([oid, kekId, wrapped])
  rows.persons.push([oid, seal(key, personPlace(oid), JSON.stringify(person))])
  for (const [kind, value] of Object.entries({ phone, email }) as ['phone' | 'email', string][]) {
    rows.identifiers.push([kind, contactIndex(keyring, kind, value), oid])
    rows.contacts.push([oid, kind, seal(key, contactPlace(oid, kind), value), at])
  }
  rows.agreements.push([oid, 'personal_data', MADE_UP, at])
  // As of now: an old one would be asked to be changed.
  rows.passwords.push([oid, seal(key, passwordPlace(oid), phc), new Date()])
  if (!passport || person.snils === undefined) return

  const blind = keyring.key('blind_index')
  rows.identifiers.push(['snils', claimIndex(blind, 'snils', person.snils), oid])
  rows.identifiers.push(['document', claimIndex(blind, 'document', identifierOf(passport)), oid])
  const document = randomUUID()
  rows.identity_documents.push([
    oid,
    document,
    passport.kind,
    seal(key, documentPlace(oid, document), JSON.stringify(passport)),
    at,
  ])
  const prove = (kind: EvidenceKind, verifier: string, proven: Partial<Proven>, until: Date | null = null) =>
    rows.identity_evidence.push([oid, randomUUID(), kind, JSON.stringify(digestsOf(key, proven)), verifier, at, until])
  const until = endOf(passport, person) ?? null
  prove('registry', 'registry.snils', { person, snils: person.snils })
  prove('registry', 'registry.document', { person, document: passport }, until)
  if (level === 'verified') prove('centre', 'centre.made-up', { person })
  // Nobody is warned of it: there is nobody.
  if (until) rows.level_ends.push([oid, until])
}
