import { z } from 'zod'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { AccountSettings, Settings } from '#src/accounts/settings.ts'
import type { Ctx, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { chooseLocale } from '#src/http/locale.ts'
import type { Journal } from '#src/journal/journal.ts'
import { type Locale, locales } from '#src/kernel/locale.ts'
import { placeOf } from '#src/login/attempts.ts'
import type { Store } from '#src/store/store.ts'
import { type Entrance, type Need, type SignedIn, sensitive } from './entrance.ts'
import { cabinetErrors } from './errors.ts'
import { settingsChanged } from './events.ts'

export interface SettingsRoutesDeps {
  readonly entrance: Entrance
  readonly settings: Settings
  readonly ownerNotices: OwnerNotices
  readonly journal: Pick<Journal, 'record'>
  readonly store: Pick<Store, 'tx'>
  /** The installation's limit, which is the longest choice. */
  readonly cabinetIdleSeconds: number
}

type Chosen = Pick<AccountSettings, 'locale' | 'idleMinutes' | 'everySignIn'>

const MINUTES = [5, 6, 7, 8, 9, 10] as const

const Form = z.object({
  locale: z.enum(locales, cabinetErrors.locale_missing.code),
  idleMinutes: z
    .enum(
      MINUTES.map((minutes) => String(minutes)),
      cabinetErrors.idle_missing.code,
    )
    .optional(),
  everySignIn: z.enum(['yes'], cabinetErrors.locale_missing.code).optional(),
})

const kept: Need = { keep: ['locale', 'idleMinutes', 'everySignIn'] }

/** What the owner chooses: the language of messages, how long a page stays open, how much is told. */
export function settingsRoutes(router: Routes, deps: SettingsRoutesDeps): void {
  const { entrance, settings, ownerNotices, journal, store, cabinetIdleSeconds } = deps
  const choices = MINUTES.filter((minutes) => minutes * 60 <= cabinetIdleSeconds)
  const longest = choices.at(-1)

  /** Where nothing was chosen the installation's limit counts. */
  const inForce = ({ locale, idleMinutes, everySignIn }: AccountSettings): Chosen => ({
    locale,
    idleMinutes: longest && Math.min(idleMinutes ?? longest, longest),
    everySignIn,
  })

  async function show(ctx: Ctx, person: SignedIn, options?: RenderOptions): Promise<void> {
    const chosen = inForce(await settings.of(person.oid))
    person.show('cabinet/settings', { ...chosen, choices, done: ctx.query.done === 'changed' }, options)
  }

  async function change(ctx: Ctx, { oid, session }: SignedIn, before: Chosen, after: Chosen): Promise<void> {
    const names = (Object.keys(after) as (keyof Chosen)[]).filter((name) => after[name] !== before[name])
    if (names.length === 0) return
    const owner = await ownerNotices.ownerOf(oid)
    await store.tx(async (tx) => {
      await settings.change(tx, oid, after)
      await journal.record(
        tx,
        settingsChanged({ account: oid, names: names.join(' '), origin: session, ...placeOf(ctx) }),
      )
      if (before.everySignIn && !after.everySignIn)
        await ownerNotices.tell(tx, owner, { kind: 'sign_in_notices_off', values: {} })
    })
  }

  router.get('/settings', async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (person) await show(ctx, person)
  })

  router.post('/settings', async (ctx) => {
    const person = await entrance.signedIn(ctx, kept)
    if (!person) return
    const form = readForm(ctx, Form)
    if (!form.ok) return show(ctx, person, { status: 422, errors: form.errors, typed: form.typed })
    const before = inForce(await settings.of(person.oid))
    const { locale, idleMinutes = before.idleMinutes, everySignIn } = form.values
    const after: Chosen = {
      locale,
      idleMinutes: idleMinutes === undefined ? undefined : Math.min(Number(idleMinutes), longest!),
      everySignIn: everySignIn === 'yes',
    }
    const changer = isWeaker(after, before) ? await entrance.signedIn(ctx, { ...sensitive, ...kept }) : person
    if (!changer) return
    await change(ctx, changer, before, after)
    chooseLocale(ctx, locale)
    leadTo(ctx, '/settings?done=changed')
  })
}

/** The language switch of our pages also chooses the language of messages, for whoever is signed in. */
export function makeRememberLanguage(deps: Pick<SettingsRoutesDeps, 'entrance' | 'settings' | 'journal' | 'store'>) {
  const { entrance, settings, journal, store } = deps
  return async (ctx: Ctx, locale: Locale): Promise<void> => {
    const person = await entrance.whose(ctx)
    if (!person || (await settings.of(person.oid)).locale === locale) return
    await store.tx(async (tx) => {
      await settings.change(tx, person.oid, { locale })
      const event = { account: person.oid, names: 'locale', origin: person.session, ...placeOf(ctx) }
      await journal.record(tx, settingsChanged(event))
    })
  }
}

/** Whether whoever sits at somebody else's open page would gain by it. */
function isWeaker(after: Chosen, before: Chosen): boolean {
  return (before.everySignIn && !after.everySignIn) || (after.idleMinutes ?? 0) > (before.idleMinutes ?? 0)
}
