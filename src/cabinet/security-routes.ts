import { z } from 'zod'
import { changeInWords, type DelayedChanges } from '#src/accounts/delayed-changes.ts'
import type { Sessions } from '#src/accounts/sessions.ts'
import type { AccountSettings, Settings } from '#src/accounts/settings.ts'
import type { SecondFactorPolicy } from '#src/config/config.ts'
import type { Ctx, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Journal } from '#src/journal/journal.ts'
import { satisfies } from '#src/kernel/levels.ts'
import { wordedMoment } from '#src/kernel/locale.ts'
import type { ByRealm } from '#src/kernel/realms.ts'
import { placeOf } from '#src/login/attempts.ts'
import { type ListedAuthenticator, levelOf } from '#src/login/authenticators.ts'
import { ownDemand } from '#src/login/second-factor.ts'
import { authenticatorRoutes } from './authenticator-routes.ts'
import { worded } from './authenticator-words.ts'
import { type SignedIn, sensitive } from './entrance.ts'
import { cabinetErrors } from './errors.ts'
import { preferredFactorChosen, secondFactorChosen } from './events.ts'
import { type LostRoutesDeps, lostRoutes } from './lost-routes.ts'
import { stopWaiting } from './stopping.ts'

export interface SecurityRoutesDeps extends LostRoutesDeps {
  readonly settings: Settings
  readonly sessions: Pick<Sessions, 'list'>
  readonly delayedChanges: Pick<DelayedChanges, 'waiting' | 'stop' | 'scheduleOnce' | 'waitingFor'>
  readonly journal: Pick<Journal, 'record'>
  readonly secondFactor: ByRealm<SecondFactorPolicy>
}

const outcomes = ['added', 'renamed', 'removed', 'saved', 'stopped', 'asked'] as const
const missing = cabinetErrors.choice_missing.code
const SecondFactor = z.object({ secondFactor: z.enum(['yes', 'no'], missing) })
const Preferred = z.object({ preferredFactor: z.string(missing) })
const Empty = z.object({})

/** What opens the account, what is asked for at each sign-in, and what waits to be changed. */
export function securityRoutes(router: Routes, deps: SecurityRoutesDeps): void {
  const { entrance, authenticators, settings, delayedChanges, ownerNotices, journal, store } = deps

  /** The kinds of second factors that the owner can choose between. */
  function secondKinds(all: readonly ListedAuthenticator[]): string[] {
    const second = all.filter(({ worth }) => worth.proof === 'possession' && !worth.rescue)
    return [...new Set(second.map(({ kind }) => kind))]
  }

  async function show(ctx: Ctx, person: SignedIn, options?: RenderOptions): Promise<void> {
    const { t, locale } = ctx.state.page
    const { oid, account } = person
    const [all, addable, chosen, waiting] = await Promise.all([
      authenticators.list(oid),
      authenticators.addable(oid),
      settings.of(oid),
      delayedChanges.waiting(oid),
    ])
    const renewable = addable.filter(({ kind, replaces }) => replaces && all.some((one) => one.kind === kind))
    const highest = levelOf(all)
    const done = outcomes.find((outcome) => outcome === ctx.query.done)
    // What was proven with it before counts there for minutes yet.
    const others = done === 'removed' && (await deps.sessions.list(oid)).some(({ ref }) => ref !== person.session)
    const listed = all.map((one) => ({
      ...worded(one, { t, locale }),
      renewable: renewable.some(({ kind }) => kind === one.kind),
      irreplaceable: !satisfies(levelOf(all, one), highest),
    }))
    person.show(
      'cabinet/security',
      {
        authenticators: listed,
        addable: addable.filter((one) => !renewable.includes(one)).map(({ kind }) => kind),
        changes: waiting.map((change) => ({
          id: change.id,
          what: changeInWords(change, t),
          dueAt: wordedMoment(change.dueAt, locale),
        })),
        policy: deps.secondFactor[account.realm],
        secondFactor: ownDemand(account, chosen, deps.secondFactor) === 'none' ? 'no' : 'yes',
        seconds: secondKinds(all),
        preferred: chosen.preferredFactor,
        done,
        others,
      },
      options,
    )
  }

  /** Stores what was chosen, with its event, and tells the owner where it matters for the security of the account. */
  async function choose(
    ctx: Ctx,
    { oid, session }: SignedIn,
    chosen: Partial<AccountSettings>,
    { event, notice }: { event: typeof secondFactorChosen | typeof preferredFactorChosen; notice?: string },
  ): Promise<void> {
    const owner = await ownerNotices.ownerOf(oid)
    await store.tx(async (tx) => {
      await settings.change(tx, oid, chosen)
      const value = String(Object.values(chosen)[0])
      await journal.record(tx, event({ account: oid, value, origin: session, ...placeOf(ctx) }))
      if (notice !== undefined) await ownerNotices.tell(tx, owner, { kind: notice, values: {} })
    })
    leadTo(ctx, '/security?done=saved')
  }

  router.get('/security', async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (person) await show(ctx, person)
  })

  router.post('/security/second-factor', async (ctx) => {
    const person = await entrance.signedIn(ctx, { ...sensitive, page: '/security', keep: ['secondFactor'] })
    if (!person) return
    const form = readForm(ctx, SecondFactor)
    if (!form.ok) return show(ctx, person, { status: 422, errors: form.errors })
    const secondFactor = form.values.secondFactor === 'yes'
    const notice = secondFactor ? 'second_factor_on' : 'second_factor_off'
    await choose(ctx, person, { secondFactor }, { event: secondFactorChosen, notice })
  })

  router.post('/security/preferred', async (ctx) => {
    const person = await entrance.signedIn(ctx, { ...sensitive, page: '/security', keep: ['preferredFactor'] })
    if (!person) return
    const form = readForm(ctx, Preferred)
    if (!form.ok) return show(ctx, person, { status: 422, errors: form.errors })
    const { preferredFactor } = form.values
    if (!secondKinds(await authenticators.list(person.oid)).includes(preferredFactor))
      return show(ctx, person, { status: 422, errors: [{ field: 'preferredFactor', code: missing }] })
    await choose(ctx, person, { preferredFactor }, { event: preferredFactorChosen })
  })

  router.post('/security/changes/:id/stop', async (ctx) => {
    const person = await entrance.signedIn(ctx, { page: '/security' })
    if (!person) return
    const form = readForm(ctx, Empty)
    if (!form.ok) return show(ctx, person, { status: 422, errors: form.errors })
    const prove = () => entrance.signedIn(ctx, { ...sensitive, page: '/security' })
    if (await stopWaiting(delayedChanges, person, ctx.params.id ?? '', prove)) leadTo(ctx, '/security?done=stopped')
  })

  // Where a form was sent to, the language switch, the address bar and the way back from a step-up lead here by GET.
  for (const path of ['second-factor', 'preferred', 'changes/:id/stop'])
    router.get(`/security/${path}`, (ctx) => leadTo(ctx, '/security'))

  authenticatorRoutes(router, deps)
  lostRoutes(router, deps)
}
