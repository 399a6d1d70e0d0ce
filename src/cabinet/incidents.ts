import { sql } from 'kysely'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { ContactChanges } from '#src/accounts/contact-changes.ts'
import type { ContactStore } from '#src/accounts/contact-store.ts'
import type { ApplyChange, DelayedChanges } from '#src/accounts/delayed-changes.ts'
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
import type { Requests } from '#src/proofing/proofing.ts'
import type { Store, Tx } from '#src/store/store.ts'
import { units } from '#src/store/unit.ts'
import { incidentReported, incidentSettled } from './events.ts'
import { makeIncidentTraces } from './incident-traces.ts'

/**
 * How much of what was done there is taken back at once. `all`: for whoever has proven as much as the account's own authenticators do, or
 * has the link of a mail and knows the password. `added`: what was added goes, and what was there before comes back in 72 hours unless
 * somebody objects; for the link alone, as the mail may be read on the telephone that the owner has just given up. `nothing`: for everybody
 * else, or a weak session could remove a strong authenticator as "not mine"; then a link goes to the e-mail, which does more.
 */
export type TakesBack = 'all' | 'added' | 'nothing'

export interface Report extends Reportable {
  /** The link of a notice counts once. */
  readonly by: 'link' | 'cabinet'
  readonly takesBack: TakesBack
  /** The `ref` of the session in which it is reported, which goes on. */
  readonly except?: string
  readonly place: Place
}

/** What has become of the changes made there: gone, on their way back for 72 hours, or as they are until more is proven. */
export type Outcome = 'undone' | 'waits' | 'kept'

/** What follows "this was not me". */
export interface Incidents {
  /**
   * Ends the session with its grants, offline access included, and all sign-ins under way; every session, and the password itself, where
   * that was set in it and more than a weak session of the cabinet says so. Takes back what was done in it, stops what waits, forgets known devices, wants a new password at the next sign-in; journals it and
   * tells the owner.
   * @returns undefined when the link was used meanwhile
   */
  report(report: Report): Promise<Outcome | undefined>
  /** Whether something was replaced or removed there, which would come back; `byPassword`: at once for whoever knows the password. */
  replaced(about: Reportable): Promise<{ readonly byPassword: boolean } | undefined>
  /** Brings back what was replaced and removed there, when the time to object has run out. */
  readonly restore: ApplyChange
  /** Of which sign-ins and sessions the owner has said so. */
  reported(oid: AccountId): Promise<ReadonlySet<string>>
  /** Looks once more at what was reported a minute ago: requests of those sessions were under way. Any number of processes may do so. */
  settle(): Promise<void>
}

export interface IncidentsDeps {
  readonly store: Store
  readonly sessions: Pick<Sessions, 'end' | 'endAll' | 'endSignIns' | 'originsOf'>
  readonly authenticators: Pick<Authenticators, 'undo' | 'addable'>
  readonly contacts: Pick<ContactStore, 'lock'>
  readonly contactChanges: Pick<ContactChanges, 'undo'>
  readonly delayedChanges: Pick<DelayedChanges, 'stopFrom' | 'schedule'>
  readonly requests: Pick<Requests, 'recall'>
  readonly devices: Pick<Devices, 'list' | 'forget' | 'forgetAll'>
  readonly passwords: Pick<Passwords, 'demandChange' | 'disable'>
  readonly notMe: Pick<NotMe, 'spend'>
  readonly ownerNotices: OwnerNotices
  readonly settings: Pick<Settings, 'change'>
  readonly journal: Pick<Journal, 'record' | 'read'>
  readonly clock: Clock
  readonly log: Pick<Logger, 'error'>
}

/** No request that has read the session is still under way after that. */
const UNDER_WAY_SECONDS = 60
const BATCH = 50

/** The kind of delayed change by which what was there before a reported session comes back. */
export const INCIDENT_UNDO = 'incident.undo'

const Payload = z.object({ origins: z.array(z.string()) })

/** How the journal says it. */
const words: Readonly<Record<Outcome, string>> = { undone: 'yes', waits: 'waits', kept: 'no' }
const notices: Readonly<Record<Outcome, string>> = {
  undone: 'incident',
  waits: 'incident_waits',
  kept: 'incident_unproven',
}
const ending = { offline: 'revoked', reason: 'not_me' } as const

interface Due extends Reportable {
  readonly undoes: boolean
  readonly removes: boolean
  readonly reported_at: Date
}

