import type { Sessions } from '#src/accounts/sessions.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { type Wording, worded } from '../journal-words.ts'

export interface OriginDeps extends Pick<Wording, 'countryOf' | 'serviceName'> {
  readonly sessions: Pick<Sessions, 'originsOf'>
  readonly journal: Pick<Journal, 'read'>
}

/** So many of the newest sign-ins are looked through. */
const SEARCHED = 200
const signIns = ['login.succeeded', 'device.appeared', 'session.used']

/** Device and place of each sign-in or session in which something was changed, as far as the journal still has it. */
export async function originsInWords(
  oid: AccountId,
  changes: readonly { readonly origin: string }[],
  deps: OriginDeps & Wording,
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(changes.map(({ origin }) => origin))].filter((origin) => origin !== '')
  if (wanted.length === 0) return new Map()
  const events = await deps.journal.read(oid, { limit: SEARCHED, types: signIns })
  const found = await Promise.all(
    wanted.map(async (origin): Promise<[string, string] | undefined> => {
      const origins = await deps.sessions.originsOf(oid, origin)
      const event = events.find(({ fields }) => origins.includes(String(fields.origin)))
      if (!event) return undefined
      const { device, place } = await worded(event, deps)
      return [origin, [device, place].filter(Boolean).join(', ')]
    }),
  )
  return new Map(found.filter((one) => one !== undefined))
}
