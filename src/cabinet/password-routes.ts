import { z } from 'zod'
import type { PasswordChanging } from '#src/factors/password/changing.ts'
import type { Passwords } from '#src/factors/password/passwords.ts'
import type { PasswordProfiles } from '#src/factors/password/profile.ts'
import { isOld } from '#src/factors/password/rotation.ts'
import type { RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { type Locale, wordedMoment } from '#src/kernel/locale.ts'
import { type Entrance, type SignedIn, sensitive } from './entrance.ts'

export interface PasswordRoutesDeps {
  readonly entrance: Entrance
  readonly changing: Pick<PasswordChanging, 'change'>
  readonly passwords: Pick<Passwords, 'standing'>
  readonly profiles: PasswordProfiles
  readonly clock: Clock
}

const NewPassword = z.object({ password: z.string().default('') })

/** A new password for somebody who is signed in as strongly as they can. */
export function passwordRoutes(router: Routes, deps: PasswordRoutesDeps): void {
  const { entrance, changing, passwords, profiles, clock } = deps

  async function show(person: SignedIn, locale: Locale, changed = false, options?: RenderOptions): Promise<void> {
    const standing = await passwords.standing(person.oid)
    const profile = profiles[person.account.realm]
    const model = {
      changed,
      minLength: profile.minLength,
      composed: profile.composed,
      setAt: standing && wordedMoment(standing.setAt, locale),
      old: standing !== undefined && isOld(standing, profile, clock.now()),
      mustChange: standing?.mustChange !== undefined,
    }
    person.show('cabinet/password', model, options)
  }

  router.get('/security/password', async (ctx) => {
    const person = await entrance.signedIn(ctx, sensitive)
    if (person) await show(person, ctx.state.page.locale, ctx.query.done === 'changed')
  })

  router.post('/security/password', async (ctx) => {
    const person = await entrance.signedIn(ctx, sensitive)
    if (!person) return
    // What was typed does not come back: a password is on no page of ours.
    const refuse = (error: { field: string; code: string }) =>
      show(person, ctx.state.page.locale, false, { status: 422, errors: [error] })
    const form = readForm(ctx, NewPassword)
    if (!form.ok) return refuse(form.errors[0]!)
    const changed = await changing.change(person.oid, form.values.password, {
      way: 'cabinet',
      origin: person.session,
      except: person.session,
      address: ctx.state.address,
      device: ctx.get('User-Agent').slice(0, 256),
    })
    if (!changed.ok) return refuse({ field: 'password', ...changed })
    leadTo(ctx, '/security/password?done=changed')
  })
}
