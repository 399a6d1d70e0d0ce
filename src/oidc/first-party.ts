import type Provider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Account } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { AccountSettings, Settings } from '#src/accounts/settings.ts'
import { CLOSED_PATH, type Entrance, type Need, type SignedIn } from '#src/cabinet/entrance.ts'
import { cabinetErrors } from '#src/cabinet/errors.ts'
import { referenceRefused } from '#src/cabinet/events.ts'
import { KEPT_SECONDS, type KeptForms } from '#src/cabinet/kept-forms.ts'
import type { SecondFactorPolicy } from '#src/config/config.ts'
import type { Evidence } from '#src/factors/factor.ts'
import type { Ctx, Routes } from '#src/http/context.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { returnPath } from '#src/http/return-path.ts'
import type { Journal } from '#src/journal/journal.ts'
import { addSeconds, type Clock, unixSeconds } from '#src/kernel/clock.ts'
import { AppError } from '#src/kernel/errors.ts'
import { type AccountId, ticketHash } from '#src/kernel/ids.ts'
import type { Acr } from '#src/kernel/levels.ts'
import { type Locale, wordedTime } from '#src/kernel/locale.ts'
import type { ByRealm } from '#src/kernel/realms.ts'
import { type ChangeDemands, type Demand, demandOf, freshEnough, meets, reached, ruled } from '#src/login/assurance.ts'
import { placeOf } from '#src/login/attempts.ts'
import { readEvidence } from '#src/login/evidence.ts'
import type { Interaction } from '#src/login/interaction.ts'
import type { WayBack } from '#src/login/way-back.ts'
import type { RelyingParty } from './clients.ts'
import { oidcErrors } from './errors.ts'
import type { PageCookies } from './page-cookies.ts'
import { paths } from './paths.ts'
import { freshFrom } from './policy.ts'
import { FIRST_PARTY, IDLE_PARAMETER, TWO_FACTORS_PARAMETER } from './requirement.ts'

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
  /** Unix seconds. */
  readonly exp?: number
}

export interface EntranceDeps {
  /** The provider in force. */
  readonly current: () => Provider
  readonly accounts: Pick<Accounts, 'find'>
  readonly settings: Pick<Settings, 'of'>
  readonly keptForms: KeptForms
  /** To the sign-in that sent the person here. */
  readonly wayBack: Pick<WayBack, 'of'>
  readonly cookies: PageCookies
  readonly journal: Pick<Journal, 'note'>
  readonly clock: Clock
  readonly issuer: URL
  /** The installation's limit; owners may choose a shorter one. */
  readonly idleSeconds: number
  /** What it takes to change what opens the account. */
  readonly changeDemands: (oid: AccountId) => Promise<ChangeDemands>
  readonly secondFactor: ByRealm<SecondFactorPolicy>
}

/**
 * Our own pages behind the provider's session. Idle time is counted by a cookie that each page refreshes: without it only a sign-in
 * within the limit counts, however long the session itself lives on. The session is read here and never written: to store it would undo
 * what a sign-in in another tab has just put into it. So these pages do not prolong single sign-on, which has an idle time of its own.
 */
