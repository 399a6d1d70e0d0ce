import { z } from 'zod'
import type { AccountSession, Sessions } from '#src/accounts/sessions.ts'
import type { Ctx, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Entrance, SignedIn } from './entrance.ts'
import { deviceInWords, momentInWords, placeInWords } from './place-words.ts'

export interface SessionRoutesDeps {
  readonly entrance: Entrance
  readonly sessions: Pick<Sessions, 'list' | 'end' | 'endAll'>
}

const HERE = '/security/sessions'
const Empty = z.object({})
/** Offline access lives on, as after any sign-out (Back-Channel Logout, section 2.7); it ends with the consent. */
const ending = { offline: 'kept', reason: 'ended_by_owner' } as const

/** Where the person is signed in, and the end of it. Ending asks for nothing more: whoever is in doubt shall not be held up. */
export function sessionRoutes(router: Routes, { entrance, sessions }: SessionRoutesDeps): void {
  function shown(session: AccountSession, person: SignedIn, { t, locale }: Ctx['state']['page']) {
    return {
      ref: session.ref,
      device: deviceInWords(session.device, t),
      place: placeInWords(session, locale),
      begun: momentInWords(session.begunAt, t, locale),
      seen: momentInWords(session.seenAt, t, locale),
      current: session.ref === person.session,
    }
  }

  async function show(ctx: Ctx, person: SignedIn): Promise<void> {
    const { page } = ctx.state
    const list = (await sessions.list(person.oid)).map((session) => shown(session, person, page))
    // This one first: it is what the others are compared with.
    const ordered = [...list.filter(({ current }) => current), ...list.filter(({ current }) => !current)]
    const done = ctx.query.done === 'one' || ctx.query.done === 'others' ? ctx.query.done : undefined
    person.show('cabinet/sessions', { sessions: ordered, done })
  }

  router.get(HERE, async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (person) await show(ctx, person)
  })

  router.post(`${HERE}/end-others`, async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (!person) return
    if (!readForm(ctx, Empty).ok) return show(ctx, person)
    await sessions.endAll(person.oid, { ...ending, except: person.session })
    leadTo(ctx, `${HERE}?done=others`)
  })

  router.post(`${HERE}/:ref/end`, async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (!person) return
    if (!readForm(ctx, Empty).ok) return show(ctx, person)
    const { ref = '' } = ctx.params
    // The cookies of this browser go with it, and whoever has signed out shall be told so.
    if (ref === person.session) return leadTo(ctx, '/sign-out')
    if (!(await sessions.end(person.oid, ref, ending))) throw await person.missing('session')
    leadTo(ctx, `${HERE}?done=one`)
  })

  // The address bar, the language switch and the way back from a sign-in lead here by GET.
  for (const path of ['end-others', ':ref/end']) router.get(`${HERE}/${path}`, (ctx) => leadTo(ctx, HERE))
}
