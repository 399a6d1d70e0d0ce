import { createHmac } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { ClashNotice } from '#src/accounts/clash-notice.ts'
import { identifierOf, isValid } from '#src/accounts/documents/kinds.ts'
import type { ClaimedKind } from '#src/accounts/identity/claims.ts'
import type { RecordChange } from '#src/accounts/identity/record-change.ts'
import type { IdentityRecords } from '#src/accounts/identity/records.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Registries } from '#src/registries/registries.ts'
import type { DataKeys, Keyring } from '#src/store/keyring.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { Clashed, confirm } from './confirmation.ts'
import { askAnew, type Claim, claimDue, type Due, dropPayload, putOff } from './due.ts'
import { requestConfirmed, requestDelayed, requestRefused } from './events.ts'
import { questionsOf } from './questions.ts'
import { ask, type Outcome, outcomeOf } from './reconciliation.ts'
import { openStates, type Proposal } from './request.ts'
import { groupedNumber } from './request-number.ts'
import { endOpenRequests, endRequest, lockRequest, readProposal } from './request-store.ts'
import { isCore, type Target, targetOf } from './target.ts'

/** At one time in one process: a registry that hangs holds the others up for seconds at most. */
const BATCH = 10
/** Whoever waited longer than that has left the page. */
const PATIENCE_MS = 60_000

export interface CheckingDeps {
  readonly store: Store
  readonly accounts: Pick<Accounts, 'read'>
  readonly records: Pick<IdentityRecords, 'change'>
  readonly registries: Registries
  readonly keyring: Pick<Keyring, 'key'>
  readonly dataKeys: Pick<DataKeys, 'of'>
  readonly ownerNotices: Pick<OwnerNotices, 'ownerOf' | 'tell'>
  readonly clashNotice: ClashNotice<ClaimedKind>
  readonly journal: Pick<Journal, 'record'>
  readonly clock: Clock
  readonly log: Pick<Logger, 'error'>
}

export interface Checking {
  /** Goes on with all that is due; any number of processes may do so at once. */
  workDue(): Promise<void>
  /** Goes on with this one, where it is due. */
  work(which: { readonly oid: AccountId; readonly id: string }): Promise<void>
}

