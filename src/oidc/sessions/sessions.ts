import type Provider from 'oidc-provider'
import type { AccountSession, EndOptions, Sessions } from '#src/accounts/sessions.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { CountryOf } from '#src/kernel/country.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { reached } from '#src/login/assurance.ts'
import { readEvidence } from '#src/login/evidence.ts'
import { makeJoiner } from '#src/store/joiner.ts'
import type { Store } from '#src/store/store.ts'
import { Unit, units } from '#src/store/unit.ts'
import { sessionEnded } from '../events.ts'
import type { EndSession } from '../logout/ending.ts'
import { killGrantByHash } from '../replay.ts'
import { FIRST_PARTY } from '../requirement.ts'
import type { SessionUse } from './remembering.ts'
import type { SessionRow, SessionStore } from './store.ts'

type ProviderSession = NonNullable<Awaited<ReturnType<Provider['Session']['findByUid']>>> &
  SessionUse & { readonly evidence?: unknown }

/** @param current the provider in force */
export function makeSessions(deps: {
  current: () => Provider
  store: Store
  sessionStore: SessionStore
  endSession: EndSession
  journal: Pick<Journal, 'note'>
  countryOf: CountryOf
}): Sessions {
  const { current, store, sessionStore, endSession, journal, countryOf } = deps
  const joiner = makeJoiner(store)

  async function shown(oid: AccountId, { ref, uid, begunAt }: SessionRow): Promise<AccountSession | undefined> {
    const session = (await current().Session.findByUid(uid)) as ProviderSession | undefined
    if (session?.accountId !== String(oid)) return undefined
    const { at, address, device } = session.seen ?? { at: begunAt.getTime() / 1000, address: '', device: '' }
    return {
      ref,
      begunAt,
      seenAt: new Date(at * 1000),
      device,
      address,
      country: countryOf(address),
      level: reached(readEvidence(session.evidence)) ?? 'aal1',
      clients: Object.keys(session.authorizations ?? {}).filter((id) => id !== FIRST_PARTY),
    }
  }

  /** Ends what is alive of it, and what outlives it where that is to end too. @returns whether it was alive */
  async function endOne(oid: AccountId, row: SessionRow, { offline, reason }: EndOptions): Promise<boolean> {
    if (offline === 'revoked') for (const grant of row.offline) await killGrantByHash(store, grant)
    if (!(await endSession(row.uid, { offline }))) return false
    await journal.note(
      sessionEnded({ account: oid, client: '', scope: 'everywhere', reason, session: row.ref, address: '' }),
    )
    return true
  }

  /** Stored in one statement, at once and whatever becomes of the request that asks for it. */
  async function together<T>(work: () => Promise<T>): Promise<T> {
    const unit = new Unit()
    const result = await units.run(unit, work)
    await joiner.flush(unit)
    return result
  }

  return {
    async list(oid) {
      const rows = await sessionStore.of(oid)
      const sessions = (await Promise.all(rows.map((row) => shown(oid, row)))).filter((one) => one !== undefined)
      return sessions.sort((a, b) => b.seenAt.getTime() - a.seenAt.getTime())
    },
    async end(oid, ref, options) {
      const row = await sessionStore.find(oid, ref)
      if (row?.ref !== ref) return false
      await together(() => endOne(oid, row, options))
      return true
    },
    async endAll(oid, { except, signIn, ...options }) {
      await sessionStore.endSignIns(oid, signIn)
      const rows = await sessionStore.of(oid, { over: options.offline === 'revoked' })
      const others = rows.filter(({ ref }) => ref !== except)
      const ended = await together(() => Promise.all(others.map((row) => endOne(oid, row, options))))
      return ended.filter(Boolean).length
    },
    endSignIns: (oid) => sessionStore.endSignIns(oid, undefined),
    async originsOf(oid, origin) {
      const row = await sessionStore.find(oid, origin)
      return row ? [row.ref, ...row.origins] : [origin]
    },
  }
}
