import type { Account } from '#src/accounts/account.ts'
import type { DelayedChanges } from '#src/accounts/delayed-changes.ts'
import { provenAddressOf } from '#src/accounts/identity/proven-data.ts'
import type { IdentityRecords } from '#src/accounts/identity/records.ts'
import { agreementsOf, contactChanges, evidenceOf, inParts, messagesTo } from '#src/accounts/leaving/held.ts'
import type { Sessions } from '#src/accounts/sessions.ts'
import type { Settings } from '#src/accounts/settings.ts'
import type { Consents } from '#src/consents/consents.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Authenticators } from '#src/login/authenticators.ts'
import type { Devices } from '#src/login/devices.ts'
import type { Drafts, Requests } from '#src/proofing/proofing.ts'
import type { DataKeys } from '#src/store/keyring.ts'
import type { Store } from '#src/store/store.ts'

/** How the document is made up; grows when a member goes or means something else (docs/export.md). */
export const EXPORT_VERSION = 1

/** So many rows are in memory at once. */
const PART = 200

/** A part of the document: one thing, or many, which come one by one. */
export type Section = readonly [name: string, content: object | AsyncIterable<object>]

export interface AccountExportDeps {
  readonly records: Pick<IdentityRecords, 'historyOf'>
  readonly settings: Pick<Settings, 'of'>
  readonly requests: Pick<Requests, 'list' | 'proposalOf'>
  readonly drafts: Pick<Drafts, 'read'>
  readonly consents: Pick<Consents, 'of'>
  readonly sessions: Pick<Sessions, 'list'>
  readonly devices: Pick<Devices, 'list'>
  readonly authenticators: Pick<Authenticators, 'list'>
  readonly delayedChanges: Pick<DelayedChanges, 'waiting'>
  readonly journal: Pick<Journal, 'read'>
  readonly dataKeys: Pick<DataKeys, 'of'>
  readonly store: Pick<Store, 'db'>
}

/** Everything about the owner of an account, in sections, without secrets: members in camel case, times as `Date`. */
export async function* exportOf(account: Account, deps: AccountExportDeps): AsyncGenerator<Section> {
  const { oid, person, documents } = account
  const { records, settings, requests, consents, sessions, devices, authenticators, delayedChanges, journal } = deps
  const { db } = deps.store
  const key = await deps.dataKeys.of(oid)

  yield ['account', summaryOf(account)]
  yield ['person', person]
  yield ['contacts', { phone: account.phone, email: account.email }]
  yield ['documents', one(documents.map(({ document, recordedAt }) => ({ ...document, recordedAt })))]
  const proven = provenAddressOf(account)
  yield [
    'addresses',
    one(account.addresses.map(({ address, recordedAt }) => ({ ...address, recordedAt, proven: address === proven }))),
  ]
  yield ['evidence', one(await evidenceOf(db, key, oid))]
  yield ['settings', await settings.of(oid)]
  yield ['agreements', one(await agreementsOf(db, oid))]
  yield ['consents', one((await consents.of(oid)).map(({ oid: _oid, ...consent }) => consent))]
  yield ['authenticators', one((await authenticators.list(oid)).map(withoutSecrets))]
  yield ['sessions', one((await sessions.list(oid)).map(({ ref: _ref, ...session }) => session))]
  yield ['devices', one((await devices.list(oid)).map(({ ref: _ref, origin: _origin, ...device }) => device))]
  yield [
    'waiting_changes',
    one((await delayedChanges.waiting(oid)).map(({ kind, requestedAt, dueAt }) => ({ kind, requestedAt, dueAt }))),
  ]
  yield [
    'requests',
    inParts(async (before) =>
      Promise.all(
        (await requests.list(oid, { limit: PART, ...(before !== undefined && { before }) })).map(
          async ({ id, oid: _oid, ...request }) => {
            const isLetter = request.kind === 'letter'
            return { seq: id, ...request, proposal: isLetter ? undefined : await requests.proposalOf(oid, id) }
          },
        ),
      ),
    ),
  ]
  yield ['drafts', one(await draftsOf(oid, deps))]
  yield ['contact_history', inParts((after) => contactChanges(db, key, oid, { limit: PART, after }))]
  yield [
    'profile_history',
    inParts(async (beforeSeq) =>
      (await records.historyOf(oid, { limit: PART, ...(beforeSeq !== undefined && { beforeSeq }) })).map(
        ({ origin: _origin, request: _request, ...change }) => change,
      ),
    ),
  ]
  yield ['messages', inParts((after) => messagesTo(db, oid, { limit: PART, after }))]
  yield [
    'journal',
    inParts(async (beforeSeq) =>
      (await journal.read(oid, { limit: PART, ...(beforeSeq !== undefined && { beforeSeq }) })).map(
        ({ seq, at, type, fields }) => ({ seq, at, type, fields }),
      ),
    ),
  ]
}

/** What was typed and not sent yet. */
async function draftsOf(oid: AccountId, { store, drafts }: Pick<AccountExportDeps, 'store' | 'drafts'>) {
  const rows = await store.db
    .selectFrom('proofing_drafts')
    .select(['kind', 'changed_at'])
    .where('oid', '=', oid)
    .execute()
  return Promise.all(
    rows.map(async ({ kind, changed_at }) => ({ kind, changedAt: changed_at, answers: await drafts.read(oid, kind) })),
  )
}

function summaryOf({ oid, state, stateReason, stateAt, realm, registeredAt, identity }: Account) {
  return { number: oid, state, stateReason, stateAt, realm, registeredAt, identityLevel: identity.level }
}

/** Neither what opens the account, nor by which names we look it up. */
function withoutSecrets({ kind, name, detail, addedAt, usedAt }: Awaited<ReturnType<Authenticators['list']>>[number]) {
  return { kind, name, detail, addedAt, usedAt }
}

async function* one(rows: readonly object[]): AsyncGenerator<object> {
  yield* rows
}
