import type { AccountId } from '#src/kernel/ids.ts'
import type { Realm } from '#src/kernel/realms.ts'
import type { WrappedKey } from '#src/store/keyring.ts'
import { defineRead } from '#src/store/reads.ts'
import { open, type Place } from '#src/store/seal.ts'
import { contactPlace } from './contact-store.ts'
import type { IdentityDocument } from './documents/document.ts'
import type { AddressKind } from './fields/address.ts'
import { addressLine, addressPlace, type RecordedAddress } from './identity/addresses.ts'
import { digestOf } from './identity/digests.ts'
import type { EvidenceKind, IdentityEvidence } from './identity/evidence.ts'
import { type Identity, identityOf } from './identity/level.ts'
import { type Person, standsForSnils } from './person.ts'

export type AccountState = 'pending' | 'active' | 'blocked' | 'closed'

/** An account as its owner knows it. Phones are E.164, e-mail addresses in lower case. */
export interface Account {
  readonly oid: AccountId
  readonly state: AccountState
  /** Why it is in its state, in the words of whoever put it there. */
  readonly stateReason?: string
  readonly stateAt?: Date
  readonly realm: Realm
  readonly registeredAt: Date
  /** When all its sessions were ended last, and the sign-ins under way with them. */
  readonly signInsEndedAt?: Date
  /** Since when an operator doubts that it is this person's; a later proof of identity counts all the same. */
  readonly suspectedAt?: Date
  readonly person: Person
  readonly phone?: string
  readonly email?: string
  /** Identity documents in force, all of them checked; the newest first. */
  readonly documents: readonly RecordedDocument[]
  /** The registered one first. */
  readonly addresses: readonly RecordedAddress[]
  /** How well it is proven who this is, by the evidence on record at the first look. */
  readonly identity: Identity
}

export interface RecordedDocument {
  readonly id: string
  readonly document: IdentityDocument
  /** As evidence that covers it has it. */
  readonly digest: string
  readonly recordedAt: Date
}

/** Under what name a request keeps the account that it has read. */
export const accountName = (oid: AccountId) => `account:${oid}`

/** Where the reason of its state stands sealed. */
export const stateReasonPlace = (oid: AccountId): Place => ({ table: 'accounts', column: 'state_reason', key: oid })

export const personPlace = (oid: AccountId): Place => ({ table: 'persons', column: 'core', key: oid })

export const documentPlace = (oid: AccountId, id: string): Place => ({
  table: 'identity_documents',
  column: 'core',
  key: `${oid}:${id}`,
})

/** What `readAccount` answers. */
export interface AccountRow extends WrappedKey {
  readonly state: AccountState
  readonly state_reason: Uint8Array | null
  readonly state_at: Date | null
  readonly realm: Realm
  readonly registered_at: Date
  readonly sign_ins_ended_at: Date | null
  readonly core: Uint8Array
  readonly phone: Uint8Array | null
  readonly email: Uint8Array | null
  readonly chosen: string | null
  readonly identity_suspended_at: Date | null
  readonly suspected_at: Date | null
  readonly core_change_at: Date | null
  /** JSON: `[id, core as base64, recorded]` of each. */
  readonly documents: string | null
  /** JSON: `[kind, value as base64, recorded]` of each. */
  readonly addresses: string | null
  /** JSON: `[id, kind, covers, verifier, at, until]` of each. */
  readonly evidence: string | null
}

export const readAccount = defineRead<AccountRow>({
  name: 'accounts',
  parameters: { oid: 'int' },
  sql: `select a.state, a.state_reason, a.state_at, a.realm, a.registered_at, a.sign_ins_ended_at, p.core, d.kek_id, d.wrapped,
      a.identity_suspended_at, a.suspected_at, a.core_change_at,
      (select value from contacts where oid = a.oid and kind = 'phone') as phone,
      (select value from contacts where oid = a.oid and kind = 'email') as email,
      (select chosen from account_settings where oid = a.oid) as chosen,
      (select json_agg(json_build_array(id, encode(core, 'base64'), recorded_at) order by recorded_at desc)::text
        from identity_documents where oid = a.oid and ended_at is null) as documents,
      (select json_agg(json_build_array(kind, encode(value, 'base64'), recorded_at) order by kind desc)::text
        from addresses where oid = a.oid) as addresses,
      (select json_agg(json_build_array(id, kind, covers, verifier, at, until) order by at)::text
        from identity_evidence where oid = a.oid) as evidence
    from accounts a join persons p on p.oid = a.oid join data_keys d on d.oid = a.oid
    where a.oid = key.oid`,
})