export function makeEntrance(deps: EntranceDeps): Entrance {
  const { current, accounts, settings, wayBack, keptForms, cookies, journal, clock, issuer } = deps

  const sessionOf = async (ctx: Ctx) => (await current().Session.get(ctx as never)) as unknown as Session

  const ownerOf = ({ accountId }: Session) => (accountId === undefined ? undefined : Number(accountId))

  function idleSecondsOf(chosen: AccountSettings | undefined): number {
    return Math.min(deps.idleSeconds, (chosen?.idleMinutes ?? Number.POSITIVE_INFINITY) * 60)
  }

  const fresh = (evidence: readonly Evidence[], seconds: number | undefined) =>
    freshEnough(evidence, seconds === undefined ? undefined : freshFrom(clock.now(), seconds))

  /** @param missing one of these is what the session lacks, or two factors */
  function sendToSignIn(ctx: Ctx, need: Need, missing: Missing, maxAgeSeconds: number | undefined): void {
    const { page } = ctx.state
    const { acrs, twoFactors, lasting, idle } = missing
    const query = new URLSearchParams({
      client_id: FIRST_PARTY,
      response_type: 'none',
      scope: 'openid',
      redirect_uri: `${issuer.origin}${RETURN_PATH}`,
      state: pageOf(ctx, need),
      acr_values: acrs.join(' '),
      ui_locales: page.locale,
      ...(twoFactors && { [TWO_FACTORS_PARAMETER]: lasting ? 'lasting' : 'any' }),
      ...(maxAgeSeconds !== undefined && { max_age: String(maxAgeSeconds) }),
      ...(idle !== undefined && { [IDLE_PARAMETER]: idle }),
    })
    leadTo(ctx, `${paths.authorization}?${query}`)
  }

  /** @param oid whose session it is; one that is gone is known by the page that was shown last */
  async function keepForm(ctx: Ctx, need: Need, oid: AccountId | undefined): Promise<boolean> {
    const owner = oid ?? cookies.lastShown(ctx)?.oid
    const fields = fieldsOf(ctx, need.keep ?? [])
    if (owner === undefined || ctx.method !== 'POST' || Object.keys(fields).length === 0) return false
    // The page was shown before the account was erased.
    if (!(await accounts.find(owner))) return false
    const ticket = await keptForms.keep(owner, { page: pageOf(ctx, need), fields })
    if (ticket !== undefined) cookies.giveFormTicket(ctx, ticket, KEPT_SECONDS)
    return ticket !== undefined
  }

  /** Whether a page was open here until its time was up, and not merely somewhere else. */
  function wentIdle(ctx: Ctx, idleSeconds: number): boolean {
    const last = cookies.lastShown(ctx)
    return last !== undefined && last.secondsAgo >= idleSeconds
  }

  /** Once the form has come again, what was kept of it is not shown any more. */
  async function takeKept(ctx: Ctx, need: Need, oid: AccountId): Promise<SignedIn['kept']> {
    const ticket = cookies.formTicket(ctx)
    if (ticket === undefined) return undefined
    if (ctx.method === 'GET') {
      const form = await keptForms.find(oid, ticket)
      return form?.page === ctx.originalUrl ? form.fields : undefined
    }
    if (need.keep) {
      await keptForms.drop(oid, ticket)
      cookies.dropFormTicket(ctx)
    }
    return undefined
  }

  function welcomed(ctx: Ctx, account: Account, session: Session, known: Known): SignedIn {
    const { oid } = account
    return {
      oid,
      account,
      ...known,
      session: ticketHash(session.uid),
      show(view, model, options) {
        const { page } = ctx.state
        const { givenName, familyName } = account.person
        const { kept, closesAt } = known
        const cabinet = {
          number: oid,
          state: account.state,
          name: `${givenName} ${familyName}`,
          path: ctx.path,
          until: wordedTime(closesAt, page.locale),
          seconds: known.closesInSeconds,
          kept: kept !== undefined,
          wayBack: wayBack.of(ctx),
          unfinished: cookies.unfinished(ctx, oid),
        }
        page.render(view, { ...model, cabinet }, { ...(kept && { typed: kept }), ...options })
      },
      async missing(what) {
        await journal.note(referenceRefused({ account: oid, kind: what, ...placeOf(ctx) }))
        return new AppError(cabinetErrors.not_found)
      },
    }
  }

  /** Whoever has nothing beside one factor: what to add first, and from there back to this page. */
  function showWhatToAdd(ctx: Ctx, { account, show }: SignedIn, page: string): undefined {
    cookies.leaveUnfinished(ctx, account.oid, page)
    const contacts = (['phone', 'email'] as const).filter((kind) => account[kind] === undefined)
    show('cabinet/one-proof', { contacts }, { status: cabinetErrors.one_proof.status })
  }

  return {
    async signedIn(ctx, need = {}) {
      const session = await sessionOf(ctx)
      const oid = ownerOf(session)
      const [account, chosen] = oid === undefined ? [] : await Promise.all([accounts.find(oid), settings.of(oid)])
      if (account?.state === 'closed' && !need.closed) {
        leadTo(ctx, CLOSED_PATH)
        return undefined
      }
      const idleSeconds = idleSecondsOf(chosen)
      const all = readEvidence(session.evidence)
      const unseen = cookies.unseenSeconds(ctx, session.uid)
      // Times are cut to whole seconds, and a page that has just closed must not find itself awake.
      const awakeSeconds = idleSeconds - 1
      const awake = (unseen !== undefined && unseen <= awakeSeconds) || fresh(all, awakeSeconds).length > 0
      const limits = [need.maxAgeSeconds, awake ? undefined : awakeSeconds].filter((limit) => limit !== undefined)
      const maxAgeSeconds = limits.length > 0 ? Math.min(...limits) : undefined
      const evidence = fresh(all, maxAgeSeconds)
      const level = reached(evidence)
      const change = need.highest && account ? await deps.changeDemands(account.oid) : undefined
      const wanted = (need.waits ? undefined : change?.atOnce) ?? change?.delayed ?? demandOf(need.level ?? 'aal1')
      const isRuled = account !== undefined && deps.secondFactor[account.realm] === 'required'
      const short = level === undefined || !meets(isRuled ? ruled(wanted) : wanted, evidence)
      const isOpen = account?.state === 'active' || account?.state === 'closed'
      if (!isOpen || short || !meets({ level, anyOf: need.anyOf ?? [] }, evidence)) {
        const kept = await keepForm(ctx, need, oid)
        // One after the other: `acr_values` cannot ask for both.
        const acrs = short ? [wanted.level] : (need.anyOf ?? [wanted.level])
        const idle = awake || !wentIdle(ctx, idleSeconds) ? undefined : kept ? 'kept' : 'yes'
        sendToSignIn(ctx, need, { ...wanted, acrs, idle }, maxAgeSeconds)
        return undefined
      }
      const weak = change !== undefined && (change.atOnce === undefined || !meets(change.atOnce, evidence))
      const isAlone = weak && !need.waits && !need.evenAlone
      cookies.saw(ctx, session.uid, account.oid)
      if (isAlone) await keepForm(ctx, need, account.oid)
      const kept = isAlone ? undefined : await takeKept(ctx, need, account.oid)
      const closesAt = earlier(addSeconds(clock.now(), idleSeconds), session.exp)
      const closesInSeconds = unixSeconds(closesAt) - unixSeconds(clock.now())
      const person = welcomed(ctx, account, session, { level, evidence, weak, kept, closesAt, closesInSeconds })
      if (isAlone) return showWhatToAdd(ctx, person, pageOf(ctx, need))
      if (change && cookies.unfinished(ctx, account.oid) === pageOf(ctx, need)) cookies.dropUnfinished(ctx)
      return person
    },
    async whose(ctx) {
      const session = await sessionOf(ctx)
      const oid = ownerOf(session)
      return oid === undefined ? undefined : { oid, session: ticketHash(session.uid) }
    },
    leave: cookies.clear,
  }
}

