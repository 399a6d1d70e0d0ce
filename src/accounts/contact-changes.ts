import { z } from 'zod'
import type { Journal } from '#src/journal/journal.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Tx } from '#src/store/store.ts'
import type { ContactCause, ContactChange, ContactKind, ContactStore, RecordedChange } from './contact-store.ts'
import type { ApplyChange, DelayedChanges } from './delayed-changes.ts'
import { contactChanged } from './events.ts'
import { maskEmail } from './fields/email.ts'
import { maskPhone } from './fields/phone.ts'
import type { Owner, OwnerNotice, OwnerNotices } from './owner-notices.ts'

/** The kind of delayed change that a contact waits as. */
export const CONTACT_CHANGE = 'contact.change'

export interface WantedContact {
  readonly kind: ContactKind
  /** Proven by a code; undefined: the contact is to go. */
  readonly value: string | undefined
  /** As in `Enrolling.origin`. */
  readonly origin: string
  /** With less proof than `aal2`, or than the account has (R-A8): it waits for 72 hours. */
  readonly weak: boolean
}

export type ContactOutcome =
  | { readonly kind: 'changed' }
  | { readonly kind: 'waits'; readonly dueAt: Date }
  /** Another account has it. */
  | { readonly kind: 'clash' }
  /** Another change of a contact waits already. */
  | { readonly kind: 'busy' }
  /** The account would be left without a phone and an e-mail. */
  | { readonly kind: 'last' }
  /** There is nothing to change. */
  | { readonly kind: 'same' }

/** What the owner of an account does with its contacts, and what others do who pretend to be the owner. */
export interface ContactChanges {
  /**
   * Changes a contact at once or after 72 hours; tells the owner on the old contacts and on the new one.
   * @param owner read before the transaction
   */
  change(tx: Tx, owner: Owner, wanted: WantedContact): Promise<ContactOutcome>
  readonly apply: ApplyChange
  /**
   * Brings back what the contacts were before these sign-ins or sessions changed them; what was changed again elsewhere stays. A contact
   * that another account has by now cannot come back: then the account has none of the kind.
   * @returns how many contacts changed
   */
  undo(tx: Tx, oid: AccountId, origins: readonly string[]): Promise<number>
}

const Payload = z.object({
  contact: z.enum(['phone', 'email']),
  before: z.string().optional(),
  value: z.string().optional(),
})

export function makeContactChanges(deps: {
  contacts: ContactStore
  delayedChanges: Pick<DelayedChanges, 'schedule' | 'waiting'>
  ownerNotices: Pick<OwnerNotices, 'tell'>
  journal: Pick<Journal, 'record'>
}): ContactChanges {
  const { contacts, delayedChanges, ownerNotices, journal } = deps

  interface Done {
    readonly change: ContactChange
    readonly cause: ContactCause
    readonly origin: string
  }

  function noticeOf({ change: { kind, before, after }, origin }: Done): OwnerNotice {
    const what = after === undefined ? 'removed' : before === undefined ? 'added' : 'changed'
    const values = { contact: masked(kind, after ?? before ?? '') }
    return { kind: `contact_${kind}_${what}`, values, reportable: origin }
  }

  async function tellNew(tx: Tx, owner: Owner, { kind, after }: ContactChange, notice: OwnerNotice): Promise<void> {
    if (after === undefined) return
    const { phone: _phone, email: _email, ...account } = owner.account
    await ownerNotices.tell(tx, { ...owner, account: { ...account, [kind]: after } }, notice)
  }

  async function carryOut(tx: Tx, owner: Owner, done: Done): Promise<boolean> {
    const { oid } = owner.account
    const { change, cause, origin } = done
    if (!(await contacts.change(tx, oid, change, { cause, origin }))) return false
    const how = change.after === undefined ? 'removed' : change.before === undefined ? 'added' : 'replaced'
    await journal.record(tx, contactChanged({ account: oid, contact: change.kind, how, cause, origin }))
    return true
  }

  async function restore(
    tx: Tx,
    oid: AccountId,
    kind: ContactKind,
    now: string | undefined,
    changes: RecordedChange[],
  ) {
    // Back from the newest for as long as one led to the next: between them the owner may have put in another.
    let before = now
    for (const change of changes.reverse()) {
      if (change.after !== before) break
      before = change.before
    }
    if (before === now) return false
    const reason = { cause: 'undone', origin: '' } as const
    const restored = await contacts.change(tx, oid, { kind, before: now, after: before }, reason)
    // What is not the owner's goes in any case.
    if (!restored) await contacts.change(tx, oid, { kind, before: now, after: undefined }, reason)
    const how = restored && before !== undefined ? 'restored' : 'removed'
    await journal.record(tx, contactChanged({ account: oid, contact: kind, how, ...reason }))
    return true
  }

  return {
    async change(tx, owner, { kind, value, origin, weak }) {
      const { oid } = owner.account
      const now = await contacts.lock(tx, oid)
      const before = now[kind]
      if (before === value) return { kind: 'same' }
      if (value === undefined && Object.keys(now).length < 2) return { kind: 'last' }
      if (weak) {
        const waiting = await delayedChanges.waiting(oid, tx)
        if (waiting.some((other) => other.kind === CONTACT_CHANGE)) return { kind: 'busy' }
        const payload: z.infer<typeof Payload> = {
          contact: kind,
          ...(before !== undefined && { before }),
          ...(value !== undefined && { value }),
        }
        const about = {
          key: `change.contact.${kind}_${value === undefined ? 'removed' : 'new'}`,
          values: { contact: masked(kind, value ?? before ?? '') },
        }
        const { dueAt } = await delayedChanges.schedule(tx, owner, { kind: CONTACT_CHANGE, payload, origin, about })
        return { kind: 'waits', dueAt }
      }
      const done: Done = { change: { kind, before, after: value }, cause: 'owner', origin }
      if (!(await carryOut(tx, owner, done))) return { kind: 'clash' }
      const notice = noticeOf(done)
      await ownerNotices.tell(tx, owner, notice)
      await tellNew(tx, owner, done.change, notice)
      return { kind: 'changed' }
    },
    async apply(tx, owner, payload, origin) {
      const { contact: kind, before, value: after } = Payload.parse(payload)
      const now = await contacts.lock(tx, owner.account.oid)
      const left = after === undefined && Object.keys(now).length < 2
      if (now[kind] !== before || left) return false
      const done: Done = { change: { kind, before, after }, cause: 'delayed', origin }
      if (!(await carryOut(tx, owner, done))) return false
      // On the old contacts it is told that the change was made.
      await tellNew(tx, owner, done.change, noticeOf(done))
      return true
    },
    async undo(tx, oid, origins) {
      const now = await contacts.lock(tx, oid)
      const changes = await contacts.changesFrom(tx, oid, origins)
      let undone = 0
      for (const kind of ['phone', 'email'] as const) {
        const ofKind = changes.filter((change) => change.kind === kind)
        if (ofKind.length > 0 && (await restore(tx, oid, kind, now[kind], ofKind))) undone += 1
      }
      await contacts.markUndone(tx, oid, changes)
      return undone
    },
  }
}

function masked(kind: ContactKind, value: string): string {
  return kind === 'phone' ? maskPhone(value) : maskEmail(value)
}
