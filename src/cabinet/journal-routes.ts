import { z } from 'zod'
import { REPORTABLE_SECONDS } from '#src/accounts/not-me.ts'
import type { Sessions } from '#src/accounts/sessions.ts'
import type { Ctx, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Journal, RecordedEvent } from '#src/journal/journal.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { wordedDate } from '#src/kernel/locale.ts'
import { type ChangeDemands, meets } from '#src/login/assurance.ts'
import { placeOf } from '#src/login/attempts.ts'
import { type Entrance, type SignedIn, sensitive } from './entrance.ts'
import { incidentView } from './incident-view.ts'
import type { Incidents } from './incidents.ts'
import { type Group, groups, typesOf, type Wording, worded } from './journal-words.ts'
import { signInPlot } from './sign-in-plot.ts'

export interface JournalRoutesDeps extends Pick<Wording, 'countryOf' | 'serviceName'> {
  readonly entrance: Entrance
  readonly journal: Pick<Journal, 'read' | 'countByDay'>
  readonly incidents: Pick<Incidents, 'report' | 'reported'>
  readonly sessions: Pick<Sessions, 'originsOf'>
  /** The highest level that the account's authenticators reach. */
  readonly changeDemands: (oid: AccountId) => Promise<ChangeDemands>
  readonly clock: Clock
}

const HERE = '/security/journal'
const PAGE = 50
const SEQ = /^[1-9]\d{0,17}$/
const Empty = z.object({})

/** An event that its owner may say "this was not me" of. */
interface Reported {
  readonly event: RecordedEvent
  readonly origin: string
  readonly person: SignedIn
  /** Proven is as much as the account has, a moment ago: what was done there can be taken back at once. */
  readonly undoes: boolean
}

/** What happened to the account, and the way to say that it was somebody else. */
export function journalRoutes(router: Routes, deps: JournalRoutesDeps): void {
  const { entrance, journal, incidents, sessions, clock } = deps

  async function listed(ctx: Ctx, person: SignedIn, group: Group | undefined, beforeSeq: string | undefined) {
    const { t, locale } = ctx.state.page
    const { oid } = person
    const since = addSeconds(clock.now(), -REPORTABLE_SECONDS)
    const [events, reported, own] = await Promise.all([
      journal.read(oid, {
        limit: PAGE + 1,
        ...(beforeSeq !== undefined && { beforeSeq }),
        ...(group && { types: typesOf(group) }),
      }),
      incidents.reported(oid),
      sessions.originsOf(oid, person.session),
    ])
    const shown = events.slice(0, PAGE)
    const entries = await Promise.all(
      shown.map(async (event) => {
        const origin = originOf(event)
        const foreign = origin !== undefined && !own.includes(origin)
        return {
          ...(await worded(event, { ...deps, t, locale })),
          seq: event.seq,
          day: wordedDate(event.at, locale),
          reported: origin !== undefined && reported.has(origin),
          reportable: foreign && event.at >= since && !reported.has(origin),
        }
      }),
    )
    return { days: byDay(entries), earlier: events.length > PAGE ? shown.at(-1)!.seq : undefined }
  }

  /** @returns undefined when the answer is a redirect */
  async function found(ctx: Ctx & { readonly params: { readonly seq?: string } }): Promise<Reported | undefined> {
    const strong = ctx.query.strong !== undefined
    const person = await entrance.signedIn(ctx, strong ? sensitive : { maxAgeSeconds: sensitive.maxAgeSeconds! })
    if (!person) return undefined
    const { seq = '' } = ctx.params
    const beforeSeq = SEQ.test(seq) ? String(BigInt(seq) + 1n) : '0'
    const [event] = await journal.read(person.oid, { limit: 1, beforeSeq })
    const origin = event?.seq === seq ? originOf(event) : undefined
    if (!event || origin === undefined || event.at < addSeconds(clock.now(), -REPORTABLE_SECONDS))
      throw await person.missing('event')
    // One's own session ends by signing out, and what was done in it is changed back by hand.
    if ((await sessions.originsOf(person.oid, person.session)).includes(origin)) {
      leadTo(ctx, '/sign-out')
      return undefined
    }
    const { atOnce } = await deps.changeDemands(person.oid)
    return { event, origin, person, undoes: atOnce !== undefined && meets(atOnce, person.evidence) }
  }

  async function ask(ctx: Ctx, { event: { seq }, origin, person, undoes }: Reported): Promise<void> {
    const { t, locale } = ctx.state.page
    const view = await incidentView({ oid: person.oid, origin }, { ...deps, t, locale })
    person.show('cabinet/journal-not-me', { ...view, seq, undoes, takesBack: 'all' })
  }

  router.get(HERE, async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (!person) return
    const { t, locale } = ctx.state.page
    const group = groups.find((one) => one === ctx.query.what)
    const { before } = ctx.query
    const beforeSeq = typeof before === 'string' && SEQ.test(before) ? before : undefined
    const plot = beforeSeq === undefined ? await signInPlot(journal, person.oid, clock.now(), locale) : undefined
    person.show('cabinet/journal', {
      ...(await listed(ctx, person, group, beforeSeq)),
      group,
      groups: groups.map((name) => ({ name, text: t(`journal.group_${name}`) })),
      plot,
      done: ctx.query.done === 'asked',
    })
  })

  router.get(`${HERE}/:seq/not-me`, async (ctx) => {
    const reported = await found(ctx)
    if (reported) await ask(ctx, reported)
  })

  router.post(`${HERE}/:seq/not-me`, async (ctx) => {
    const reported = await found(ctx)
    if (!reported) return
    if (!readForm(ctx, Empty).ok) return ask(ctx, reported)
    const { person, origin, undoes } = reported
    // Once is enough: whoever is in the session shall not flood the owner with messages.
    const again = !undoes && (await incidents.reported(person.oid)).has(origin)
    const takesBack = undoes ? 'all' : 'nothing'
    const report = { oid: person.oid, origin, by: 'cabinet', takesBack, except: person.session } as const
    if (!again) await incidents.report({ ...report, place: placeOf(ctx) })
    leadTo(ctx, undoes ? '/security/password' : `${HERE}?done=asked`)
  })
}

/** Which sign-in or session it was; older events do not tell, and one by an operator has none. */
function originOf({ type, fields: { origin } }: RecordedEvent): string | undefined {
  return typeof origin === 'string' && origin !== '' && !type.startsWith('incident.') ? origin : undefined
}

function byDay<T extends { readonly day: string }>(entries: readonly T[]): { day: string; entries: T[] }[] {
  const days: { day: string; entries: T[] }[] = []
  for (const entry of entries) {
    const last = days.at(-1)
    if (last?.day === entry.day) last.entries.push(entry)
    else days.push({ day: entry.day, entries: [entry] })
  }
  return days
}
