import type { Accounts } from '#src/accounts/accounts.ts'
import type { ClashNotice } from '#src/accounts/clash-notice.ts'
import type { ContactChanges, ContactOutcome } from '#src/accounts/contact-changes.ts'
import type { ContactKind } from '#src/accounts/contact-store.ts'
import { contactErrors } from '#src/accounts/errors.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { CodeRequest, Codes } from '#src/factors/code/codes.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { DefinedError, MessageValues } from '#src/kernel/errors.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { DataKeys } from '#src/store/keyring.ts'
import { keyedHash, open, type Place, seal } from '#src/store/seal.ts'
import type { Store, Tx } from '#src/store/store.ts'

/** Who wants another contact, in which session. */
export interface Proposer {
  readonly oid: AccountId
  /** As in `Enrolling.origin`: another session neither sees the new contact nor confirms it. */
  readonly origin: string
  readonly locale: Locale
  readonly network: string
}

/** A new contact whose code is awaited; `clashed`: its code was entered, and another account has it. */
export interface Proposal {
  readonly value: string
  readonly clashed: boolean
}

type Refused = { readonly ok: false; readonly error: DefinedError; readonly values?: MessageValues }

/** New contacts of accounts, which count once the code that was sent to them is entered. */
export interface ContactProposals {
  /** Keeps the contact and sends it a code, whether another account has it or not; the same contact again gets no second code. */
  propose(who: Proposer, kind: ContactKind, value: string): Promise<{ ok: true } | Refused>
  sendAgain(who: Proposer, kind: ContactKind): Promise<{ ok: true } | Refused>
  find(who: Pick<Proposer, 'oid' | 'origin'>, kind: ContactKind): Promise<Proposal | undefined>
  /** When a further code can be sent; undefined: at once. */
  resendAt(who: Pick<Proposer, 'oid' | 'origin'>, kind: ContactKind): Promise<Date | undefined>
  /** Only here, with the code in hand, does it come out whether another account has the contact. */
  confirm(
    who: Proposer,
    kind: ContactKind,
    typed: string,
    weak: boolean,
  ): Promise<{ ok: true; outcome: ContactOutcome } | Refused>
}

const PROPOSAL_SECONDS = 1800

const place = (oid: AccountId, kind: ContactKind, origin: string): Place => ({
  table: 'contact_proposals',
  column: 'value',
  key: `${oid}:${kind}:${origin}`,
})

export interface ContactProposalsDeps {
  readonly store: Store
  readonly dataKeys: Pick<DataKeys, 'of'>
  readonly accounts: Pick<Accounts, 'read' | 'ownerOf'>
  readonly codes: Codes
  readonly changes: Pick<ContactChanges, 'change'>
  readonly clashNotice: ClashNotice
  readonly ownerNotices: Pick<OwnerNotices, 'ownerOf'>
  readonly clock: Clock
}

export function makeContactProposals(deps: ContactProposalsDeps): ContactProposals {
  const { store, dataKeys, accounts, codes, changes, clashNotice, ownerNotices, clock } = deps

  /** The contact is part of the id, so that a code sent to one contact never confirms another. */
  async function codeId({ oid, origin }: Pick<Proposer, 'oid' | 'origin'>, kind: ContactKind, value: string) {
    return `contact:${oid}:${origin}:${kind}:${keyedHash(await dataKeys.of(oid), kind, value)}`
  }

  const codeFor = async (who: Proposer, kind: ContactKind, value: string): Promise<CodeRequest> => ({
    id: await codeId(who, kind, value),
    contact: { kind, value },
    oid: who.oid,
    network: who.network,
    kind: 'contact_code',
    locale: who.locale,
  })

  async function save(tx: Tx, { oid, origin }: Proposer, kind: ContactKind, { value, clashed }: Proposal) {
    const row = {
      origin,
      value: seal(await dataKeys.of(oid, tx), place(oid, kind, origin), value),
      clashed,
      expires_at: addSeconds(clock.now(), PROPOSAL_SECONDS),
    }
    await tx
      .insertInto('contact_proposals')
      .values({ oid, kind, ...row })
      .onConflict((conflict) => conflict.columns(['oid', 'kind']).doUpdateSet(row))
      .execute()
  }

  const proposals: ContactProposals = {
    async propose(who, kind, value) {
      if ((await accounts.read(who.oid))[kind] === value) return { ok: false, error: contactErrors.same }
      const code = await codeFor(who, kind, value)
      const awaited = (await codes.sent(code.id)) !== undefined
      const admitted = awaited ? undefined : await codes.admit(code)
      if (admitted?.ok === false) return admitted
      await store.tx(async (tx) => {
        await save(tx, who, kind, { value, clashed: false })
        if (admitted) await codes.issue(tx, code, admitted)
      })
      return { ok: true }
    },
    async sendAgain(who, kind) {
      const proposal = await proposals.find(who, kind)
      if (!proposal) return { ok: false, error: contactErrors.proposal_gone }
      const sent = await codes.send(await codeFor(who, kind, proposal.value))
      return sent.ok ? { ok: true } : sent
    },
    async find({ oid, origin }, kind) {
      const row = await store.db
        .selectFrom('contact_proposals')
        .select(['value', 'clashed'])
        .where('oid', '=', oid)
        .where('kind', '=', kind)
        .where('origin', '=', origin)
        .where('expires_at', '>', clock.now())
        .executeTakeFirst()
      if (!row) return undefined
      const value = open(await dataKeys.of(oid), place(oid, kind, origin), row.value).toString('utf8')
      return { value, clashed: row.clashed }
    },
    async resendAt(who, kind) {
      const proposal = await proposals.find(who, kind)
      const sentAt = proposal && (await codes.pending(await codeId(who, kind, proposal.value)))
      return sentAt && addSeconds(sentAt, codes.limits.resendSeconds)
    },
    async confirm(who, kind, typed, weak) {
      const { oid } = who
      const proposal = await proposals.find(who, kind)
      if (!proposal) return { ok: false, error: contactErrors.proposal_gone }
      const { value } = proposal
      const id = await codeId(who, kind, value)
      const verdict = await codes.verify(id, typed)
      if (!verdict.ok) return verdict
      // Reads stand before the transaction: inside it only its own handle may be used.
      const holder = await accounts.ownerOf(kind, value)
      const notice = holder === undefined || holder === oid ? undefined : await clashNotice.prepare(kind, value)
      const owner = await ownerNotices.ownerOf(oid)
      return store.tx(async (tx) => {
        const spent = await codes.spend(tx, id, verdict)
        if (!spent.ok) return spent
        const outcome: ContactOutcome = notice
          ? { kind: 'clash' }
          : await changes.change(tx, owner, { kind, value, origin: who.origin, weak })
        await notice?.(tx)
        if (outcome.kind === 'clash') await save(tx, who, kind, { value, clashed: true })
        else await tx.deleteFrom('contact_proposals').where('oid', '=', oid).where('kind', '=', kind).execute()
        return { ok: true, outcome }
      })
    },
  }
  return proposals
}
