import type { Logger } from 'pino'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Journal } from '#src/journal/journal.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { CountryOf } from '#src/kernel/country.ts'
import { type Locale, wordedMoment } from '#src/kernel/locale.ts'
import type { TranslateTo } from '#src/notifications/text.ts'
import { makeRounds } from '#src/store/rounds.ts'
import type { Store } from '#src/store/store.ts'
import type { Throttle } from '#src/throttle/throttle.ts'
import type { DeviceStore, DueNotice, Seen } from './device-store.ts'
import { deviceAppeared } from './events.ts'
import { arrivalNoticeLimit } from './limits.ts'
import { whereFrom } from './where-from.ts'

/** Tells owners of sign-ins from new devices, and of each sign-in where they want that; any number of processes may run it. */
export interface ArrivalNotices {
  start(): void
  /** Looks for sign-ins to tell of shortly; without it they are found within POLL_SECONDS. */
  wake(): void
  stop(): Promise<void>
}

const BATCH = 20
const POLL_SECONDS = 2
const RETRY_SECONDS = 300

export function makeArrivalNotices(deps: {
  store: Store
  deviceStore: Pick<DeviceStore, 'due' | 'take' | 'trim' | 'postpone'>
  ownerNotices: OwnerNotices
  throttle: Throttle
  journal: Journal
  countryOf: CountryOf
  translate: TranslateTo
  clock: Clock
  log: Pick<Logger, 'error'>
}): ArrivalNotices {
  const { store, deviceStore, ownerNotices, throttle, journal, clock, log } = deps

  const worded = ({ device, address }: Seen, at: Date, locale: Locale) => ({
    from: whereFrom({ device, country: deps.countryOf(address) }, deps.translate(locale), locale),
    date: wordedMoment(at, locale),
  })

  async function tell(notice: DueNotice): Promise<void> {
    const { oid, at, isNew } = notice
    const [owner, seen] = await Promise.all([ownerNotices.ownerOf(oid), notice.open()])
    const { address, device, origin } = seen
    await store.tx(async (tx) => {
      if (!(await deviceStore.take(tx, notice))) return
      if (isNew) await deviceStore.trim(tx, oid)
      if (isNew) await journal.record(tx, deviceAppeared({ account: oid, origin, address, device }))
      const gate = await throttle.enter([{ limit: arrivalNoticeLimit, key: String(oid) }], tx)
      if (!gate.open) return
      const values = worded(seen, at, owner.settings.locale)
      await ownerNotices.tell(tx, owner, { kind: isNew ? 'new_device' : 'sign_in', values, reportable: origin })
    })
  }

  async function serve(): Promise<void> {
    try {
      for (let count = BATCH; count === BATCH; ) {
        const due = await deviceStore.due(BATCH)
        count = due.length
        for (const notice of due) {
          try {
            await tell(notice)
          } catch (err) {
            log.error({ err }, 'owner not told of a sign-in')
            // However many fail, the next look-up finds the others.
            await deviceStore.postpone(notice, addSeconds(clock.now(), RETRY_SECONDS))
          }
        }
      }
    } catch (err) {
      log.error({ err }, 'sign-ins to tell of not read')
    }
  }

  return makeRounds(serve, { pollSeconds: POLL_SECONDS })
}
