import type Provider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { Entrance, SignedIn } from '#src/cabinet/entrance.ts'
import type { Evidence } from '#src/factors/factor.ts'
import type { Ctx, Routes } from '#src/http/context.ts'
import { cookieName } from '#src/http/cookie-name.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { returnPath } from '#src/http/return-path.ts'
import { type Clock, unixSeconds } from '#src/kernel/clock.ts'
import { AppError } from '#src/kernel/errors.ts'
import { type AccountId, ticketHash } from '#src/kernel/ids.ts'
import { type AuthLevel, satisfies } from '#src/kernel/levels.ts'
import type { Locale } from '#src/kernel/locale.ts'
import { freshEnough, reached } from '#src/login/assurance.ts'
import { readEvidence } from '#src/login/evidence.ts'
import type { RelyingParty } from './clients.ts'
import { oidcErrors } from './errors.ts'
import { paths } from './paths.ts'
import { freshFrom } from './policy.ts'

/** The client_id of our own pages. The colon keeps it out of reach: nobody can register a client_id with one. */
export const FIRST_PARTY = 'propusk:pages'

const RETURN_PATH = '/signed-in'

/**
 * Our own pages as a client of the provider: they get no code and no token, only the provider's session in the same browser. Not in the
 * table of clients, and found before it.
 * @param name the brand
 */
export function firstPartyClient(issuer: URL, name: Readonly<Record<Locale, string>>): RelyingParty {
  return {
    client_id: FIRST_PARTY,
    client_name: name.ru,
    'client_name#en': name.en,
    redirect_uris: [`${issuer.origin}${RETURN_PATH}`],
    response_types: ['none'],
    grant_types: [],
    token_endpoint_auth_method: 'none',
    scope: 'openid',
  }
}

type Grant = InstanceType<KoaContextWithOIDC['oidc']['provider']['Grant']>

/** What our own pages may do: know who is signed in. Nobody is asked, and nothing is stored. */
export function firstPartyGrant({ oidc }: KoaContextWithOIDC): Grant | undefined {
  if (oidc.client?.clientId !== FIRST_PARTY || !oidc.session?.accountId) return undefined
  const grant = new oidc.provider.Grant({ accountId: oidc.session.accountId, clientId: FIRST_PARTY })
  grant.addOIDCScope('openid')
  return grant
}

interface Session {
  readonly uid: string
  readonly accountId?: string
  readonly evidence?: unknown
}

/**
 * Our own pages behind the provider's session. Idle time is counted by a cookie that each page refreshes: without it only a sign-in
 * within the limit counts, however long the session itself lives on.
 * @param current the provider in force
 */
export function makeEntrance(deps: {
  current: () => Provider
  accounts: Pick<Accounts, 'find'>
  clock: Clock
  issuer: URL
  idleSeconds: number
  /** The highest level that the account's authenticators reach. */
  highestLevel: (oid: AccountId) => Promise<AuthLevel>
}): Entrance {
  const { current, accounts, clock, issuer, idleSeconds } = deps
  const secure = issuer.protocol === 'https:'
  const seenCookie = secure ? '__Host-seen' : cookieName('seen', issuer.origin)

  /** `<hash of the session's uid>.<Unix seconds>`, signed by Koa. */
  function wasSeen(ctx: Ctx, uid: string): boolean {
    const [whose, at] = ctx.cookies.get(seenCookie, { signed: true })?.split('.') ?? []
    return whose === ticketHash(uid) && unixSeconds(clock.now()) - Number(at) <= idleSeconds
  }

  function keepSeen(ctx: Ctx, uid: string): void {
    const options = { signed: true, httpOnly: true, sameSite: 'lax', path: '/', secure, overwrite: true } as const
    ctx.cookies.set(seenCookie, `${ticketHash(uid)}.${unixSeconds(clock.now())}`, options)
  }

  const fresh = (evidence: readonly Evidence[], seconds: number | undefined) =>
    freshEnough(evidence, seconds === undefined ? undefined : freshFrom(clock.now(), seconds))

  function sendToSignIn(ctx: Ctx, level: AuthLevel, maxAgeSeconds: number | undefined): void {
    const { page } = ctx.state
    const query = new URLSearchParams({
      client_id: FIRST_PARTY,
      response_type: 'none',
      scope: 'openid',
      redirect_uri: `${issuer.origin}${RETURN_PATH}`,
      state: ctx.method === 'GET' ? ctx.originalUrl : ctx.path,
      acr_values: level,
      ui_locales: page.locale,
      ...(maxAgeSeconds !== undefined && { max_age: String(maxAgeSeconds) }),
    })
    leadTo(ctx, `${paths.authorization}?${query}`)
  }

  return {
    async signedIn(ctx, need = {}): Promise<SignedIn | undefined> {
      const session = (await current().Session.get(ctx as never)) as unknown as Session
      const all = readEvidence(session.evidence)
      const awake = wasSeen(ctx, session.uid) || fresh(all, idleSeconds).length > 0
      const limits = [need.maxAgeSeconds, awake ? undefined : idleSeconds].filter((limit) => limit !== undefined)
      const maxAgeSeconds = limits.length > 0 ? Math.min(...limits) : undefined
      const evidence = fresh(all, maxAgeSeconds)
      const level = reached(evidence)
      const account = session.accountId === undefined ? undefined : await accounts.find(Number(session.accountId))
      const wanted = need.highest && account ? await deps.highestLevel(account.oid) : (need.level ?? 'aal1')
      if (account?.state !== 'active' || level === undefined || !satisfies(level, wanted)) {
        sendToSignIn(ctx, wanted, maxAgeSeconds)
        return undefined
      }
      keepSeen(ctx, session.uid)
      return {
        oid: account.oid,
        level,
        evidence,
        session: ticketHash(session.uid),
        show(view, model, options) {
          const name = `${account.person.givenName} ${account.person.familyName}`
          ctx.state.page.render(view, { ...model, cabinet: { number: account.oid, name, path: ctx.path } }, options)
        },
      }
    },
  }
}

/** Where the sign-in for our own pages comes back to; the page itself looks at the session again. */
export function entranceRoutes(router: Routes): void {
  router.get(RETURN_PATH, (ctx) => {
    const { state, error } = ctx.query
    if (error !== undefined) throw new AppError(oidcErrors.sign_in_refused)
    leadTo(ctx, returnPath(state) ?? '/')
  })
}
