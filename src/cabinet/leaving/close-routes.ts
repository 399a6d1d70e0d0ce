import { z } from 'zod'
import type { DelayedChanges } from '#src/accounts/delayed-changes.ts'
import { ACCOUNT_CLOSE, type ClosingAccounts, type ClosingCause } from '#src/accounts/leaving/closing.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Ctx, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { wordedMoment } from '#src/kernel/locale.ts'
import { placeOf } from '#src/login/attempts.ts'
import type { Store } from '#src/store/store.ts'
import { type Entrance, type SignedIn, sensitive, sensitiveOrLater } from '../entrance.ts'
import type { ConnectedServices } from '../services.ts'
import { stopWaiting } from '../stopping.ts'
import { leavingErrors } from './errors.ts'

export interface CloseRoutesDeps {
  readonly entrance: Entrance
  readonly closing: Pick<ClosingAccounts, 'close'>
  readonly delayedChanges: Pick<DelayedChanges, 'scheduleOnce' | 'waitingFor' | 'waiting' | 'stop'>
  readonly ownerNotices: Pick<OwnerNotices, 'ownerOf'>
  readonly services: ConnectedServices
  readonly store: Pick<Store, 'tx'>
}

interface Way {
  readonly path: string
  readonly cause: ClosingCause
}

/** Closing one's account, and withdrawing the consent to processing, which closes it as well. */
const ways: readonly Way[] = [
  { path: '/account/close', cause: 'owner' },
  { path: '/account/withdrawal', cause: 'withdrawal' },
]

const Confirmed = z.object({ understood: z.enum(['yes'], leavingErrors.understood_missing.code) })
const Stop = z.object({ id: z.string().default('') })

export function closeRoutes(router: Routes, deps: CloseRoutesDeps): void {
  for (const way of ways) wayRoutes(router, way, deps)
  // Nobody is signed in any more, so it tells nothing of the person.
  router.get('/closed', async (ctx) => {
    if (await deps.entrance.whose(ctx)) return leadTo(ctx, '/account')
    ctx.state.page.render('cabinet/leaving/closed')
  })
}

function wayRoutes(router: Routes, { path, cause }: Way, deps: CloseRoutesDeps): void {
  const { entrance, closing, delayedChanges, ownerNotices, services, store } = deps

  const changeFor = (of: ClosingCause) => ({ kind: ACCOUNT_CLOSE, payload: { cause: of } })
  const waitingFor = (oid: AccountId, of: ClosingCause) => delayedChanges.waitingFor(oid, changeFor(of))

  async function show(ctx: Ctx, person: SignedIn, options?: RenderOptions): Promise<void> {
    const { locale } = ctx.state.page
    const waiting =
      (await waitingFor(person.oid, 'withdrawal')) ?? (cause === 'owner' && (await waitingFor(person.oid, cause)))
    const shown = waiting && { id: waiting.id, dueAt: wordedMoment(waiting.dueAt, locale) }
    const done = ctx.query.done === 'stopped'
    person.show('cabinet/leaving/close', { path, cause, weak: person.weak, waiting: shown, done }, options)
  }

  /** Less was proven than it takes: nothing is released any more all the same, and the rest waits for 72 hours (R-A8). */
  async function closeLater(ctx: Ctx, { oid, session: origin }: SignedIn): Promise<void> {
    const owner = await ownerNotices.ownerOf(oid)
    await store.tx((tx) => delayedChanges.scheduleOnce(tx, owner, { ...changeFor(cause), origin }))
    if (cause === 'withdrawal') {
      // It closes the account as well, and would find it closed without a word of the consent.
      const plain = await waitingFor(oid, 'owner')
      if (plain) await delayedChanges.stop(oid, plain.id)
      for (const service of await services.of(oid, ctx.state.page.locale))
        await services.withdraw({ oid, session: origin }, service, placeOf(ctx))
    }
    leadTo(ctx, path)
  }

  router.get(path, async (ctx) => {
    const person = await entrance.signedIn(ctx, sensitiveOrLater)
    if (person) await show(ctx, person)
  })

  router.post(path, async (ctx) => {
    const person = await entrance.signedIn(ctx, sensitiveOrLater)
    if (!person) return
    const form = readForm(ctx, Confirmed)
    if (!form.ok) return show(ctx, person, { status: 422, errors: form.errors })
    if (person.weak) return closeLater(ctx, person)
    await closing.close(person.oid, cause, { actor: 'owner', origin: person.session })
    entrance.leave(ctx)
    leadTo(ctx, '/closed')
  })

  router.post(`${path}/stop`, async (ctx) => {
    const person = await entrance.signedIn(ctx, { page: path })
    if (!person) return
    const form = readForm(ctx, Stop)
    if (!form.ok) return show(ctx, person, { status: 422, errors: form.errors })
    const prove = () => entrance.signedIn(ctx, { ...sensitive, page: path })
    if (await stopWaiting(delayedChanges, person, form.values.id, prove)) leadTo(ctx, `${path}?done=stopped`)
  })

  router.get(`${path}/stop`, (ctx) => leadTo(ctx, path))
}
