import type { ApplyChange } from '#src/accounts/delayed-changes.ts'
import type { Owner, OwnerNotices } from '#src/accounts/owner-notices.ts'
import type {
  Answer,
  Authenticator,
  Enrolled,
  Enrolling,
  Enrolment,
  Evidence,
  Factor,
  PageModel,
  Undone,
} from '#src/factors/factor.ts'
import type { Factors } from '#src/factors/registry.ts'
import type { Journal, JournalEvent } from '#src/journal/journal.ts'
import { AppError, type DefinedError } from '#src/kernel/errors.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { AuthLevel } from '#src/kernel/levels.ts'
import type { TranslateTo } from '#src/notifications/text.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { reached } from './assurance.ts'
import { lastUses, noteUse } from './authenticator-uses.ts'
import { authenticatorErrors } from './errors.ts'
import {
  authenticatorAdded,
  authenticatorRefused,
  authenticatorRemoved,
  authenticatorRenamed,
  authenticatorsUndone,
} from './events.ts'

const NAME_CHARACTERS = 60

export interface ListedAuthenticator extends Authenticator {
  readonly usedAt?: Date
  readonly renamable: boolean
  readonly removable: boolean
}

/** A kind that the owner may add one of now. */
export interface AddableKind {
  readonly kind: string
  /** What is there already gives way to what is added. */
  readonly replaces: boolean
}

/** Where a change was made, for the journal. */
export interface Place {
  readonly address: string
  readonly device: string
}

/** The account that is changed, and in which session or sign-in. */
export type Keeper = Pick<Enrolling, 'oid' | 'origin'>

/** One authenticator of an account. */
export interface Chosen {
  readonly kind: string
  readonly id: string
}

/**
 * Everything that opens an account: what there is, adding and removing. Pages of the cabinet and enrolment inside a sign-in share it; both
 * have made sure before that the sign-in is strong enough.
 */
export interface Authenticators {
  list(oid: AccountId): Promise<ListedAuthenticator[]>
  addable(oid: AccountId): Promise<AddableKind[]>
  /** Names of the inputs of the form that adds one. @throws AppError `authenticator.unknown_kind` */
  fields(kind: string): readonly string[]
  /** A factor was passed; travels in the request's unit of work. */
  used(oid: AccountId, evidence: Evidence): Promise<void>
  /** @throws AppError `authenticator.unknown_kind`, `authenticator.too_many` */
  begin(person: Enrolling, kind: string): Promise<PageModel>
  /** Refusals: those of the kind, `authenticator.name_too_long`. @throws as `begin` does */
  confirm(person: Enrolling, kind: string, answer: Answer, place: Place): Promise<Enrolled>
  /** @throws AppError `authenticator.unknown` for what is not this account's, `authenticator.name_missing`, `authenticator.name_too_long` */
  rename(keeper: Keeper, chosen: Chosen, name: string, place: Place): Promise<void>
  /** @throws AppError `authenticator.unknown`, and `authenticator.last` for the last thing that opens the account */
  remove(keeper: Keeper, chosen: Chosen, place: Place): Promise<void>
  /** The account's own authenticator, or a refusal that is journalled. @throws AppError `authenticator.unknown` */
  find(keeper: Keeper, chosen: Chosen, place: Place): Promise<ListedAuthenticator>
  /** Removes one that was lost, when the time to object has run out; the payload is `Chosen`. */
  readonly removeLost: ApplyChange
  /** Takes back what was added and removed in these sessions or sign-ins. @returns how many authenticators changed */
  undo(tx: Tx, oid: AccountId, origins: readonly string[], what?: Undone): Promise<number>
}

export interface AuthenticatorsDeps {
  readonly store: Store
  readonly factors: Factors
  readonly journal: Pick<Journal, 'record' | 'note'>
  readonly ownerNotices: OwnerNotices
  readonly translate: TranslateTo
}

type Editable = Factor & { readonly enrolment: Enrolment }

