import type Koa from 'koa'
import { type AppDeps, makeApp } from '#src/http/app.ts'
import type { Ctx, State } from '#src/http/context.ts'
import { httpErrors } from '#src/http/errors.ts'
import { AppError } from '#src/kernel/errors.ts'
import { randomTicket } from '#src/kernel/ids.ts'
import type { Locale } from '#src/kernel/locale.ts'
import { Secret } from '#src/kernel/secret.ts'
import type { SandboxChannels, SentMessage } from '#src/notifications/sandbox-channel.ts'

export interface OutboxAppDeps extends Pick<AppDeps, 'log' | 'views' | 'texts' | 'assets'> {
  /** Where the page is served, e.g. `http://localhost:3003`. */
  readonly origin: string
  readonly sandboxChannels: Pick<SandboxChannels, 'messages'>
}

/** So many are on the page; the API answers with all that are kept. */
const SHOWN = 100

const LETTER = /^\/letters\/([0-9a-f-]{36})\.pdf$/
const letterPath = (id: string) => `/letters/${id}.pdf`

/**
 * What would have gone out, as a page (`/`) and as JSON (`GET /api/messages`); both take `?to=` and show the newest first. A letter is a link to
 * its PDF.
 */
export function makeOutboxApp({ origin, sandboxChannels, log, views, texts, assets }: OutboxAppDeps): Koa<State> {
  return makeApp({
    issuer: new URL(origin),
    log,
    views,
    texts,
    assets,
    csrfKey: new Secret(randomTicket()),
    trustedProxies: [],
    unitOfWork: (_ctx, next) => next(),
    ready: async () => true,
    routes(router) {
      router.get('/', (ctx) => {
        const to = askedFor(ctx)
        const messages = sandboxChannels.messages({ to })
        const model = {
          messages: messages.slice(0, SHOWN).map((message) => shown(message, ctx.state.page.locale)),
          hidden: Math.max(messages.length - SHOWN, 0),
          refreshHref: to === undefined ? '/' : `/?${new URLSearchParams({ to })}`,
          filtered: to !== undefined,
        }
        ctx.state.page.render('sandbox/outbox', model, { typed: { to: to ?? '' } })
      })
      router.get('/api/messages', (ctx) => {
        ctx.set('Cache-Control', 'no-store')
        ctx.body = sandboxChannels
          .messages({ to: askedFor(ctx) })
          .map(({ pdf, ...message }) => ({ ...message, ...(pdf && { link: `${origin}${letterPath(message.id)}` }) }))
      })
      router.get('/letters/:file', (ctx) => {
        const id = LETTER.exec(ctx.path)?.[1]
        const pdf = sandboxChannels.messages().find((message) => message.id === id)?.pdf
        if (!pdf) throw new AppError(httpErrors.not_found)
        ctx.set('Cache-Control', 'no-store')
        ctx.type = 'application/pdf'
        ctx.body = pdf
      })
    },
  })
}

/** @throws AppError `http.repeated_field` | `http.bad_characters` */
function askedFor(ctx: Ctx): string | undefined {
  const { to } = ctx.query
  if (Array.isArray(to)) throw new AppError(httpErrors.repeated_field, { field: 'to' })
  if (to !== undefined && (to.includes('\0') || !to.isWellFormed())) throw new AppError(httpErrors.bad_characters)
  return to?.trim() || undefined
}

function shown({ id, channel, to, subject, text, pdf, at }: SentMessage, locale: Locale) {
  return {
    letterHref: pdf && letterPath(id),
    channel,
    to,
    subject,
    lines: text.split('\n'),
    isoTime: at.toISOString(),
    time: timeFormats[locale].format(at),
  }
}

const timeOptions = { dateStyle: 'long', timeStyle: 'medium', timeZone: 'Europe/Moscow' } as const
const timeFormats: Readonly<Record<Locale, Intl.DateTimeFormat>> = {
  ru: new Intl.DateTimeFormat('ru-RU', timeOptions),
  en: new Intl.DateTimeFormat('en-GB', timeOptions),
}
