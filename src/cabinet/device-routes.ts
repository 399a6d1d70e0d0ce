import { z } from 'zod'
import type { Ctx, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Journal } from '#src/journal/journal.ts'
import { wordedDate } from '#src/kernel/locale.ts'
import { placeOf } from '#src/login/attempts.ts'
import type { Devices } from '#src/login/devices.ts'
import { deviceForgotten } from '#src/login/events.ts'
import type { Entrance, SignedIn } from './entrance.ts'
import { deviceInWords, momentInWords, placeInWords } from './place-words.ts'

export interface KnownDeviceRoutesDeps {
  readonly entrance: Entrance
  readonly devices: Pick<Devices, 'list' | 'forget' | 'forgetAll' | 'distrust' | 'refOf'>
  readonly journal: Pick<Journal, 'note'>
}

const HERE = '/security/devices'
const Empty = z.object({})
const outcomes = ['forgotten', 'all_forgotten', 'distrusted'] as const

/** Browsers that the account knows, and those that are trusted. Forgetting only makes sign-ins stricter, so it asks for nothing more. */
export function knownDeviceRoutes(router: Routes, { entrance, devices, journal }: KnownDeviceRoutesDeps): void {
  async function show(ctx: Ctx, person: SignedIn): Promise<void> {
    const { t, locale } = ctx.state.page
    const here = devices.refOf(ctx, person.oid)
    const list = (await devices.list(person.oid)).map((device) => ({
      ref: device.ref,
      device: deviceInWords(device.device, t),
      place: placeInWords(device, locale),
      first: wordedDate(device.firstSeenAt, locale),
      last: momentInWords(device.lastSeenAt, t, locale),
      trusted: device.trustedUntil && wordedDate(device.trustedUntil, locale),
      current: device.ref === here,
    }))
    person.show('cabinet/devices', { devices: list, done: outcomes.find((outcome) => outcome === ctx.query.done) })
  }

  const note = (ctx: Ctx, person: SignedIn, what: (typeof outcomes)[number]) =>
    journal.note(deviceForgotten({ account: person.oid, origin: person.session, what, ...placeOf(ctx) }))

  router.get(HERE, async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (person) await show(ctx, person)
  })

  router.post(`${HERE}/forget-all`, async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (!person) return
    if (!readForm(ctx, Empty).ok) return show(ctx, person)
    await devices.forgetAll(person.oid)
    await note(ctx, person, 'all_forgotten')
    leadTo(ctx, `${HERE}?done=all_forgotten`)
  })

  const one = (action: 'forget' | 'distrust', done: (typeof outcomes)[number]) =>
    router.post(`${HERE}/:ref/${action}`, async (ctx) => {
      const person = await entrance.signedIn(ctx)
      if (!person) return
      if (!readForm(ctx, Empty).ok) return show(ctx, person)
      if (!(await devices[action](person.oid, ctx.params.ref ?? ''))) throw await person.missing('device')
      await note(ctx, person, done)
      leadTo(ctx, `${HERE}?done=${done}`)
    })
  one('forget', 'forgotten')
  one('distrust', 'distrusted')

  // The address bar, the language switch and the way back from a sign-in lead here by GET.
  for (const path of ['forget-all', ':ref/forget', ':ref/distrust'])
    router.get(`${HERE}/${path}`, (ctx) => leadTo(ctx, HERE))
}
