import type { Journal } from '#src/journal/journal.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Tx } from '#src/store/store.ts'
import { levelChanged } from './events.ts'
import type { Identity } from './level.ts'
import type { LevelNotices } from './level-notices.ts'

/** Journals that the level is another one, and has its owner told; does nothing where it is the same. */
export type LevelTold = (tx: Tx, oid: AccountId, before: Identity, after: Identity, cause: string) => Promise<void>

export function makeLevelTold(deps: {
  journal: Pick<Journal, 'record'>
  levelNotices: Pick<LevelNotices, 'remember'>
}): LevelTold {
  return async (tx, oid, before, after, cause) => {
    if (before.level === after.level) return
    const evidence = after.carriedBy.map(({ id }) => id).join(' ')
    const lacks = after.lacks.join(' ')
    const change = { account: oid, before: before.level, after: after.level, cause, evidence, lacks }
    await deps.journal.record(tx, levelChanged(change))
    await deps.levelNotices.remember(tx, oid, before.level)
  }
}
