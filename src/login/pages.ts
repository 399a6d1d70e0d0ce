import type { Accounts } from '#src/accounts/accounts.ts'
import type { Settings } from '#src/accounts/settings.ts'
import { consentItems } from '#src/consents/display.ts'
import type { Factor, LoginView, PageModel } from '#src/factors/factor.ts'
import type { Factors } from '#src/factors/registry.ts'
import type { Ctx, FieldError, RenderOptions } from '#src/http/context.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Requests } from '#src/proofing/proofing.ts'
import type { ShownChallenge } from './challenge/challenges.ts'
import type { Interaction } from './interaction.ts'
import type { LastFactor } from './last-factor.ts'
import { type Due, mayTrust, type Situation } from './login.ts'

/** The pages of a sign-in. Their forms may end in a redirect to the relying party, which CSP has to let through. */
export interface LoginPages {
  show(ctx: Ctx, at: Interaction, now: Situation): Promise<void>
  identify(ctx: Ctx, at: Interaction, now: Situation, options?: RenderOptions, challenge?: ShownChallenge): void
  factor(ctx: Ctx, at: Interaction, now: Situation, kind: string, options?: RenderOptions): Promise<void>
  /** A page of the kind that is being added. */
  enrolment(ctx: Ctx, at: Interaction, now: Situation, page: PageModel, options?: RenderOptions): void
  /** A new authenticator in the place of one that was just used. */
  renewal(ctx: Ctx, at: Interaction, now: Situation, options?: RenderOptions): Promise<void>
  consent(ctx: Ctx, at: Interaction, now: Situation, options?: RenderOptions): Promise<void>
}

/** As many requests may be under way at once. */
const LATEST = 10

export interface LoginPagesDeps {
  readonly accounts: Pick<Accounts, 'read'>
  readonly settings: Pick<Settings, 'of'>
  readonly factors: Factors
  readonly consentDays: number
  readonly lastFactor: Pick<LastFactor, 'of'>
  readonly requests: Pick<Requests, 'list'>
}

/** Where the pages of a sign-in are: every form and link of theirs begins with it. */
export function baseOf({ uid }: Pick<Interaction, 'uid'>, { adding }: Pick<Situation, 'adding'>): string {
  const base = `/login/${encodeURIComponent(uid)}`
  return adding === undefined ? base : `${base}/enrol/${encodeURIComponent(adding)}`
}

/** What was added in this sign-in and is not enough is named, or its owner would add one after the other. */
function unmet(
  { enrol, lacking }: Due & { kind: 'unmet' },
  { demandedBy }: Interaction,
  proven: Situation['proven'],
): PageModel {
  const added = enrol.filter((kind) => proven.some((piece) => piece.kind === kind))
  return { view: 'login/unmet', model: { enrol, lacking, added, demandedBy: demandedBy.signIn } }
}

export function makeLoginPages(deps: LoginPagesDeps): LoginPages {
  const factors: Readonly<Record<string, Factor>> = deps.factors

  function render(
    ctx: Ctx,
    at: Interaction,
    now: Situation,
    { view, model }: PageModel,
    options: RenderOptions = {},
  ): void {
    // What a person typed or is called is never kept in memory for the next one.
    const hot = view === 'login/password' && at.loginHint === undefined && options.typed === undefined
    const status = options.status ?? (options.errors?.length ? 422 : 200)
    ctx.state.page.render(
      view,
      { ...model, client: at.client, base: baseOf(at, now) },
      { ...options, status, leavesOrigin: true, ...(hot && { perRequest: ['base'] }) },
    )
  }

  /** Whether registries are at what the person sent. */
  async function checkedNow(oid: AccountId): Promise<boolean> {
    const latest = await deps.requests.list(oid, { limit: LATEST })
    return latest.some(({ state }) => state === 'checking')
  }

  /** The one that the person picked, else the one that the owner prefers, else the one used last on this device, else the first. */
  async function offered(ctx: Ctx, oid: number, kinds: readonly string[]): Promise<string> {
    const { preferredFactor } = await deps.settings.of(oid)
    const own = kinds.filter((kind) => !factors[kind]!.opens)
    const last = deps.lastFactor.of(ctx)
    return (
      kinds.find((kind) => kind === ctx.query.with) ??
      own.find((kind) => kind === preferredFactor) ??
      own.find((kind) => kind === last) ??
      own[0]!
    )
  }

  const pages: LoginPages = {
    async show(ctx, at, now) {
      if (now.due.kind === 'factor') {
        const kind = await offered(ctx, now.oid!, now.due.factors)
        return factors[kind]!.opens ? pages.identify(ctx, at, now) : pages.factor(ctx, at, now, kind)
      }
      if (now.due.kind === 'renewal') return pages.renewal(ctx, at, now)
      if (now.due.kind === 'identity') {
        const checking = await checkedNow(now.oid!)
        return render(ctx, at, now, {
          view: 'login/identity',
          model: { ...now.due, checking, demandedBy: at.demandedBy.identity },
        })
      }
      if (now.due.kind === 'consent') return pages.consent(ctx, at, now)
      if (now.due.kind === 'unmet') return render(ctx, at, now, unmet(now.due, at, now.proven))
      pages.identify(ctx, at, now)
    },
    identify(ctx, at, now, options, challenge) {
      const again = at.session !== undefined
      render(
        ctx,
        at,
        now,
        { view: 'login/password', model: { loginHint: at.loginHint, again, idle: at.idle, challenge } },
        options,
      )
    },
    async factor(ctx, at, now, kind, options) {
      const due = now.due.kind === 'factor' ? now.due : undefined
      const view: LoginView = {
        uid: at.uid,
        oid: now.oid,
        locale: ctx.state.page.locale,
        browser: ctx.state.page.browser(),
        network: ctx.state.network,
        wanted: due?.wanted ?? at.required.level,
        ...(typeof ctx.query.via === 'string' && { via: ctx.query.via }),
      }
      const factor = factors[kind]!
      const { view: name, model } = await factor.begin(view)
      const refusal = model.refusal as Omit<FieldError, 'field'> | undefined
      const errors = options?.errors ?? (refusal ? [{ field: factor.fields[0] ?? '', ...refusal }] : undefined)
      const step = {
        kind,
        others: due?.factors.filter((other) => other !== kind) ?? [],
        why: due?.why,
        demandedBy: due?.why === 'service' ? at.demandedBy.signIn : undefined,
        mayTrust: mayTrust(now),
        // Who is signed in already, or has got half-way to a new authenticator, does not begin as somebody else from here.
        mayRestart: now.proven.length > 0 && now.adding === undefined,
      }
      render(ctx, at, now, { view: name, model: { ...model, ...step } }, { ...options, ...(errors && { errors }) })
    },
    enrolment: render,
    async renewal(ctx, at, now, options) {
      if (now.due.kind !== 'renewal') return pages.show(ctx, at, now)
      const { factor, required, mayNow } = now.due
      const { view, model } = await factors[factor]!.renewal!.page(now.oid!)
      render(ctx, at, now, { view, model: { ...model, required, mayNow } }, options)
    },
    async consent(ctx, at, now, options) {
      const { page } = ctx.state
      const account = await deps.accounts.read(now.oid!)
      const items = consentItems(account, at, { t: page.t, locale: page.locale })
      const offline = at.scopes.includes('offline_access')
      const { resources, details } = at
      const model = { items, resources, details, offline, days: deps.consentDays }
      render(ctx, at, now, { view: 'login/consent', model }, options)
    },
  }
  return pages
}
