import type { Journal } from '#src/journal/journal.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { IdentityLevel } from '#src/kernel/levels.ts'
import type { Tx } from '#src/store/store.ts'
import type { Owner, OwnerNotices } from '../owner-notices.ts'
import { levelChanged } from './events.ts'
import type { Identity } from './level.ts'

/** Journals and tells that the level is another one; does nothing where it is the same. */
export type LevelTold = (tx: Tx, owner: Owner, before: Identity, after: Identity, cause: string) => Promise<void>

export function makeLevelTold(deps: {
  ownerNotices: Pick<OwnerNotices, 'tell'>
  journal: Pick<Journal, 'record'>
  /** Hears in the same transaction of a level that was reached or lost. */
  levelReached: (tx: Tx, oid: AccountId, level: IdentityLevel) => Promise<void>
}): LevelTold {
  return async (tx, owner, before, after, cause) => {
    if (before.level === after.level) return
    const { oid } = owner.account
    const evidence = after.carriedBy.map(({ id }) => id).join(' ')
    const lacks = after.lacks.join(' ')
    const change = { account: oid, before: before.level, after: after.level, cause, evidence, lacks }
    await deps.journal.record(tx, levelChanged(change))
    await deps.ownerNotices.tell(tx, owner, { kind: `level_${after.level}`, values: {} })
    await deps.levelReached(tx, oid, after.level)
  }
}
