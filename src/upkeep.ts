import type { Logger } from 'pino'
import type { DelayedChanges } from '#src/accounts/delayed-changes.ts'
import type { Detachments } from '#src/accounts/detachments.ts'
import type { LevelEnds } from '#src/accounts/identity/level-ends.ts'
import type { LevelNotices } from '#src/accounts/identity/level-notices.ts'
import type { ClosingAccounts } from '#src/accounts/leaving/closing.ts'
import type { Erasure } from '#src/accounts/leaving/erasure.ts'
import type { Incidents } from '#src/cabinet/incidents.ts'
import type { PasswordChanging } from '#src/factors/password/changing.ts'
import { dropExpired, ensurePartitions } from '#src/journal/partitions.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { SigningKeys } from '#src/oidc/keys/signing-keys.ts'
import type { Providers } from '#src/oidc/providers.ts'
import type { Store } from '#src/store/store.ts'
import { sweep } from '#src/store/sweep.ts'

const SWEEP_MS = 60_000
const PARTITIONS_MS = 86_400_000
/** For what waits three days, three minutes are at once. */
const DUE_MS = 3 * 60_000
/** What was under way in a reported session is over by a minute, and is looked for shortly after. */
const SETTLE_MS = 15_000
const KEYS_MS = 60_000
/** Whoever has just reached a level may be waiting for it. */
const LEVELS_MS = 10_000
/** Twelve times in the minute within which every process has to know what changed. */
const RENEW_MS = 5_000
/** What a former password opened ends within seconds, even if the process that took the new one died. */
const ENDINGS_MS = 4_000
const MONTHS_AHEAD = 3

/**
 * What has to be done now and then: expired rows go in small batches, months of the journal are made ahead and dropped when they are over, recycled phone numbers
 * leave their former accounts, changes that nobody objected to are made, owners hear of levels that have changed or end, closed accounts are erased, sign-ins that were not the owner's are looked at once more, signing keys take turns.
 */
export async function startUpkeep(deps: {
  store: Store
  detachments: Pick<Detachments, 'detachDue'>
  delayedChanges: Pick<DelayedChanges, 'applyDue'>
  levelEnds: Pick<LevelEnds, 'tellDue'>
  levelNotices: Pick<LevelNotices, 'tellDue'>
  closing: Pick<ClosingAccounts, 'endDue' | 'warnDue'>
  erasure: Pick<Erasure, 'eraseDue'>
  passwordChanging: Pick<PasswordChanging, 'finish'>
  incidents: Pick<Incidents, 'settle'>
  signingKeys: Pick<SigningKeys, 'advance'>
  providers: Pick<Providers, 'renew'>
  clock: Clock
  log: Logger
  retentionDays: number
}) {
  const { store, detachments, delayedChanges, levelEnds, passwordChanging, incidents, signingKeys } = deps
  const { closing, erasure, providers, clock, log, retentionDays } = deps
  const partitions = async () => {
    await ensurePartitions(store.db, clock.now(), { retentionDays, months: MONTHS_AHEAD })
    await dropExpired(store.db, clock.now())
  }
  const quietly = (what: string, task: () => Promise<unknown>) => () =>
    void task().catch((err: unknown) => log.error({ err }, `${what} failed`))
  await partitions()
  const timers = [
    setInterval(
      quietly('sweep', () => sweep(store, clock.now())),
      SWEEP_MS,
    ),
    setInterval(quietly('detachments', detachments.detachDue), DUE_MS),
    setInterval(quietly('delayed changes', delayedChanges.applyDue), DUE_MS),
    setInterval(quietly('ends of levels', levelEnds.tellDue), DUE_MS),
    setInterval(quietly('changed levels', deps.levelNotices.tellDue), LEVELS_MS),
    setInterval(quietly('warnings of erasure', closing.warnDue), DUE_MS),
    setInterval(quietly('erasure', erasure.eraseDue), DUE_MS),
    setInterval(quietly('ends of sessions', passwordChanging.finish), ENDINGS_MS),
    setInterval(quietly('ends of closed accounts', closing.endDue), ENDINGS_MS),
    setInterval(quietly('reported sign-ins', incidents.settle), SETTLE_MS),
    setInterval(quietly('signing keys', signingKeys.advance), KEYS_MS),
    setInterval(quietly('renewal of the provider', providers.renew), RENEW_MS),
    setInterval(quietly('journal partitions', partitions), PARTITIONS_MS),
  ]
  for (const timer of timers) timer.unref()
  return { stop: () => timers.forEach(clearInterval) }
}
