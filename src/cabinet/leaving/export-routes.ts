import { Readable } from 'node:stream'
import { z } from 'zod'
import { accountExported } from '#src/accounts/leaving/events.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Ctx, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { placeOf } from '#src/login/attempts.ts'
import type { Store } from '#src/store/store.ts'
import type { Limit, Throttle } from '#src/throttle/throttle.ts'
import { type Entrance, type Need, type SignedIn, sensitive } from '../entrance.ts'
import type { ConnectedServices } from '../services.ts'
import { type AccountExportDeps, exportOf } from './account-export.ts'
import { leavingErrors } from './errors.ts'
import { writtenAsJson } from './export-json.ts'
import { readable } from './export-words.ts'
import type { ExportWording } from './section-words.ts'

export interface ExportRoutesDeps
  extends AccountExportDeps,
    Pick<ExportWording, 'countryOf' | 'serviceName' | 'verifierName'> {
  readonly services: Pick<ConnectedServices, 'of'>
  readonly entrance: Entrance
  readonly ownerNotices: Pick<OwnerNotices, 'ownerOf' | 'tell'>
  readonly journal: Pick<Journal, 'read' | 'record'>
  readonly store: Store
  readonly throttle: Pick<Throttle, 'enter'>
  readonly clock: Clock
  /** Who has made the document. */
  readonly issuer: URL
}

const PATH = '/account/export'

/** One notice an hour of one session: text messages cost money, and the first says it all. */
const noticeLimit: Limit = {
  name: 'export_notice',
  windowSeconds: 3600,
  free: 1,
  delaySeconds: 3600,
  maxDelaySeconds: 3600,
}

/** Whoever has nothing beside one factor has the same right to the data. */
const need: Need = { ...sensitive, evenAlone: true }
const Form = z.object({ format: z.enum(['json', 'page'], leavingErrors.format_missing.code) })

/**
 * A copy of everything that is kept about the person (R-A9), made while it is sent: nothing of it is ever stored. It goes by POST, so that no
 * link of a stranger begins it, and the owner is told.
 */
export function exportRoutes(router: Routes, deps: ExportRoutesDeps): void {
  const { entrance, ownerNotices, journal, store, throttle, clock, issuer } = deps

  const show = (person: SignedIn, options?: RenderOptions) => person.show('cabinet/leaving/export', {}, options)

  async function tell(ctx: Ctx, { oid, session }: SignedIn, format: string): Promise<void> {
    const owner = await ownerNotices.ownerOf(oid)
    await store.tx(async (tx) => {
      await journal.record(tx, accountExported({ account: oid, format, origin: session, ...placeOf(ctx) }))
      const gate = await throttle.enter([{ limit: noticeLimit, key: `${oid}:${session}` }], tx)
      if (gate.open) await ownerNotices.tell(tx, owner, { kind: 'account_exported', values: {}, reportable: session })
    })
  }

  router.get(PATH, async (ctx) => {
    const person = await entrance.signedIn(ctx, need)
    if (person) show(person)
  })

  router.post(PATH, async (ctx) => {
    const person = await entrance.signedIn(ctx, need)
    if (!person) return
    const form = readForm(ctx, Form)
    if (!form.ok) return show(person, { status: 422, errors: form.errors })
    const { format } = form.values
    await tell(ctx, person, format)
    const at = clock.now()
    const sections = exportOf(person.account, deps)
    if (format === 'page') {
      const { t, locale } = ctx.state.page
      const services = await deps.services.of(person.oid, locale)
      const page = await readable(sections, { ...deps, services, t, locale, at })
      return person.show('cabinet/leaving/export-readable', { ...page })
    }
    ctx.set('Cache-Control', 'no-store')
    ctx.set('Content-Disposition', `attachment; filename="account-${person.oid}-${at.toISOString().slice(0, 10)}.json"`)
    ctx.type = 'application/json; charset=utf-8'
    ctx.body = Readable.from(writtenAsJson(sections, { issuer: issuer.origin, at }))
  })
}
