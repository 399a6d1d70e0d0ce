import { maskEmail } from '#src/accounts/fields/email.ts'
import { formatPhone, maskPhone } from '#src/accounts/fields/phone.ts'
import type { PageModel } from '#src/factors/factor.ts'
import type { PasswordProfiles } from '#src/factors/password/profile.ts'
import type { Ctx, RenderOptions } from '#src/http/context.ts'
import { satisfies } from '#src/kernel/levels.ts'
import { wordedMoment } from '#src/kernel/locale.ts'
import type { Standing } from './recovering.ts'
import type { Contact } from './recovery.ts'
import type { Recovery } from './store.ts'

/** Where the forms of a further factor go to. */
export const FURTHER = '/recovery/further'
/** Where those go whose recovery is over, or is not this browser's. */
export const OVER = '/recovery?over=yes'
/** What leads from the page of one factor back to the list of all; text `factor.recovery_list`. */
const LIST = 'recovery_list'

/** The pages of a recovery. */
export interface RecoveryPages {
  start(ctx: Ctx, model: { login?: string | undefined; over?: boolean }, options?: RenderOptions): void
  code(ctx: Ctx, recovery: Recovery, model: { waitSeconds: number; sentAgain: boolean }, options?: RenderOptions): void
  /** Behind the mailed link, in the browser that began. */
  link(ctx: Ctx, ticket: string, recovery: Recovery, options?: RenderOptions): void
  /** Behind it in any other browser. */
  linkElsewhere(ctx: Ctx, code: string): void
  linkGone(ctx: Ctx): void
  ways(ctx: Ctx, standing: Standing, options?: RenderOptions): void
  factor(ctx: Ctx, standing: Standing, kind: string, page: PageModel, options?: RenderOptions): void
  waiting(ctx: Ctx, standing: Standing, recovery: Recovery, options?: RenderOptions): void
  password(ctx: Ctx, standing: Standing, options?: RenderOptions): void
  done(ctx: Ctx, standing: Standing, recovery: Recovery): void
}

export function makeRecoveryPages({ profiles }: { profiles: PasswordProfiles }): RecoveryPages {
  const full = ({ kind, value }: Contact) => ({ kind, text: kind === 'phone' ? formatPhone(value) : value })
  const masked = ({ kind, value }: Contact) => ({ kind, text: kind === 'phone' ? maskPhone(value) : maskEmail(value) })

  const closed = (ctx: Ctx, eraseAt: Date | undefined) =>
    eraseAt && { closedUntil: wordedMoment(eraseAt, ctx.state.page.locale) }

  return {
    start: (ctx, model, options) => ctx.state.page.render('recovery/start', model, options),
    code: (ctx, { progress }, model, options) =>
      ctx.state.page.render('recovery/code', { contact: full(progress.contact), ...model }, options),
    link: (ctx, ticket, { progress }, options) =>
      ctx.state.page.render('recovery/link', { ticket, contact: full(progress.contact) }, options),
    linkElsewhere: (ctx, code) => ctx.state.page.render('recovery/link-elsewhere', { code }),
    linkGone: (ctx) => ctx.state.page.render('recovery/link-gone', {}, { status: 404 }),
    ways(ctx, { ways, waiting }, options) {
      const items = ways.map(({ kind, contact }) => ({ kind, ...(contact && { contact: masked(contact) }) }))
      ctx.state.page.render('recovery/ways', { base: FURTHER, ways: items, waits: waiting.length > 0 }, options)
    },
    factor(ctx, { ways }, kind, { view, model }, options) {
      const others = [...ways.map((way) => way.kind).filter((other) => other !== kind), LIST]
      ctx.state.page.render(view, { ...model, base: FURTHER, kind, others }, options)
    },
    waiting(ctx, { waiting, ways, eraseAt }, { progress }, options) {
      const { page } = ctx.state
      const [change] = waiting
      const model = change && {
        askedAt: wordedMoment(change.requestedAt, page.locale),
        dueAt: wordedMoment(change.dueAt, page.locale),
      }
      const own = progress.ended === 'waits'
      const more = !own && ways.length > 0 && !progress.givesUp
      page.render('recovery/waiting', { ...model, own, more, ...closed(ctx, eraseAt) }, options)
    },
    password(ctx, { account, enough }, options) {
      const { minLength, composed } = profiles[account.realm]
      ctx.state.page.render('recovery/password', { enough, minLength, composed }, options)
    },
    done(ctx, { account: { phone, email }, highest, eraseAt }, { progress: { login } }) {
      const contacts = [phone !== undefined && maskPhone(phone), email !== undefined && maskEmail(email)].filter(
        (contact) => contact !== false,
      )
      ctx.state.page.render('recovery/done', {
        secondFactor: satisfies(highest, 'aal2'),
        contacts: contacts.join(', '),
        // Of a closed account our own pages alone know.
        signInHref: login === undefined || eraseAt ? '/account' : `/login/${login}`,
        ...closed(ctx, eraseAt),
      })
    },
  }
}
