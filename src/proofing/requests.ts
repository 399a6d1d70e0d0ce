import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { provenAddressOf } from '#src/accounts/identity/proven-data.ts'
import type { RecordChange } from '#src/accounts/identity/record-change.ts'
import type { IdentityRecords } from '#src/accounts/identity/records.ts'
import type { Owner, OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Journal } from '#src/journal/journal.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { DataKeys, Keyring } from '#src/store/keyring.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { Checking } from './checking.ts'
import { requestOpened, requestRecalled, requestWithdrawn } from './events.ts'
import type { Requests } from './proofing.ts'
import type { CheckedKind, ProofingRequest, Proposal } from './request.ts'
import { groupedNumber } from './request-number.ts'
import {
  endRequest,
  findOpen,
  findRequest,
  insertRequest,
  listRequests,
  lockRequest,
  readProposal,
  requestsFrom,
} from './request-store.ts'
import { isCore, saysTheSame } from './target.ts'
import { countTry, triedBy } from './tries.ts'
import { undoOf } from './undo.ts'

/** Registries answer in a second as a rule; so long a citizen is told to wait at most. */
const DUE_SECONDS = 5 * 86_400
const LOOK_MS = 100
const MOST_CHANGES = 100
const SEQ = /^\d{1,18}$/

/** Why a request was taken back by somebody else than who opened it. */
const NOT_ME = 'session.not_me'

/** A second look is ours: taken back, it would be begun anew, and cost the registries what costs nobody a try. */
const isWithdrawable = ({ kind, state }: { kind: string; state: string }) =>
  kind !== 'recheck' && ['checking', 'waiting', 'refused'].includes(state)