/**
 * Most requests ask for no more than the state: what is sealed is opened, and the level computed, when somebody looks at it.
 * @param key the account's data key
 * @param policy a document from abroad stands for the SNILS of who has none (R-A3)
 */
export function accountOf(
  oid: AccountId,
  row: AccountRow,
  { key, policy, now }: { key: Buffer; policy: { readonly foreignDocuments: boolean }; now: () => Date },
): Account {
  const account = {
    oid,
    state: row.state,
    ...(row.state_at && { stateAt: row.state_at }),
    realm: row.realm,
    registeredAt: row.registered_at,
    ...(row.sign_ins_ended_at && { signInsEndedAt: row.sign_ins_ended_at }),
    ...(row.suspected_at && { suspectedAt: row.suspected_at }),
  } as Account
  const text = (place: Place, sealed: Uint8Array) => open(key, place, sealed).toString('utf8')
  lazily(account, 'person', () => JSON.parse(text(personPlace(oid), row.core)))
  const { state_reason: reason } = row
  if (reason) lazily(account, 'stateReason', () => text(stateReasonPlace(oid), reason))
  for (const kind of ['phone', 'email'] as const) {
    const sealed = row[kind]
    if (sealed) lazily(account, kind, () => text(contactPlace(oid, kind), sealed))
  }
  lazily(account, 'documents', () =>
    documentRows(row.documents).map(([id, core, recordedAt]) => {
      const document: IdentityDocument = JSON.parse(text(documentPlace(oid, id), Buffer.from(core, 'base64')))
      return { id, document, digest: digestOf(key, 'document', document), recordedAt: new Date(recordedAt) }
    }),
  )
  lazily(account, 'addresses', () =>
    addressRows(row.addresses).map(([kind, value, recordedAt]) => ({
      address: JSON.parse(text(addressPlace(oid, kind), Buffer.from(value, 'base64'))),
      recordedAt: new Date(recordedAt),
    })),
  )
  lazily(account, 'identity', () => {
    const { person, documents, addresses } = account
    const registered = addresses.find(({ address }) => address.kind === 'registered')?.address
    return identityOf({
      current: {
        person: digestOf(key, 'person', person),
        snils: person.snils === undefined ? undefined : digestOf(key, 'snils', person.snils),
        inn: person.inn === undefined ? undefined : digestOf(key, 'inn', person.inn),
        address: registered && digestOf(key, 'address', addressLine(registered)),
        documents: documents.map(({ digest }) => digest),
      },
      evidence: evidenceOf(row.evidence),
      suspendedAt: laterOf(row.identity_suspended_at, row.suspected_at),
      coreChangeAt: row.core_change_at ?? undefined,
      withoutSnils: documents.flatMap(({ document, digest }) =>
        policy.foreignDocuments && standsForSnils(document) ? [digest] : [],
      ),
      now: now(),
    })
  })
  return account
}

const laterOf = (a: Date | null, b: Date | null) => (a && b ? (a > b ? a : b) : (a ?? b ?? undefined))

type DocumentRow = [id: string, core: string, recordedAt: string]
const documentRows = (json: string | null): DocumentRow[] => (json === null ? [] : JSON.parse(json))

type AddressRow = [kind: AddressKind, value: string, recordedAt: string]
const addressRows = (json: string | null): AddressRow[] => (json === null ? [] : JSON.parse(json))

function evidenceOf(json: string | null): IdentityEvidence[] {
  type EvidenceRow = [string, kind: EvidenceKind, covers: string, verifier: string, at: string, until: string | null]
  const rows: EvidenceRow[] = json === null ? [] : JSON.parse(json)
  return rows.map(([id, kind, covers, verifier, at, until]) => ({
    id,
    kind,
    covers: JSON.parse(covers),
    verifier,
    at: new Date(at),
    until: until === null ? undefined : new Date(until),
  }))
}

/** A member that is made when it is first looked at. */
function lazily(target: object, name: keyof Account, make: () => unknown): void {
  const settings = { enumerable: true, configurable: true }
  const get = () => {
    const value = make()
    Object.defineProperty(target, name, { ...settings, value })
    return value
  }
  Object.defineProperty(target, name, { ...settings, get })
}
