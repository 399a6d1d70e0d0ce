import { z } from 'zod'
import type { Settings } from '#src/accounts/settings.ts'
import type { Factor } from '#src/factors/factor.ts'
import type { Ctx, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Journal } from '#src/journal/journal.ts'
import { placeOf } from '#src/login/attempts.ts'
import type { ChannelKind } from '#src/notifications/channels.ts'
import type { Store } from '#src/store/store.ts'
import type { Entrance, SignedIn } from './entrance.ts'
import { cabinetErrors } from './errors.ts'
import { settingsChanged } from './events.ts'

export interface CodeRoutesDeps {
  readonly entrance: Entrance
  /** One-time codes, whose authenticators are the channels of the account. */
  readonly code: Pick<Factor, 'authenticators'>
  readonly settings: Settings
  readonly journal: Pick<Journal, 'record'>
  readonly store: Pick<Store, 'tx'>
}

const PATH = '/security/codes'
const Form = z.object({ channel: z.string(cabinetErrors.choice_missing.code) })

/** By which channel one-time codes are sent first; the others stay within reach on the page that asks for the code. */
export function codeRoutes(router: Routes, { entrance, code, settings, journal, store }: CodeRoutesDeps): void {
  async function show(ctx: Ctx, { oid, show }: SignedIn, options?: RenderOptions): Promise<void> {
    const channels = await code.authenticators(oid)
    const { codeChannel } = await settings.of(oid)
    const chosen = channels.find(({ id }) => id === codeChannel) ?? channels[0]
    const items = channels.map(({ id, detail }) => ({ channel: id, detail }))
    show('cabinet/codes', { items, chosen: chosen?.id, done: ctx.query.done === 'changed' }, options)
  }

  router.get(PATH, async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (person) await show(ctx, person)
  })

  router.post(PATH, async (ctx) => {
    const person = await entrance.signedIn(ctx, { keep: ['channel'] })
    if (!person) return
    const form = readForm(ctx, Form)
    if (!form.ok) return show(ctx, person, { status: 422, errors: form.errors })
    const { oid, session: origin } = person
    const channels = await code.authenticators(oid)
    const chosen = channels.find(({ id }) => id === form.values.channel)
    if (!chosen) {
      const error = { field: 'channel', code: cabinetErrors.choice_missing.code }
      return show(ctx, person, { status: 422, errors: [error] })
    }
    await store.tx(async (tx) => {
      await settings.change(tx, oid, { codeChannel: chosen.id as ChannelKind })
      await journal.record(tx, settingsChanged({ account: oid, names: 'codeChannel', origin, ...placeOf(ctx) }))
    })
    leadTo(ctx, `${PATH}?done=changed`)
  })
}