export function makeIncidents(deps: IncidentsDeps): Incidents {
  const { store, sessions, contactChanges, delayedChanges, devices, notMe, ownerNotices, journal, clock } = deps
  const traces = makeIncidentTraces({ journal, authenticators: deps.authenticators })

  /** Stored at once, whatever becomes of the request that asks for it. @returns what may have been done in it */
  async function end({ oid, origin }: Reportable): Promise<readonly string[]> {
    const origins = await sessions.originsOf(oid, origin)
    await units.exit(() => sessions.end(oid, origins[0] ?? origin, ending))
    return origins
  }

  /** Sign-ins that are finished, or nearly, and have no session yet may be those of whoever it was; sessions too, with a password set there. */
  async function endOthers({ oid, except }: Report, setPassword: boolean): Promise<void> {
    await units.exit(async () => {
      if (setPassword) await sessions.endAll(oid, { ...ending, ...(except !== undefined && { except }) })
      else await sessions.endSignIns(oid)
    })
  }

  /** In the order in which delayed changes lock what they need. @returns how much changed */
  async function undo(tx: Tx, owner: Owner, takesBack: TakesBack, origins: readonly string[]): Promise<number> {
    const { oid } = owner.account
    let undone = await delayedChanges.stopFrom(tx, oid, origins)
    if (takesBack === 'all') undone += await contactChanges.undo(tx, oid, origins)
    if (takesBack !== 'nothing') undone += await deps.authenticators.undo(tx, oid, origins, takesBack)
    return undone + (await deps.requests.recall(tx, await asOfNow(tx, owner), origins))
  }

  /** With the contacts as they are by now: where all was taken back, those of whoever it was are gone. */
  async function asOfNow(tx: Tx, owner: Owner): Promise<Owner> {
    const { phone: _phone, email: _email, ...account } = owner.account
    return { ...owner, account: { ...account, ...(await deps.contacts.lock(tx, account.oid)) } }
  }

  /** Its own change bears no origin: reporting the same session again must not stop it. */
  async function restoreLater(tx: Tx, owner: Owner, origins: readonly string[]): Promise<void> {
    const payload: z.infer<typeof Payload> = { origins: [...origins] }
    await delayedChanges.schedule(tx, owner, { kind: INCIDENT_UNDO, payload, origin: '' })
  }

  async function tell(tx: Tx, owner: Owner, { origin }: Report, outcome: Outcome): Promise<void> {
    const reportable = outcome === 'kept' && { reportable: origin }
    await ownerNotices.tell(tx, await asOfNow(tx, owner), { kind: notices[outcome], values: {}, ...reportable })
  }

  async function remember(tx: Tx, { oid, origin, takesBack }: Report): Promise<void> {
    const reportedAt = clock.now()
    const again = { reported_at: reportedAt, settle_at: addSeconds(reportedAt, UNDER_WAY_SECONDS) }
    await tx
      .insertInto('incidents')
      .values({ oid, origin, undoes: takesBack === 'all', removes: takesBack !== 'nothing', ...again })
      .onConflict((conflict) =>
        conflict.columns(['oid', 'origin']).doUpdateSet({
          ...again,
          undoes: sql<boolean>`incidents.undoes or excluded.undoes`,
          removes: sql<boolean>`incidents.removes or excluded.removes`,
        }),
      )
      .execute()
  }

  async function settleOne({ oid, origin, undoes, removes, reported_at }: Due): Promise<void> {
    const owner = await ownerNotices.ownerOf(oid)
    const origins = await end({ oid, origin })
    for (const device of await devices.list(oid))
      if (origins.includes(device.origin)) await devices.forget(oid, device.ref)
    const setPassword = removes && (await traces.isPasswordOf(oid, origins))
    const late = removes && !undoes && (await traces.replacedIn(oid, origins)).some(({ at }) => at > reported_at)
    await store.tx(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('incidents')
        .set({ settle_at: null })
        .where('oid', '=', oid)
        .where('origin', '=', origin)
        .where('settle_at', '<=', clock.now())
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return
      const takesBack = undoes ? 'all' : removes ? 'added' : 'nothing'
      if (setPassword) await deps.passwords.disable(tx, oid)
      const undone = await undo(tx, owner, takesBack, origins)
      if (late) await restoreLater(tx, owner, origins)
      if (late || undone > 0) await journal.record(tx, incidentSettled({ account: oid, origin }))
    })
  }

  return {
    async report(report) {
      const { oid, origin, by, takesBack, place } = report
      const owner = await ownerNotices.ownerOf(oid)
      // First of all: what is done in it from now on would not be found below.
      const origins = await end(report)
      // A weak session of the cabinet must not take the password of its owner away.
      const proven = by === 'link' || takesBack !== 'nothing'
      const setPassword = proven && (await traces.isPasswordOf(oid, origins))
      await endOthers(report, setPassword)
      const loosened = await traces.isLoosened(oid, origins)
      const waits = takesBack === 'added' && (await traces.replacedIn(oid, origins)).length > 0
      const outcome = waits ? 'waits' : takesBack === 'nothing' ? 'kept' : 'undone'
      const counts = await store.tx(async (tx) => {
        const undoes = takesBack !== 'nothing'
        const spent = (by === 'link' || undoes) && (await notMe.spend(tx, { oid, origin, undoes }))
        if (by === 'link' && !spent) return false
        await undo(tx, owner, takesBack, origins)
        await deps.passwords.demandChange(tx, oid, 'not_me')
        if (setPassword) await deps.passwords.disable(tx, oid)
        if (loosened) await deps.settings.change(tx, oid, { secondFactor: true })
        await remember(tx, report)
        await journal.record(tx, incidentReported({ account: oid, by, undone: words[outcome], origin, ...place }))
        await tell(tx, owner, report, outcome)
        if (waits) await restoreLater(tx, owner, origins)
        return true
      })
      if (!counts) return undefined
      // All of them: which ones it had a hand in cannot be told once the owner has used them again.
      await devices.forgetAll(oid)
      return outcome
    },
    async replaced({ oid, origin }) {
      const origins = await sessions.originsOf(oid, origin)
      if ((await traces.replacedIn(oid, origins)).length === 0) return undefined
      return { byPassword: !(await traces.isPasswordOf(oid, origins)) }
    },
    async restore(tx, { account: { oid } }, payload) {
      const { origins } = Payload.parse(payload)
      const contacts = await contactChanges.undo(tx, oid, origins)
      return contacts + (await deps.authenticators.undo(tx, oid, origins)) > 0
    },
    async reported(oid) {
      const rows = await store.db.selectFrom('incidents').select('origin').where('oid', '=', oid).execute()
      return new Set(rows.map(({ origin }) => origin))
    },
    async settle() {
      const due = await store.db
        .selectFrom('incidents')
        .select(['oid', 'origin', 'undoes', 'removes', 'reported_at'])
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
