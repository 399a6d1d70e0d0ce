import type { Logger } from 'pino'
import type { Ctx, FieldError, RenderOptions, Routes } from '#src/http/context.ts'
import { cookieName } from '#src/http/cookie-name.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { ticketHash } from '#src/kernel/ids.ts'
import { placeOf } from '#src/login/attempts.ts'
import { units } from '#src/store/unit.ts'
import type { Beginning, Deliver, Proven } from './beginning.ts'
import { recoveryErrors } from './errors.ts'
import { codeForm, emptyForm, loginUid, startForm } from './forms.ts'
import { type FurtherRoutesDeps, furtherRoutes } from './further-routes.ts'
import type { RecoveryLimits } from './limits.ts'
import { OVER } from './pages.ts'
import type { Contact } from './recovery.ts'
import { RECOVERY_SECONDS, type Recoveries, type Recovery } from './store.ts'

export interface RecoveryRoutesDeps extends Omit<FurtherRoutesDeps, 'current' | 'keep'> {
  readonly recoveries: Recoveries
  readonly beginning: Beginning
  readonly limits: RecoveryLimits
  readonly clock: Clock
  readonly log: Pick<Logger, 'error'>
  readonly issuer: URL
}

/** From "I have forgotten my password" to the proven contact: the same for an identifier that nobody holds. */
export function recoveryRoutes(router: Routes, deps: RecoveryRoutesDeps): void {
  const { recoveries, beginning, limits, pages, clock, log } = deps

  const browserOf = (ctx: Ctx) => ticketHash(ctx.state.page.browser())
  const cookieOf = () => {
    const secure = deps.issuer.protocol === 'https:'
    return { secure, name: secure ? '__Host-recovery' : cookieName('recovery', deps.issuer.origin) }
  }
  function keep(ctx: Ctx, ticket: string): void {
    const { name, secure } = cookieOf()
    const maxAge = RECOVERY_SECONDS * 1000
    ctx.cookies.set(name, ticket, { httpOnly: true, sameSite: 'lax', path: '/', secure, overwrite: true, maxAge })
  }
  const current = (ctx: Ctx) => recoveries.find(ctx.cookies.get(cookieOf().name), browserOf(ctx))

  /** After the answer has left, and outside its unit of work: the time until then must not tell that there is somebody to be told. */
  function deliverLater(ctx: Ctx, deliver: Deliver): void {
    ctx.res.once('close', () => {
      units.exit(deliver).catch((err: unknown) => {
        log.error({ err, requestId: ctx.state.requestId }, 'code of a recovery not sent')
      })
    })
  }

  /** Whether the code that was sent a moment ago, before the person went back and forth, is still good. */
  async function isOnTheWay(ctx: Ctx, { kind, value }: Contact, login: string | undefined): Promise<boolean> {
    const recovery = await current(ctx)
    if (!recovery || recovery.progress.proven.length > 0 || recovery.progress.login !== login) return false
    const { contact } = recovery.progress
    return contact.kind === kind && contact.value === value && (await beginning.resendAt(recovery)) !== undefined
  }

  const tooMany = (minutes: number, field: string): RenderOptions => {
    const { code, status } = recoveryErrors.too_many
    return { status, errors: [{ field, code, values: { minutes } }] }
  }

  // The address of the sign-in is only carried along: nothing begins before the form is sent.
  router.get('/login/:uid/recovery', (ctx) =>
    leadTo(ctx, `/recovery?login=${encodeURIComponent(ctx.params.uid ?? '')}`),
  )

  router.get('/recovery', (ctx) => {
    pages.start(ctx, { login: loginUid(ctx.query.login), over: ctx.query.over === 'yes' })
  })

  router.post('/recovery', async (ctx) => {
    const form = readForm(ctx, startForm)
    if (!form.ok) {
      const { login, ...typed } = form.typed
      return pages.start(ctx, { login: loginUid(login) }, { status: 422, errors: form.errors, typed })
    }
    const { identifier: contact, login } = form.values
    const refuse = (options: RenderOptions) =>
      pages.start(ctx, { login }, { ...options, typed: { identifier: contact.value } })
    if (await isOnTheWay(ctx, contact, login)) return leadTo(ctx, '/recovery/code')
    const minutes = await limits.begin(ctx.state.network)
    if (minutes > 0) return refuse(tooMany(minutes, 'identifier'))
    const { network, page } = ctx.state
    const begun = await beginning.begin({
      contact,
      browser: browserOf(ctx),
      ...(login !== undefined && { login }),
      locale: page.locale,
      network,
      place: placeOf(ctx),
    })
    if (!begun.ok) {
      const { error, values } = begun
      return refuse({ status: error.status, errors: [fieldError('identifier', error.code, values)] })
    }
    deliverLater(ctx, begun.deliver)
    keep(ctx, begun.ticket)
    leadTo(ctx, '/recovery/code')
  })

  function goOn(ctx: Ctx, { ticket }: Proven): void {
    if (ticket !== undefined) keep(ctx, ticket)
    leadTo(ctx, '/recovery/next')
  }

  /** Of a recovery whose contact is not proven yet; everybody else goes where they have to. */
  const unproven = (handle: (ctx: Ctx, recovery: Recovery) => Promise<void>) => async (ctx: Ctx) => {
    const recovery = await current(ctx)
    if (!recovery) return leadTo(ctx, OVER)
    if (recovery.progress.proven.length > 0) return leadTo(ctx, '/recovery/next')
    await handle(ctx, recovery)
  }

  async function showCode(ctx: Ctx, recovery: Recovery, options?: RenderOptions): Promise<void> {
    const at = await beginning.resendAt(recovery)
    const waitSeconds = Math.max(0, Math.ceil(((at?.getTime() ?? 0) - clock.now().getTime()) / 1000))
    pages.code(ctx, recovery, { waitSeconds, sentAgain: !options && ctx.query.sent === 'again' }, options)
  }

  router.get(
    '/recovery/code',
    unproven((ctx, recovery) => showCode(ctx, recovery)),
  )

  router.post(
    '/recovery/code',
    unproven(async (ctx, recovery) => {
      const form = readForm(ctx, codeForm)
      if (!form.ok) return showCode(ctx, recovery, { status: 422, errors: form.errors })
      const minutes = await limits.answer(ctx.state.network)
      if (minutes > 0) return showCode(ctx, recovery, tooMany(minutes, 'code'))
      const proven = await beginning.prove(recovery, form.values.code, 'code', placeOf(ctx))
      if (proven.ok) return goOn(ctx, proven)
      const { error, values } = proven
      await showCode(ctx, recovery, { status: error.status, errors: [fieldError('code', error.code, values)] })
    }),
  )

  router.post(
    '/recovery/code/again',
    unproven(async (ctx, recovery) => {
      const form = readForm(ctx, emptyForm)
      if (!form.ok) return showCode(ctx, recovery, { status: 422, errors: form.errors })
      const sent = await beginning.sendAgain(recovery, ctx.state.page.locale, ctx.state.network)
      if (!sent.ok) {
        const { error, values } = sent
        return showCode(ctx, recovery, { status: error.status, errors: [fieldError('code', error.code, values)] })
      }
      deliverLater(ctx, sent.deliver)
      leadTo(ctx, '/recovery/code?sent=again')
    }),
  )

  router.get('/recovery/code/again', (ctx) => leadTo(ctx, '/recovery/code'))

  /**
   * Behind the mailed link. Scanners open it, and so may whoever got a mail that somebody else asked for: it proves the contact only by its
   * button, and only in the browser that began. Elsewhere it shows the code, to be typed there.
   */
  async function linked(ctx: Ctx, proves: boolean): Promise<void> {
    const ticket = ctx.params.ticket ?? ''
    const recovery = await recoveries.findByLink(ticket)
    const code = recovery && (await beginning.codeOfLink(recovery, ticket))
    if (!recovery || code === undefined) return pages.linkGone(ctx)
    if ((await current(ctx))?.id !== recovery.id) return pages.linkElsewhere(ctx, code)
    if (!proves) return pages.link(ctx, ticket, recovery)
    const form = readForm(ctx, emptyForm)
    if (!form.ok) return pages.link(ctx, ticket, recovery, { status: 422, errors: form.errors })
    const minutes = await limits.answer(ctx.state.network)
    if (minutes > 0) return pages.link(ctx, ticket, recovery, tooMany(minutes, ''))
    const proven = await beginning.prove(recovery, code, 'link', placeOf(ctx))
    if (!proven.ok) return pages.linkGone(ctx)
    goOn(ctx, proven)
  }

  router.get('/recovery/link/:ticket', (ctx) => linked(ctx, false))
  router.post('/recovery/link/:ticket', (ctx) => linked(ctx, true))

  furtherRoutes(router, { ...deps, current, keep })
}

function fieldError(field: string, code: string, values: FieldError['values']): FieldError {
  return { field, code, ...(values && { values }) }
}