type Known = Pick<SignedIn, 'level' | 'evidence' | 'weak' | 'kept' | 'closesAt' | 'closesInSeconds'>

type Missing = Pick<Demand, 'twoFactors' | 'lasting'> & {
  readonly acrs: readonly Acr[]
  readonly idle: Interaction['idle']
}

/** Where the browser comes back to after the sign-in. */
function pageOf(ctx: Ctx, { page }: Need): string {
  return ctx.method === 'GET' ? ctx.originalUrl : (page ?? ctx.path)
}

function fieldsOf(ctx: Ctx, names: readonly string[]): Record<string, string> {
  const body = (ctx.request.body ?? {}) as Record<string, unknown>
  const texts = names
    .map((name): [string, unknown] => [name, body[name]])
    .filter((pair): pair is [string, string] => typeof pair[1] === 'string' && isPlain(pair[1]))
  return Object.fromEntries(texts)
}

/** As `readForm` would take it. */
const isPlain = (text: string) => text.isWellFormed() && !text.includes('\0')

/** @param exp Unix seconds */
function earlier(at: Date, exp: number | undefined): Date {
  return exp === undefined || at.getTime() < exp * 1000 ? at : new Date(exp * 1000)
}

/** Where the sign-in for our own pages comes back to; the page itself looks at the session again. */
export function entranceRoutes(router: Routes): void {
  router.get(RETURN_PATH, (ctx) => {
    const { state, error } = ctx.query
    if (error !== undefined) throw new AppError(oidcErrors.sign_in_refused)
    leadTo(ctx, returnPath(state) ?? '/')
  })
}
