import type { Accounts } from '#src/accounts/accounts.ts'
import type { Detachments } from '#src/accounts/detachments.ts'
import type { PasswordHasher } from '#src/factors/password/hash.ts'
import type { PasswordRules } from '#src/factors/password/rules.ts'
import type { Ctx, Routes } from '#src/http/context.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { AppError } from '#src/kernel/errors.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Throttle } from '#src/throttle/throttle.ts'
import { clashRoutes } from './clash-routes.ts'
import { CONSENT_VERSION } from './consent.ts'
import { registrationErrors } from './errors.ts'
import { makeLimits } from './limits.ts'
import { nextStep } from './registration.ts'
import { stepRoutes } from './step-routes.ts'
import { DRAFT_SECONDS, type Draft, type Drafts } from './store.ts'
import type { Wizard } from './wizard.ts'

/** The pages of registration, and what a sign-in needs of them. */
export interface Registration {
  routes(router: Routes): void
  /**
   * Begins a registration that belongs to a sign-in, and leads to its first page.
   * @throws AppError `registration.too_many`
   */
  begin(ctx: Ctx, options: { readonly login: string }): Promise<void>
  /** The account just registered in this browser for this sign-in, and what was proven meanwhile; works once. */
  finishedFor(ctx: Ctx, login: string): Promise<FinishedRegistration | undefined>
}

export interface FinishedRegistration {
  readonly oid: AccountId
  readonly factors: readonly ['password', 'code']
}

export interface RegistrationDeps {
  readonly accounts: Pick<Accounts, 'read'>
  readonly wizard: Wizard
  readonly drafts: Drafts
  readonly detachments: Pick<Detachments, 'request' | 'dueAt'>
  readonly throttle: Pick<Throttle, 'enter'>
  readonly clock: Clock
  readonly hasher: Pick<PasswordHasher, 'hash'>
  /** Whether the issuer is https; the ticket's cookie then has the `__Host-` prefix. */
  readonly secure: boolean
  readonly emailRequired: boolean
  readonly passwordRules: PasswordRules
}

export function makeRegistration(deps: RegistrationDeps): Registration {
  const { drafts, secure } = deps
  const limits = makeLimits(deps)
  const cookie = secure ? '__Host-draft' : 'draft'
  const draftOf = (ctx: Ctx) => drafts.find(ctx.cookies.get(cookie))

  async function begin(ctx: Ctx, login?: string): Promise<void> {
    const minutes = await limits.begin(ctx.state.network)
    if (minutes > 0) throw new AppError(registrationErrors.too_many, { minutes })
    const ticket = await drafts.begin(login)
    const maxAge = DRAFT_SECONDS * 1000
    ctx.cookies.set(cookie, ticket, { httpOnly: true, sameSite: 'lax', path: '/', secure, overwrite: true, maxAge })
    leadTo(ctx, '/registration/phone')
  }

  return {
    begin: (ctx, { login }) => begin(ctx, login),

    async finishedFor(ctx, login) {
      const oid = await drafts.spend(ctx.cookies.get(cookie), login)
      if (oid === undefined) return undefined
      ctx.cookies.set(cookie, null, { path: '/', secure, overwrite: true })
      return { oid, factors: ['password', 'code'] }
    },

    routes(router) {
      router.get('/registration', async (ctx) => {
        const draft = await draftOf(ctx)
        const open = draft && draft.finishedOid === undefined && draft.answers.phone !== undefined
        ctx.state.page.render('registration/start', {
          emailRequired: deps.emailRequired,
          passwordMinLength: deps.passwordRules.minLength('citizen'),
          continueHref: open ? `/registration/${nextStep(draft.answers)}` : undefined,
          expired: draft === undefined && ctx.cookies.get(cookie) !== undefined,
        })
      })

      router.post('/registration', async (ctx) => {
        const draft = await draftOf(ctx)
        if (draft && draft.finishedOid === undefined) await drafts.discard(draft)
        // Starting over does not lose the sign-in that the registration belongs to.
        await begin(ctx, draft?.login)
      })

      stepRoutes(router, { ...deps, limits, draftOf, finishedPath })

      clashRoutes(router, { ...deps, draftOf })

      router.get('/registration/consent-text', (ctx) => {
        ctx.state.page.render('registration/consent-text', { version: CONSENT_VERSION })
      })

      router.get('/registration/done', async (ctx) => {
        const draft = await draftOf(ctx)
        if (draft?.finishedOid === undefined) return leadTo(ctx, '/registration')
        if (draft.login !== undefined) return leadTo(ctx, finishedPath(draft))
        const account = await deps.accounts.read(draft.finishedOid)
        ctx.state.page.render('registration/done', { account: account.oid, identityLevel: account.identity.level })
      })
    },
  }
}

function finishedPath(draft: Draft): string {
  return draft.login === undefined ? '/registration/done' : `/login/${draft.login}/registered`
}
