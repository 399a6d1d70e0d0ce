import { contactChanged } from '#src/accounts/events.ts'
import { passwordChanged } from '#src/factors/password/events.ts'
import type { Journal, RecordedEvent } from '#src/journal/journal.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Authenticators } from '#src/login/authenticators.ts'
import { authenticatorAdded, authenticatorRemoved } from '#src/login/events.ts'
import { secondFactorChosen } from './events.ts'

/** So many of the newest events of a type are searched. */
const EVENTS_SEARCHED = 100

/** What the journal knows of sessions and sign-ins that are reported; `origins` as in `Enrolling.origin`. */
export interface IncidentTraces {
  /** The events of what was replaced or removed there, and would come back. */
  replacedIn(oid: AccountId, origins: readonly string[]): Promise<RecordedEvent[]>
  /** Whether the password in force was set there: whoever it was knows it, and perhaps nobody else. */
  isPasswordOf(oid: AccountId, origins: readonly string[]): Promise<boolean>
  /** Whether the owner's wish for a second factor was taken away there. */
  isLoosened(oid: AccountId, origins: readonly string[]): Promise<boolean>
}

export function makeIncidentTraces({
  journal,
  authenticators,
}: {
  journal: Pick<Journal, 'read'>
  authenticators: Pick<Authenticators, 'addable'>
}): IncidentTraces {
  /** The newest first. */
  async function doneIn(oid: AccountId, origins: readonly string[], types: readonly string[]) {
    const events = await journal.read(oid, { limit: EVENTS_SEARCHED, types: [...types] })
    return events.filter(({ fields }) => origins.includes(String(fields.origin)))
  }

  return {
    async replacedIn(oid, origins) {
      const types = [contactChanged.type, authenticatorRemoved.type, authenticatorAdded.type]
      const [events, addable] = await Promise.all([doneIn(oid, origins, types), authenticators.addable(oid)])
      const replacing = addable.filter(({ replaces }) => replaces).map(({ kind }) => kind)
      return events.filter(
        ({ type, fields }) => type !== authenticatorAdded.type || replacing.includes(String(fields.kind)),
      )
    },
    async isPasswordOf(oid, origins) {
      const [newest] = await journal.read(oid, { limit: 1, types: [passwordChanged.type] })
      return newest !== undefined && origins.includes(String(newest.fields.origin))
    },
    async isLoosened(oid, origins) {
      const chosen = await doneIn(oid, origins, [secondFactorChosen.type])
      return chosen.some(({ fields }) => fields.value === 'false')
    },
  }
}
