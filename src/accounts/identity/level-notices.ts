import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { type IdentityLevel, satisfiesIdentity } from '#src/kernel/levels.ts'
import type { Locale, Translate } from '#src/kernel/locale.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { Accounts } from '../accounts.ts'
import type { Owner, OwnerNotice, OwnerNotices } from '../owner-notices.ts'
import { evidenceKinds } from './evidence.ts'
import type { Identity } from './level.ts'

/**
 * So long a level has to last before its owner hears of it: most changes of core data are settled by then, and whoever reads twice within a
 * second that the level is another one does not know what to make of it.
 */
const SETTLE_SECONDS = 20
const BATCH = 100

/** A service at which the person could not go on for want of a level. */
export interface WaitingService {
  readonly id: string
  /** In the language of the owner. */
  readonly name: string
  readonly level: IdentityLevel
  /** Where the person begins there again. */
  readonly link: string | undefined
}

export interface WaitingServices {
  /** Not inside a transaction. */
  of(owner: Owner): Promise<WaitingService[]>
  /** They are told of and wait no longer. @returns those that did until now */
  take(tx: Tx, oid: AccountId, ids: readonly string[]): Promise<string[]>
}

/** What owners hear of their level, once it has settled. */
export interface LevelNotices {
  /** In the transaction in which the level changes. @param before what it was */
  remember(tx: Tx, oid: AccountId, before: IdentityLevel): Promise<void>
  /** Tells of levels that are others than their owners know; any number of processes may do so at once. */
  tellDue(): Promise<void>
}

export function makeLevelNotices(deps: {
  store: Store
  accounts: Pick<Accounts, 'readIn'>
  ownerNotices: Pick<OwnerNotices, 'ownerOf' | 'tell'>
  services: WaitingServices
  translate: (locale: Locale) => Translate
  clock: Clock
  log: { error(fields: object, text: string): void }
}): LevelNotices {
  const { store, accounts, ownerNotices, services, translate, clock, log } = deps

  async function tell(oid: AccountId): Promise<void> {
    const owner = await ownerNotices.ownerOf(oid)
    const waiting = await services.of(owner)
    await store.tx(async (tx) => {
      // In the order in which a change of the record locks: it may be about to put its own row here.
      await tx.selectFrom('accounts').select('oid').where('oid', '=', oid).forUpdate().execute()
      const known = await tx
        .deleteFrom('level_notices')
        .where('oid', '=', oid)
        .where('tell_at', '<=', clock.now())
        .returning(['before', 'at'])
        .executeTakeFirst()
      if (!known) return
      const { identity } = await accounts.readIn(tx, oid)
      if (identity.level === known.before) return
      const open = waiting.filter(({ level }) => satisfiesIdentity(identity.level, level))
      const taken = await services.take(
        tx,
        oid,
        open.map(({ id }) => id),
      )
      const served = open.filter(({ id }) => taken.includes(id))
      const level = translate(owner.settings.locale)(`accounts.level.${identity.level}`)
      const notices = served.map((service) => noticeOfService(service, level))
      if (notices.length === 0) notices.push({ kind: kindOf(identity, known), values: {} })
      for (const notice of notices) await ownerNotices.tell(tx, owner, notice)
    })
  }

  return {
    async remember(tx, oid, before) {
      const at = clock.now()
      await tx
        .insertInto('level_notices')
        .values({ oid, before, at, tell_at: addSeconds(at, SETTLE_SECONDS) })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
    async tellDue() {
      // Whoever has closed the account is left in peace, and hears of it when it is open again.
      const due = await store.db
        .selectFrom('level_notices')
        .innerJoin('accounts', 'accounts.oid', 'level_notices.oid')
        .select('level_notices.oid')
        .where('tell_at', '<=', clock.now())
        .where('state', '<>', 'closed')
        .orderBy('tell_at')
        .limit(BATCH)
        .execute()
      // One that fails is tried again by the next run and does not stand in the way of the others.
      for (const { oid } of due)
        await tell(oid).catch((err: unknown) => log.error({ err }, 'changed identity level not told'))
    },
  }
}

/** One message that names the level and the service. */
function noticeOfService({ name: service, link }: WaitingService, level: string): OwnerNotice {
  return link === undefined
    ? { kind: 'level_awaited', values: { level, service } }
    : { kind: 'level_awaited_link', values: { level, service, link } }
}

/** @param known since when it is another level than the owner knows */
function kindOf({ level, lacks, carriedBy }: Identity, known: { readonly before: IdentityLevel; readonly at: Date }) {
  if (known.before === 'verified' && level === 'standard') {
    if (lacks.includes('core_change')) return 'level_suspended'
    if (lacks.includes('proof_again')) return 'level_unproven'
  }
  const proofs = carriedBy.filter(({ kind }) => evidenceKinds[kind].carries === 'verified')
  // Nothing was proven anew: what had been suspended counts again.
  const isRestored = known.before === 'standard' && level === 'verified' && proofs.every(({ at }) => at < known.at)
  return isRestored ? 'level_restored' : `level_${level}`
}
