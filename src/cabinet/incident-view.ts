import type { Reportable } from '#src/accounts/not-me.ts'
import type { Sessions } from '#src/accounts/sessions.ts'
import type { Journal, RecordedEvent } from '#src/journal/journal.ts'
import { wordedMoment } from '#src/kernel/locale.ts'
import { type Wording, worded } from './journal-words.ts'

/** So many of the newest events are searched for what was done in a session. */
const EVENTS_SEARCHED = 500

const signIns: readonly string[] = ['login.succeeded', 'device.appeared', 'session.used']

/** What is about to be reported, for whoever has to decide whether it was theirs. */
export interface IncidentView {
  /** In words; empty where nothing is known of it any more. */
  readonly moment: string
  readonly device: string
  readonly place: string
  /** What was done there beside signing in. */
  readonly done: readonly string[]
}

export async function incidentView(
  { oid, origin }: Reportable,
  deps: Wording & { readonly sessions: Pick<Sessions, 'originsOf'>; readonly journal: Pick<Journal, 'read'> },
): Promise<IncidentView> {
  const [origins, events] = await Promise.all([
    deps.sessions.originsOf(oid, origin),
    deps.journal.read(oid, { limit: EVENTS_SEARCHED }),
  ])
  // The oldest first: a session is known by the sign-in that began it.
  const own = events.filter(({ fields }) => origins.includes(String(fields.origin))).reverse()
  const first = own.find(({ type }) => signIns.includes(type)) ?? own[0]
  const all = await Promise.all(own.filter(isDoing).map((event) => worded(event, deps)))
  const about = first && (await worded(first, deps))
  return {
    moment: first ? wordedMoment(first.at, deps.locale) : '',
    device: about?.device ?? '',
    place: about?.place ?? '',
    done: [...new Set(all.map(({ title, details }) => [title, ...details].join(', ')))],
  }
}

const isDoing = ({ type }: RecordedEvent) => !signIns.includes(type)