/** Asks the registries, outside any transaction, and carries out what they say, in one. */
export function makeChecking(deps: CheckingDeps): Checking {
  const { store, accounts, records, registries, keyring, dataKeys, ownerNotices, clashNotice, journal, clock, log } =
    deps

  /** One question of one request has one reference, whichever process puts it and however often. */
  const referenceIn = (id: string) => (question: object) => {
    const digest = createHmac('sha256', keyring.key('requests'))
      .update(`${id}\0${JSON.stringify(question)}`)
      .digest()
    // RFC 9562, section 5.8: a uuid of one's own making.
    digest[6] = (digest[6]! & 0x0f) | 0x80
    digest[8] = (digest[8]! & 0x3f) | 0x80
    return digest.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  }

  async function goOn(due: Due): Promise<void> {
    if (due.state === 'refused') return dropPayload(store.db, due)
    const { oid, id, kind } = due
    const proposal = (await readProposal(store.db, await dataKeys.of(oid), due)) ?? {}
    const account = await accounts.read(oid)
    if (account.state === 'closed') return withdraw(due)
    const target = targetOf(account, kind, proposal, clock.now())
    const questions = questionsOf(kind, target, referenceIn(id))
    const outcome = withEnds(outcomeOf(await ask(registries, questions)), target)
    try {
      await settle(due, proposal, target, outcome)
    } catch (fault) {
      if (!(fault instanceof Clashed)) throw fault
      const { what } = fault
      const value = what === 'snils' ? proposal.snils! : identifierOf(proposal.document!)
      const tellHolder = await clashNotice.prepare(what, value)
      await settle(due, proposal, target, { kind: 'refused', reasons: [`${what}.taken`] }, tellHolder)
    }
  }

  /** Opened while the account was being closed: nobody is asked about who has left. */
  async function withdraw({ oid, id, origin }: Due): Promise<void> {
    const owner = await ownerNotices.ownerOf(oid)
    const reason = { cause: 'owner', actor: 'owner', origin, request: id }
    await store.tx((tx) => records.change(tx, owner, reason, () => endOpenRequests(tx, oid, clock.now())))
  }

  /** A document that has ended proves nothing, whatever a registry says of it. */
  function withEnds(outcome: Outcome, { documents, person }: Target): Outcome {
    const ended = documents.some((document) => !isValid(document, person, clock.now()))
    return ended && outcome.kind === 'confirmed' ? { kind: 'refused', reasons: ['document.expired'] } : outcome
  }

  async function settle(
    due: Due,
    proposal: Proposal,
    target: Target,
    outcome: Outcome,
    further: (tx: Tx) => Promise<void> = async () => {},
  ): Promise<void> {
    const { oid, id, kind, origin } = due
    const owner = await ownerNotices.ownerOf(oid)
    const fields = { account: oid, request: id, kind }
    const reason = { cause: 'reconciled', actor: 'registry', origin, request: id }
    await store.tx((tx) =>
      records.change(tx, owner, reason, async (record) => {
        const now = clock.now()
        const request = await lockRequest(tx, due)
        // Withdrawn meanwhile, or settled by another process.
        if (request?.state !== 'checking') return
        if (outcome.kind === 'unavailable') {
          const { retryAfterSeconds, registries } = outcome
          const first = await putOff(tx, due, { tries: request.tries, retryAfterSeconds, now })
          if (first) await journal.record(tx, requestDelayed({ ...fields, registries: registries.join(' ') }))
          return
        }
        // What was confirmed is what was asked, and not what the record says by now.
        if (!isDeepStrictEqual(targetOf(record.account, kind, proposal, now), target)) return askAnew(tx, due, now)
        if (outcome.kind === 'confirmed') {
          await confirm(record, { kind, proposal, target, inn: outcome.inn })
          await endRequest(tx, due, 'confirmed', { at: now })
          await journal.record(tx, requestConfirmed(fields))
        } else {
          const { reasons } = outcome
          await endRequest(tx, due, 'refused', { reasons, at: now })
          await journal.record(tx, requestRefused({ ...fields, reasons: reasons.join(' ') }))
          await further(tx)
        }
        await setCoreChange(tx, record, due, outcome.kind)
        const values = { number: groupedNumber(String(request.number)) }
        if (outcome.kind === 'confirmed' && isChangeOf(record, kind))
          return ownerNotices.tell(tx, owner, { kind: 'identity_changed', values, reportable: origin })
        if (now.getTime() - request.created_at.getTime() <= PATIENCE_MS) return
        await ownerNotices.tell(tx, owner, { kind: `request_${outcome.kind}`, values })
      }),
    )
  }

  /** A confirmation has compared the whole core: only what is still open suspends then. What differs does, as long as there is a level to suspend. */
  async function setCoreChange(tx: Tx, record: RecordChange, { oid, id, kind }: Due, outcome: 'confirmed' | 'refused') {
    if (!isCore(kind)) return
    if (outcome === 'confirmed') return record.setCoreChange(await hasOpenCoreChange(tx, { oid, id }))
    if (record.account.identity.level !== 'simplified') await record.setCoreChange(true)
  }

  async function tried(due: Due): Promise<void> {
    try {
      await goOn(due)
    } catch (err) {
      // It is due again when its lease ends, and does not stand in the way of others.
      log.error({ err, request: due.id, kind: due.kind }, 'request not checked, will be tried again')
    }
  }

  async function workAll(which: Claim): Promise<void> {
    for (;;) {
      const due = await claimDue(store.db, clock.now(), 'checked', which)
      if (due.length === 0) return
      await Promise.all(due.map(tried))
    }
  }

  return {
    workDue: () => workAll({ limit: BATCH }),
    work: (only) => workAll({ limit: 1, only }),
  }
}

/**
 * Whether somebody who was known before is another person by name, birth date, SNILS or document now: told at once, as whoever did it may not
 * be the owner, and the level is mostly back before it is told.
 */
const isChangeOf = ({ account }: RecordChange, kind: string) =>
  isCore(kind) && kind !== 'recheck' && account.identity.level !== 'simplified'

/** Whether another change of core data waits for its check. */
async function hasOpenCoreChange(tx: Tx, { oid, id }: { oid: AccountId; id: string }): Promise<boolean> {
  const open = await tx
    .selectFrom('requests')
    .select('kind')
    .where('oid', '=', oid)
    .where('id', '<>', id)
    .where('state', 'in', openStates)
    .execute()
  return open.some(({ kind }) => isCore(kind) && kind !== 'recheck')
}
