import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { ContactChanges } from '#src/accounts/contact-changes.ts'
import type { ContactStore } from '#src/accounts/contact-store.ts'
import type { DelayedChanges } from '#src/accounts/delayed-changes.ts'
import type { NotMe, Reportable } from '#src/accounts/not-me.ts'
import type { Owner, OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Sessions } from '#src/accounts/sessions.ts'
import type { Settings } from '#src/accounts/settings.ts'
import type { Passwords } from '#src/factors/password/passwords.ts'
import type { Journal } from '#src/journal/journal.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Authenticators, Place } from '#src/login/authenticators.ts'
import type { Devices } from '#src/login/devices.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { units } from '#src/store/unit.ts'
import { incidentReported, incidentSettled, secondFactorChosen } from './events.ts'

export interface Report extends Reportable {
  /** The link of a notice counts once. */
  readonly by: 'link' | 'cabinet'
  /**
   * Whether what was added and changed there is taken back at once. Not where whoever reports has proven less than the account's own
   * authenticators, or a weak session could remove a strong one as "not mine": then a link goes to the contacts, which does it.
   */
  readonly undoes: boolean
  readonly place: Place
}

/** What follows "this was not me". */
export interface Incidents {
  /**
   * Ends the session with its grants, offline access included, takes back what was done in it, stops what waits, forgets known devices,
   * wants a new password at the next sign-in; journals it and tells the owner.
   * @returns false when the link was used meanwhile
   */
  report(report: Report): Promise<boolean>
  /** Of which sign-ins and sessions the owner has said so. */
  reported(oid: AccountId): Promise<ReadonlySet<string>>
  /** Looks once more at what was reported a minute ago: requests of those sessions were under way. Any number of processes may do so. */
  settle(): Promise<void>
}

export interface IncidentsDeps {
  readonly store: Store
  readonly sessions: Pick<Sessions, 'end' | 'originsOf'>
  readonly authenticators: Pick<Authenticators, 'undo'>
  readonly contacts: Pick<ContactStore, 'lock'>
  readonly contactChanges: Pick<ContactChanges, 'undo'>
  readonly delayedChanges: Pick<DelayedChanges, 'stopFrom'>
  readonly devices: Pick<Devices, 'list' | 'forget' | 'forgetAll'>
  readonly passwords: Pick<Passwords, 'demandChange'>
  readonly notMe: Pick<NotMe, 'linkFor' | 'spend'>
  readonly ownerNotices: OwnerNotices
  readonly settings: Pick<Settings, 'change'>
  readonly journal: Pick<Journal, 'record' | 'read'>
  readonly clock: Clock
  readonly log: Pick<Logger, 'error'>
}

/** No request that has read the session is still under way after that. */
const UNDER_WAY_SECONDS = 60
const BATCH = 50
const CHOICES_SEARCHED = 100

export function makeIncidents(deps: IncidentsDeps): Incidents {
  const { store, sessions, contactChanges, devices, notMe, ownerNotices, journal, clock } = deps

  /** Stored at once, whatever becomes of the request that asks for it. @returns what may have been done in it */
  async function end({ oid, origin }: Reportable): Promise<readonly string[]> {
    const origins = await sessions.originsOf(oid, origin)
    await units.exit(() => sessions.end(oid, origins[0] ?? origin, { offline: 'revoked', reason: 'not_me' }))
    return origins
  }

  /** In the order in which delayed changes lock what they need. @returns how much changed */
  async function undo(tx: Tx, { oid, undoes }: Pick<Report, 'oid' | 'undoes'>, origins: readonly string[]) {
    const stopped = await deps.delayedChanges.stopFrom(tx, oid, origins)
    if (!undoes) return stopped
    const contacts = await contactChanges.undo(tx, oid, origins)
    return stopped + contacts + (await deps.authenticators.undo(tx, oid, origins))
  }

  /** Whether the owner's wish for a second factor was taken away there. */
  async function isLoosened(oid: AccountId, origins: readonly string[]): Promise<boolean> {
    const chosen = await journal.read(oid, { limit: CHOICES_SEARCHED, types: [secondFactorChosen.type] })
    return chosen.some(({ fields }) => fields.value === 'false' && origins.includes(String(fields.origin)))
  }

  /** On the contacts as they are by now: those of whoever it was are gone. */
  async function tell(tx: Tx, owner: Owner, { oid, origin, undoes }: Report): Promise<void> {
    const { phone: _phone, email: _email, ...account } = owner.account
    const now = { ...owner, account: { ...account, ...(await deps.contacts.lock(tx, oid)) } }
    const values: Record<string, string> = undoes ? {} : { link: await notMe.linkFor(tx, oid, origin) }
    await ownerNotices.tell(tx, now, { kind: undoes ? 'incident' : 'incident_unproven', values })
  }

  async function remember(tx: Tx, { oid, origin, undoes }: Report): Promise<void> {
    const reportedAt = clock.now()
    const again = { reported_at: reportedAt, settle_at: addSeconds(reportedAt, UNDER_WAY_SECONDS) }
    await tx
      .insertInto('incidents')
      .values({ oid, origin, undoes, ...again })
      .onConflict((conflict) =>
        conflict
          .columns(['oid', 'origin'])
          .doUpdateSet({ ...again, undoes: sql<boolean>`incidents.undoes or excluded.undoes` }),
      )
      .execute()
  }

  async function settleOne(incident: Pick<Report, 'oid' | 'origin' | 'undoes'>): Promise<void> {
    const { oid, origin } = incident
    const origins = await end(incident)
    for (const device of await devices.list(oid))
      if (origins.includes(device.origin)) await devices.forget(oid, device.ref)
    await store.tx(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('incidents')
        .set({ settle_at: null })
        .where('oid', '=', oid)
        .where('origin', '=', origin)
        .where('settle_at', '<=', clock.now())
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return
      if ((await undo(tx, incident, origins)) > 0) await journal.record(tx, incidentSettled({ account: oid, origin }))
    })
  }

  return {
    async report(report) {
      const { oid, origin, by, undoes, place } = report
      const owner = await ownerNotices.ownerOf(oid)
      // First of all: what is done in it from now on would not be found below.
      const origins = await end(report)
      const loosened = await isLoosened(oid, origins)
      const counts = await store.tx(async (tx) => {
        const spent = undoes && (await notMe.spend(tx, report))
        if (by === 'link' && !spent) return false
        await undo(tx, report, origins)
        await deps.passwords.demandChange(tx, oid, 'not_me')
        if (loosened) await deps.settings.change(tx, oid, { secondFactor: true })
        await remember(tx, report)
        await journal.record(
          tx,
          incidentReported({ account: oid, by, undone: undoes ? 'yes' : 'no', origin, ...place }),
        )
        await tell(tx, owner, report)
        return true
      })
      // All of them: which ones it had a hand in cannot be told once the owner has used them again.
      if (counts) await devices.forgetAll(oid)
      return counts
    },
    async reported(oid) {
      const rows = await store.db.selectFrom('incidents').select('origin').where('oid', '=', oid).execute()
      return new Set(rows.map(({ origin }) => origin))
    },
    async settle() {
      const due = await store.db
        .selectFrom('incidents')
        .select(['oid', 'origin', 'undoes'])
        .where('settle_at', '<=', clock.now())
        .orderBy('settle_at')
        .limit(BATCH)
        .execute()
      for (const incident of due) {
        try {
          await settleOne(incident)
        } catch (err) {
          // One that fails is tried again by the next run and does not stand in the way of the others.
          deps.log.error({ err }, 'reported sign-in not settled')
        }
      }
    },
  }
}
