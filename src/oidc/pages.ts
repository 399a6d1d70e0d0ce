import type { Configuration, ErrorOut, KoaContextWithOIDC } from 'oidc-provider'
import type { Page, State } from '#src/http/context.ts'
import type { DefinedError } from '#src/kernel/errors.ts'
import { describe, type RelyingParty } from './clients.ts'
import { oidcErrors } from './errors.ts'

type LogoutConfig = NonNullable<NonNullable<Configuration['features']>['rpInitiatedLogout']>

/** The page for an OAuth error that cannot be sent to a relying party. */
export function renderOauthError(deps: { explainErrors: boolean }): NonNullable<Configuration['renderError']> {
  return async (ctx, out, error) => {
    const definition = definitionOf(out, error)
    const { requestId } = ctx.state as State
    if (ctx.accepts('html', 'json') !== 'html') {
      ctx.body = { ...out, error_uri: undefined, incident: requestId }
      return
    }
    const status = ctx.status
    pageOf(ctx).render(
      'oidc/error',
      {
        code: definition.code,
        explanation: deps.explainErrors ? explanation(ctx, out, error) : undefined,
      },
      { status: status >= 400 ? status : definition.status },
    )
  }
}

function definitionOf(out: ErrorOut, error: Error): DefinedError {
  if (error.name === 'SessionNotFound') return oidcErrors.session_not_found
  if (error.name === 'InvalidRedirectUri') return oidcErrors.invalid_redirect_uri
  if (out.error === 'invalid_client') return oidcErrors.invalid_client
  if (out.error === 'server_error') return oidcErrors.server_error
  return oidcErrors.invalid_request
}

/** For whoever builds a relying party against the sandbox: what was refused, and what it was compared with. */
function explanation({ oidc }: KoaContextWithOIDC, out: ErrorOut, error: Error & { error_detail?: string }) {
  const aboutAddress = error.name === 'InvalidRedirectUri'
  const facts = [
    { label: 'oidc.explanation_error', value: out.error },
    { label: 'oidc.explanation_description', value: out.error_description },
    { label: 'oidc.explanation_detail', value: error.error_detail },
    { label: 'oidc.explanation_sent', value: aboutAddress ? oidc?.params?.redirect_uri : undefined },
    { label: 'oidc.explanation_registered', value: aboutAddress ? oidc?.client?.redirectUris?.join(' ') : undefined },
  ]
  return facts.filter(({ value }) => typeof value === 'string' && value !== '')
}

/** Sign-out: a question, unless nobody is signed in; then a page that says it is done. */
export function logoutPages(): Pick<LogoutConfig, 'logoutSource' | 'postLogoutSuccessSource'> {
  return {
    async logoutSource(ctx) {
      const { oidc } = ctx
      const page = preferred(ctx)
      const client = oidc.client && describe(oidc.client.metadata() as unknown as RelyingParty, page.locale)
      page.render(
        'oidc/logout',
        {
          action: oidc.urlFor('end_session_confirm'),
          xsrf: (oidc.session as unknown as { state: { secret: string } }).state.secret,
          service: client?.name,
        },
        { leavesOrigin: true },
      )
    },
    async postLogoutSuccessSource(ctx) {
      const page = preferred(ctx)
      const client = ctx.oidc.client && describe(ctx.oidc.client.metadata() as unknown as RelyingParty, page.locale)
      page.render('oidc/signed-out', { service: client?.name })
    },
  }
}

/** The page side of a provider's request, in the language that the relying party asked for unless the person chose one. */
export function preferred(ctx: KoaContextWithOIDC): Page {
  const page = pageOf(ctx)
  const uiLocales = ctx.oidc.params?.ui_locales
  if (typeof uiLocales === 'string') page.prefer(uiLocales)
  return page
}

const pageOf = (ctx: KoaContextWithOIDC): Page => (ctx.state as State).page