/** @param deps `wake`: goes on with a request that was just opened, where this process does such work */
export function makeRequests(deps: {
  store: Store
  records: Pick<IdentityRecords, 'change' | 'historyOf'>
  keyring: Pick<Keyring, 'key'>
  dataKeys: Pick<DataKeys, 'of'>
  ownerNotices: Pick<OwnerNotices, 'tell'>
  checking: Pick<Checking, 'workDue'>
  wake: (request: Pick<ProofingRequest, 'oid' | 'id'>) => void
  journal: Pick<Journal, 'record'>
  clock: Clock
}): Requests {
  const { store, records, keyring, dataKeys, checking, wake, journal, clock } = deps

  /** In the transaction that has the record locked. @returns undefined when one of the kind is open */
  async function insert(
    tx: Tx,
    { account: { oid } }: Owner,
    asked: { id: string; kind: CheckedKind; proposal: Proposal; origin: string },
  ): Promise<string | undefined> {
    const { id, kind, proposal: payload, origin } = asked
    const now = clock.now()
    const keys = { key: await dataKeys.of(oid, tx), numbersKey: keyring.key('requests') }
    const times = { createdAt: now, dueAt: addSeconds(now, DUE_SECONDS), tryAt: now }
    const number = await insertRequest(tx, keys, { oid, id, kind, state: 'checking', origin, ...times, payload })
    if (number !== undefined) await journal.record(tx, requestOpened({ account: oid, request: id, kind, origin }))
    return number
  }

  function isSame({ account }: Owner, kind: CheckedKind, proposal: Proposal): boolean {
    if (kind === 'recheck') return false
    const { level, lacks, reconciled } = account.identity
    if (isCore(kind) && (level === 'simplified' || lacks.includes('core_change'))) return false
    if (proposal.inn !== undefined && !reconciled.has('inn')) return false
    const proven = provenAddressOf(account)
    const addresses = account.addresses.map(({ address }) => address)
    return saysTheSame(
      account,
      proposal,
      addresses.filter((address) => address === proven || address.kind === 'actual'),
    )
  }

  /** What was asked for hangs over the record until its present values are confirmed again. */
  async function lookAgain(
    tx: Tx,
    owner: Owner,
    { account }: RecordChange,
    { kind, ...recheck }: { kind: string; id: string; origin: string },
  ): Promise<void> {
    if (isCore(kind) && account.identity.lacks.includes('core_change'))
      await insert(tx, owner, { ...recheck, kind: 'recheck', proposal: {} })
  }

  const requests: Requests = {
    async open(owner, { kind, proposal, origin }) {
      const { oid, person } = owner.account
      const open = await findOpen(store.db, oid, kind)
      if (open) return { ok: false, why: 'open', request: open }
      if (isSame(owner, kind, proposal)) return { ok: false, why: 'same' }
      // Counted and committed before anything is stored or asked: neither a crash nor a parallel try is free.
      const snils = proposal.snils ?? (isCore(kind) ? person.snils : undefined)
      const keys = triedBy(keyring.key('requests'), { oid, kind, snils })
      const retryAt = await countTry(store.db, keys, clock.now())
      if (retryAt) return { ok: false, why: 'too_many', retryAt }
      const id = randomUUID()
      const reason = { cause: 'owner', actor: 'owner', origin, request: id }
      const other = await store.tx((tx) =>
        records.change(tx, owner, reason, async (record) => {
          // What was opened meanwhile is still open here: whoever settles it waits for the record.
          if ((await insert(tx, owner, { id, kind, proposal, origin })) === undefined) return findOpen(tx, oid, kind)
          const suspends = isCore(kind) && kind !== 'recheck' && record.account.identity.level !== 'simplified'
          if (suspends) await record.setCoreChange(true)
          return undefined
        }),
      )
      if (other) return { ok: false, why: 'open', request: other }
      wake({ oid, id })
      return { ok: true, request: (await findRequest(store.db, { oid, id }))! }
    },
    find: (oid, id) => findRequest(store.db, { oid, id }),
    list: (oid, page) => listRequests(store.db, oid, page),
    proposalOf: async (oid, id) => readProposal(store.db, await dataKeys.of(oid), { oid, id }),
    async withdraw(owner, id) {
      const { oid } = owner.account
      const recheck = randomUUID()
      const reason = { cause: 'owner', actor: 'owner', origin: '', request: id }
      const withdrawn = await store.tx((tx) =>
        records.change(tx, owner, reason, async (record) => {
          const request = await lockRequest(tx, { oid, id })
          if (!request || !isWithdrawable(request)) return false
          const { kind, origin } = request
          await endRequest(tx, { oid, id }, 'withdrawn', { at: clock.now() })
          await journal.record(tx, requestWithdrawn({ account: oid, request: id, kind }))
          await lookAgain(tx, owner, record, { kind, id: recheck, origin })
          return true
        }),
      )
      if (withdrawn) wake({ oid, id: recheck })
      return withdrawn
    },
    async recall(tx, owner, origins) {
      const { oid } = owner.account
      const reason = { cause: 'owner', actor: 'owner', origin: '' }
      const found = await requestsFrom(tx, oid, origins)
      if (found.length === 0) return 0
      return records.change(tx, owner, reason, async (record) => {
        let recalled = 0
        for (const id of found) {
          const request = await lockRequest(tx, { oid, id })
          if (!request || !isWithdrawable(request)) continue
          const { kind, number } = request
          await endRequest(tx, { oid, id }, 'withdrawn', { reasons: [NOT_ME], at: clock.now() })
          await journal.record(tx, requestRecalled({ account: oid, request: id, kind }))
          await deps.ownerNotices.tell(tx, owner, {
            kind: 'request_recalled',
            values: { number: groupedNumber(String(number)) },
          })
          await lookAgain(tx, owner, record, { kind, id: randomUUID(), origin: '' })
          recalled++
        }
        return recalled
      })
    },
    async undo(owner, seq, origin) {
      const { oid } = owner.account
      if (!SEQ.test(seq)) return 'gone'
      const [change] = await records.historyOf(oid, { limit: 1, beforeSeq: String(BigInt(seq) + 1n) })
      if (change?.seq !== String(BigInt(seq))) return 'gone'
      const { request } = change
      const changes = request ? await records.historyOf(oid, { limit: MOST_CHANGES, request }) : [change]
      const undoing = undoOf(changes)
      return undoing ? requests.open(owner, { ...undoing, origin }) : 'gone'
    },
    async settled(oid, id, withinMs) {
      // Of how long somebody waits, not of what the clock says: tests stop that one.
      const until = performance.now() + withinMs
      for (;;) {
        const request = await findRequest(store.db, { oid, id })
        const isKnown = request?.state !== 'checking' || request.retryAt !== undefined
        if (isKnown || performance.now() >= until) return request
        await pause(LOOK_MS)
      }
    },
    workDue: () => checking.workDue(),
  }
  return requests
}
