import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'
import type { FieldError, Page, State } from '#src/http/context.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { DefinedError } from '#src/kernel/errors.ts'
import { NOBODY, ticketHash } from '#src/kernel/ids.ts'
import { describe, type RelyingParty } from '../clients.ts'
import { sessionUsed } from '../events.ts'
import { renderOauthError } from '../pages.ts'
import { paths } from '../paths.ts'
import { deviceName } from './device-name.ts'
import { deviceErrors } from './errors.ts'
import { deviceApproved, deviceRefused } from './events.ts'
import { TooManyGuesses } from './guessing.ts'
import { decided } from './routes.ts'

type DeviceFlow = NonNullable<NonNullable<Configuration['features']>['deviceFlow']>

const LONGEST_AGENT = 256

/** What the device was when it asked for its code; shown to whoever decides. */
interface AskingDevice {
  readonly agent: string
  readonly network: string
}

/**
 * Sign-in on a device without keyboard or browser (RFC 8628): pages that take its code, compare it, and tell the end. Between them the
 * person signs in and consents as for any other service.
 */
export function deviceFlow(deps: { journal: Pick<Journal, 'note'>; explainErrors: boolean }): DeviceFlow {
  const { journal } = deps
  const renderError = renderOauthError(deps)
  return {
    enabled: true,
    // Letters only, no vowels and nothing that looks like a digit: no words, and one keyboard of a phone.
    charset: 'base-20',
    mask: '****-****',
    deviceInfo(ctx): AskingDevice & Record<string, unknown> {
      keepNewSignIn(ctx)
      return { agent: ctx.get('User-Agent').slice(0, LONGEST_AGENT), network: (ctx.state as State).network }
    },
    async userCodeInputSource(ctx, _form, out, fault) {
      if (fault?.name === 'AbortedError') {
        await journal.note(deviceRefused({ ...whoDecided(ctx), ...placeOf(ctx) }))
        return leadTo(ctx, decided.refused)
      }
      if (fault && !hasStoredSession(ctx)) return startAgain(ctx)
      if (fault?.name === 'UnmetAuthenticationRequirements' || fault?.name === 'LoginRequired')
        return leadTo(ctx, decided.failed)
      const refusal = fault && refusalOf(fault)
      if (fault && out && !refusal) return renderError(ctx, out, fault)
      const typed: unknown = ctx.oidc.params?.user_code
      pageOf(ctx).render('oidc/device', formOf(ctx), {
        status: refusal?.status ?? 200,
        ...(refusal && { errors: [refusal.error] }),
        ...(refusal && typeof typed === 'string' && { typed: { user_code: typed } }),
      })
    },
    async userCodeConfirmSource(ctx, _form, client, deviceInfo, userCode) {
      const { agent, network } = deviceInfo as unknown as AskingDevice
      const page = pageOf(ctx)
      page.render('oidc/device-confirm', {
        ...formOf(ctx),
        service: describe(client.metadata() as unknown as RelyingParty, page.locale).name,
        device: deviceName(agent),
        sameNetwork: network === (ctx.state as State).network,
        userCode,
      })
    },
    async successSource(ctx) {
      const origin = ticketHash(ctx.oidc.session?.uid ?? '')
      const approved = { ...whoDecided(ctx), acr: ctx.oidc.acr ?? '', origin, ...placeOf(ctx) }
      if (ctx.oidc.route === 'code_verification') await journal.note(sessionUsed(approved))
      await journal.note(deviceApproved(approved))
      leadTo(ctx, decided.done)
    },
  }
}

function refusalOf(fault: Error): { status: number; error: FieldError } | undefined {
  const of = ({ status, code }: DefinedError, values: Record<string, number> = {}) => ({
    status,
    error: { field: 'user_code', code, values },
  })
  if (fault instanceof TooManyGuesses) return of(deviceErrors.too_fast, { seconds: fault.seconds })
  switch (fault.name) {
    case 'NoCodeError':
      return of(deviceErrors.code_missing)
    // Mistyped, expired or used: whoever guesses learns nothing from the difference.
    case 'NotFoundError':
    case 'ExpiredError':
    case 'AlreadyUsedError':
      return of(deviceErrors.code_wrong)
    case 'InvalidRequest':
    case 'SessionNotFound':
      return of(deviceErrors.stale)
    default:
      return undefined
  }
}

/**
 * The provider turns `max_age=0` into `prompt=login`, which it does not keep with a device's request. A second says the same: nobody
 * compares the code within one of having signed in.
 */
function keepNewSignIn({ oidc }: KoaContextWithOIDC): void {
  if (oidc.body?.max_age === '0' && oidc.params) oidc.params.max_age = '1'
}

/** The provider protects these forms by a secret in its session. */
function formOf({ oidc }: KoaContextWithOIDC) {
  return {
    action: new URL(oidc.urlFor('code_verification')).pathname,
    xsrf: (oidc.session as unknown as { state: { secret: string } }).state.secret,
  }
}

const hasStoredSession = ({ oidc }: KoaContextWithOIDC) =>
  (oidc.session as unknown as { exp?: number } | undefined)?.exp !== undefined

/** Without a session no form of this page could be sent; the page itself makes one. The provider would fail on storing it from here. */
function startAgain(ctx: KoaContextWithOIDC): void {
  Object.assign(ctx.oidc.session!, { touched: false })
  leadTo(ctx, paths.code_verification)
}

function whoDecided({ oidc }: KoaContextWithOIDC) {
  const { session, entities } = oidc
  const client = entities.DeviceCode?.clientId ?? entities.Interaction?.params.client_id
  return { account: Number(session?.accountId ?? NOBODY), client: String(client ?? '') }
}

function placeOf(ctx: KoaContextWithOIDC) {
  return { address: (ctx.state as State).address, device: ctx.get('User-Agent') }
}

const pageOf = (ctx: KoaContextWithOIDC): Page => (ctx.state as State).page
