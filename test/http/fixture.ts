import { Writable } from 'node:stream'
import type { Middleware } from 'koa'
import { z } from 'zod'
import { loadConfig } from '#src/config/load.ts'
import { makeApp } from '#src/http/app.ts'
import { makeAssets } from '#src/http/assets.ts'
import { brandOf } from '#src/http/brand.ts'
import type { Routes, State } from '#src/http/context.ts'
import { makeCsrf } from '#src/http/csrf.ts'
import { readForm } from '#src/http/form.ts'
import { makeLog } from '#src/http/log.ts'
import { en } from '#src/http/messages.en.ts'
import { ru } from '#src/http/messages.ru.ts'
import { makeTexts } from '#src/http/texts.ts'
import { makeViews, type Views } from '#src/http/views.ts'
import { AppError, kernelErrors } from '#src/kernel/errors.ts'
import { Secret } from '#src/kernel/secret.ts'

const csrfKey = new Secret('k'.repeat(32))

const brand = brandOf(loadConfig({}).brand)

export interface TinyAppOptions {
  readonly issuer?: string
  readonly unitOfWork?: Middleware<State>
  readonly ready?: () => Promise<boolean>
  /** In place of the templates. */
  readonly views?: Views
}

/** The web application around a handful of routes, with nothing behind it; `lines` is its log. */
export function tinyApp({ issuer = 'https://id.example', unitOfWork, ready, views }: TinyAppOptions = {}) {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const log = makeLog({ level: 'info', destination })
  const assets = makeAssets(brand)
  const texts = makeTexts({ ru, en }, log)
  const origin = new URL(issuer)
  const discarded: string[] = []
  const app = makeApp({
    issuer: origin,
    log,
    views: views ?? makeViews({ texts, assets, brand }),
    texts,
    assets,
    csrfKey,
    trustedProxies: ['127.0.0.1'],
    unitOfWork: unitOfWork ?? ((_ctx, next) => next()),
    ready: ready ?? (async () => true),
    routes: (router) => addRoutes(router, origin),
    provider: async (ctx, next) => {
      if (ctx.path !== '/provider') return next()
      ctx.body = { href: ctx.href, host: ctx.host, secure: ctx.secure, parsed: ctx.request.body !== undefined }
    },
    onInternalError: (ctx) => discarded.push(ctx.state.requestId),
  })
  return { app, callback: app.callback(), assets, lines, discarded }
}

const nameForm = z.object({ name: z.string(), other: z.string().optional() })

function addRoutes(router: Routes, issuer: URL): void {
  const csrf = makeCsrf({ key: csrfKey, issuer })
  router.get('/form', (ctx) => {
    ctx.body = { csrf: csrf.token(ctx), address: ctx.state.address }
  })
  router.post('/form', (ctx) => {
    const form = readForm(ctx, nameForm)
    ctx.status = form.ok ? 200 : 422
    ctx.body = form
  })
  router.get('/person/:name', (ctx) => {
    ctx.body = ctx.state.page.locale
  })
  router.get('/asked/:languages', (ctx) => {
    ctx.state.page.prefer(ctx.params.languages)
    ctx.body = ctx.state.page.locale
  })
  router.get('/fault', (ctx) => {
    ctx.cookies.set('half', 'done')
    throw new Error('the password is hunter2')
  })
  router.get('/leaving', (ctx) => ctx.state.page.render('http/error', { title: '<b>' }, { leavesOrigin: true }))
  router.get('/storing', (ctx) => {
    ctx.cookies.set('half', 'done')
    ctx.redirect('/next')
  })
}

/** Fails like a unit of work whose flush the database refused. */
export const failingUnit: Middleware<State> = async (_ctx, next) => {
  await next()
  throw new AppError(kernelErrors.unavailable)
}
