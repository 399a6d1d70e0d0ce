import Koa from 'koa'
import type { CustomFetch } from 'openid-client'
import type { Logger } from 'pino'
import { makeApp } from '#src/http/app.ts'
import { makeAssets } from '#src/http/assets.ts'
import type { Brand } from '#src/http/brand.ts'
import type { Texts } from '#src/http/texts.ts'
import { makeViews, type ViewsDeps } from '#src/http/views.ts'
import { randomTicket } from '#src/kernel/ids.ts'
import type { Locale } from '#src/kernel/locale.ts'
import { Secret } from '#src/kernel/secret.ts'
import { makeProviderClient } from './relying-party-client.ts'
import { DEMO_NAME } from './relying-party-registration.ts'
import { demoRoutes } from './relying-party-routes.ts'
import { makeDemoSessions } from './relying-party-sessions.ts'

export interface RelyingPartyDeps {
  readonly issuer: string
  /** Every origin that the demo answers on; the provider sends a browser back to the one it came from. */
  readonly origins: readonly string[]
  readonly clientId: string
  readonly clientSecret: Secret
  /** What the provider calls itself. */
  readonly providerName: Readonly<Record<Locale, string>>
  readonly texts: Texts
  readonly log: Logger
  /** In place of the global `fetch`, for exchanges with the provider. */
  readonly fetch?: CustomFetch
  readonly onRender?: ViewsDeps['onRender']
}

const initial = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 32">
<rect x="4" width="32" height="32" rx="7" fill="#fff"/>
<path d="M26.5 11.2A8 8 0 1 0 26.5 20.8" fill="none" stroke="#7b3fa0" stroke-width="4" stroke-linecap="round"/>
</svg>
`

const demoBrand: Brand = {
  name: DEMO_NAME,
  colours: { header: '#7b3fa0', link: '#6a3389', button: '#7b3fa0', focus: '#ffce45' },
  markSvg: initial,
}

/**
 * The demo relying party: a public service of another name and colour that lets people in through the provider and fills in
 * a form for them. On `localhost` it is same-site with the provider, on `127.0.0.1` it is cross-site.
 */
export function makeRelyingParty(deps: RelyingPartyDeps): Koa {
  const assets = makeAssets(demoBrand)
  const views = makeViews({
    texts: deps.texts,
    brand: demoBrand,
    assets,
    ...(deps.onRender && { onRender: deps.onRender }),
  })
  const csrfKey = new Secret(randomTicket())
  const sites = new Map(deps.origins.map((origin) => [new URL(origin).host, site(origin)]))

  function site(origin: string) {
    const provider = makeProviderClient({ ...deps, origin })
    const sessions = makeDemoSessions(new URL(origin))
    const app = makeApp({
      issuer: new URL(origin),
      log: deps.log,
      views,
      texts: deps.texts,
      assets,
      csrfKey,
      trustedProxies: [],
      unitOfWork: (_ctx, next) => next(),
      ready: async () => true,
      routes: (router) => demoRoutes(router, { provider, sessions, providerName: deps.providerName }),
    })
    return app.callback()
  }

  const door = new Koa()
  door.use(async (ctx) => {
    const handle = sites.get(ctx.get('Host').toLowerCase())
    if (!handle) {
      ctx.status = 421
      ctx.body = 'No site of this name is here.\n'
      return
    }
    ctx.respond = false
    await handle(ctx.req, ctx.res)
  })
  return door
}