export function makeAuthenticators(deps: AuthenticatorsDeps): Authenticators {
  const { store, journal, ownerNotices, translate } = deps
  const factors: Readonly<Record<string, Factor>> = deps.factors

  async function list(oid: AccountId): Promise<ListedAuthenticator[]> {
    const [uses, lists] = await Promise.all([
      lastUses(store, oid),
      Promise.all(Object.values(factors).map((factor) => factor.authenticators(oid))),
    ])
    return lists.flat().map((one) => {
      const usedAt = uses.find(({ kind, authenticator }) => kind === one.kind && authenticator === one.id)?.used_at
      const { rename, remove } = factors[one.kind]?.enrolment ?? {}
      return { ...one, ...(usedAt && { usedAt }), renamable: rename !== undefined, removable: remove !== undefined }
    })
  }

  async function addable(oid: AccountId): Promise<AddableKind[]> {
    const kinds = await Promise.all(
      Object.values(factors).map(async ({ kind, enrolment, authenticators }) => {
        if (!enrolment) return []
        const replaces = enrolment.replaces === true
        return replaces || (await authenticators(oid)).length < enrolment.most ? [{ kind, replaces }] : []
      }),
    )
    return kinds.flat()
  }

  function editable(kind: string): Editable {
    const factor = Object.hasOwn(factors, kind) ? factors[kind] : undefined
    if (!isEditable(factor)) throw new AppError(authenticatorErrors.unknown_kind)
    return factor
  }

  async function enrolmentOf({ oid }: Enrolling, kind: string): Promise<Enrolment> {
    const factor = editable(kind)
    const { enrolment } = factor
    if (!enrolment.replaces && (await factor.authenticators(oid)).length >= enrolment.most)
      throw new AppError(authenticatorErrors.too_many, { most: enrolment.most })
    return enrolment
  }

  /** In the transaction of the change. */
  async function changed(tx: Tx, owner: Owner, what: 'added' | 'removed', event: JournalEvent): Promise<void> {
    await journal.record(tx, event)
    const values = { what: translate(owner.settings.locale)(`factor.${event.fields.kind}`) }
    const reportable = String(event.fields.origin)
    await ownerNotices.tell(tx, owner, { kind: `authenticator_${what}`, values, reportable })
  }

  const eventOf = ({ oid, origin }: Keeper, { kind, id }: Chosen, { address, device }: Place) => ({
    account: oid,
    kind,
    authenticator: id,
    origin,
    address,
    device,
  })

  async function refuse(keeper: Keeper, chosen: Chosen, place: Place, error: DefinedError): Promise<never> {
    await journal.note(authenticatorRefused({ ...eventOf(keeper, chosen, place), code: error.code }))
    throw new AppError(error)
  }

  async function find(keeper: Keeper, chosen: Chosen, place: Place): Promise<ListedAuthenticator> {
    const all = await list(keeper.oid)
    const found = all.find((one) => isSame(one, chosen))
    return found ?? refuse(keeper, chosen, place, authenticatorErrors.unknown)
  }

  return {
    list,
    addable,
    find,
    fields: (kind) => editable(kind).enrolment.fields,
    used: (oid, evidence) => noteUse(store, oid, evidence),
    begin: async (person, kind) => (await enrolmentOf(person, kind)).begin(person),
    async confirm(person, kind, answer, place) {
      const enrolment = await enrolmentOf(person, kind)
      const name = nameOf(answer.name)
      if (name.length > NAME_CHARACTERS) return { ok: false, error: authenticatorErrors.name_too_long }
      const owner = await ownerNotices.ownerOf(person.oid)
      let recorded = false
      const enrolled = await enrolment.confirm(person, { ...answer, name }, async (tx, { id }) => {
        await changed(tx, owner, 'added', authenticatorAdded(eventOf(person, { kind, id }, place)))
        recorded = true
      })
      if (enrolled.ok && !recorded) throw new Error(`${kind} was enrolled without a word in the journal`)
      return enrolled
    },
    async rename(keeper, chosen, typed, place) {
      const name = nameOf(typed)
      if (name === '') throw new AppError(authenticatorErrors.name_missing)
      if (name.length > NAME_CHARACTERS) throw new AppError(authenticatorErrors.name_too_long)
      const { rename } = factors[(await find(keeper, chosen, place)).kind]!.enrolment ?? {}
      const renamed =
        rename !== undefined &&
        (await store.tx(async (tx) => {
          if (!(await rename(tx, keeper.oid, chosen.id, name))) return false
          await journal.record(tx, authenticatorRenamed(eventOf(keeper, chosen, place)))
          return true
        }))
      if (!renamed) await refuse(keeper, chosen, place, authenticatorErrors.unknown)
    },
    async remove(keeper, chosen, place) {
      const { oid, origin } = keeper
      const { kind, id } = await find(keeper, chosen, place)
      const others = (await list(oid)).filter((other) => !isSame(other, chosen))
      if (!others.some((other) => factors[other.kind]!.opens))
        await refuse(keeper, chosen, place, authenticatorErrors.last)
      const { remove } = factors[kind]!.enrolment ?? {}
      const owner = await ownerNotices.ownerOf(oid)
      const removed =
        remove !== undefined &&
        (await store.tx(async (tx) => {
          if (!(await remove(tx, oid, id, origin))) return false
          await changed(tx, owner, 'removed', authenticatorRemoved(eventOf(keeper, chosen, place)))
          return true
        }))
      if (!removed) await refuse(keeper, chosen, place, authenticatorErrors.unknown)
    },
    async removeLost(tx, { account: { oid } }, payload, origin) {
      const { kind, id } = payload as Chosen
      if (!(await factors[kind]?.enrolment?.remove?.(tx, oid, id, origin))) return false
      const nowhere = { address: '', device: '' }
      await journal.record(tx, authenticatorRemoved(eventOf({ oid, origin }, { kind, id }, nowhere)))
      return true
    },
    async undo(tx, oid, origins, what) {
      if (origins.length === 0) return 0
      let total = 0
      // One after the other: a transaction has one connection.
      for (const { kind, enrolment } of Object.values(factors)) {
        const count = (await enrolment?.undo(tx, oid, origins, what)) ?? 0
        if (count > 0) await journal.record(tx, authenticatorsUndone({ account: oid, kind }))
        total += count
      }
      return total
    },
  }
}

/** The highest level that a sign-in with these can reach, by what still opens the account. @param lost without which */
export function levelOf(all: readonly Authenticator[], lost?: Chosen): AuthLevel {
  const usable = all.filter((one) => one.left !== 0 && one.warning === undefined && !(lost && isSame(one, lost)))
  return reached(usable.map(({ worth }) => worth)) ?? 'aal1'
}

const isSame = (one: Chosen, other: Chosen) => one.kind === other.kind && one.id === other.id

function isEditable(factor: Factor | undefined): factor is Editable {
  return factor?.enrolment !== undefined
}

/** A name on one line; what cannot be seen in it goes. */
function nameOf(typed = ''): string {
  return typed
    .normalize('NFC')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
}
