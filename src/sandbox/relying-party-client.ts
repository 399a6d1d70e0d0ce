import * as openid from 'openid-client'
import type { Locale } from '#src/kernel/locale.ts'
import type { Secret } from '#src/kernel/secret.ts'
import { CALLBACK_PATH, SIGNED_OUT_PATH } from './relying-party-registration.ts'

/** What an ID token or the userinfo endpoint says. */
export type Claims = Readonly<Record<string, unknown>>

/** `benefit`: what is decided about money, and so wants to know who it is for. */
export type Purpose = 'sign_in' | 'step_up' | 'benefit'

/** One authorization request on its way; its `state` is the key it is found by. */
export interface Pending {
  readonly purpose: Purpose
  readonly nonce: string
  readonly codeVerifier: string
}

export interface SignedIn {
  readonly idToken: string
  readonly idClaims: Claims
  readonly userinfo: Claims
  readonly accessToken: string
  readonly refreshToken: string | undefined
}

/** Why the provider's answer was no use: it said no, its answer failed a check, or there was none. */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure'
  readonly kind: 'refused' | 'invalid' | 'unreachable'
  /** `error` of RFC 6749, or the code of the check that failed. */
  readonly error: string | undefined
  readonly description: string | undefined

  constructor(kind: ProviderFailure['kind'], error?: string, description?: string, options?: ErrorOptions) {
    super(error ?? kind, options)
    this.kind = kind
    this.error = error
    this.description = description
  }
}

export interface ProviderClient {
  /** @returns where to send the browser, and what to remember under `state` until it comes back */
  begin(request: {
    purpose: Purpose
    locale: Locale
    offline: boolean
  }): Promise<{ url: string; state: string; pending: Pending }>
  /** @param returned the address the browser came back to; its `state` has been found. @throws ProviderFailure */
  finish(returned: URL, state: string, pending: Pending): Promise<SignedIn>
  /** Spends the refresh token for new tokens. @throws ProviderFailure */
  refresh(signedIn: SignedIn & { readonly refreshToken: string }): Promise<SignedIn>
  /** Where to send the browser to end the provider's session too. @throws ProviderFailure */
  signOutUrl(signedIn: SignedIn, locale: Locale): Promise<string>
}

export interface ProviderClientDeps {
  readonly issuer: string
  /** The demo's own origin; the provider sends the browser back there. */
  readonly origin: string
  readonly clientId: string
  readonly clientSecret: Secret
  readonly fetch?: openid.CustomFetch
}

const SCOPE = 'openid profile email phone identity_level'
/** OpenID Connect Core, section 5.5.1: an account below that level is led to where it reaches it. */
const STANDARD_LEVEL = JSON.stringify({ userinfo: { identity_level: { essential: true, value: 'standard' } } })
const TIMEOUT_SECONDS = 10

/**
 * The relying party's side of OpenID Connect: code flow with PKCE, `state`, `nonce` and the client's secret in the header.
 * The provider is discovered at first use, as it may start in the same process after this.
 */
export function makeProviderClient({
  issuer,
  origin,
  clientId,
  clientSecret,
  fetch,
}: ProviderClientDeps): ProviderClient {
  let discovered: Promise<openid.Configuration> | undefined

  function discover(): Promise<openid.Configuration> {
    const insecure = new URL(issuer).protocol === 'http:' ? [openid.allowInsecureRequests] : []
    const authentication = openid.ClientSecretBasic(clientSecret.reveal())
    discovered ??= openid
      .discovery(new URL(issuer), clientId, {}, authentication, {
        // The signature of the ID token counts, as on plain http the connection proves nothing.
        execute: [...insecure, openid.enableNonRepudiationChecks],
        timeout: TIMEOUT_SECONDS,
        ...(fetch && { [openid.customFetch]: fetch }),
      })
      .catch((error) => {
        discovered = undefined
        throw error
      })
    return discovered
  }

  /** Runs one exchange with the provider and puts whatever goes wrong into our terms. */
  async function exchange<T>(work: (provider: openid.Configuration) => T | Promise<T>): Promise<T> {
    try {
      return await work(await discover())
    } catch (error) {
      throw asFailure(error)
    }
  }

  async function signedInBy(
    provider: openid.Configuration,
    tokens: openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers,
    before?: SignedIn,
  ): Promise<SignedIn> {
    const idClaims = tokens.claims() ?? before?.idClaims
    const idToken = tokens.id_token ?? before?.idToken
    if (!idClaims || !idToken) throw new ProviderFailure('invalid', 'id_token_missing')
    const userinfo = await openid.fetchUserInfo(provider, tokens.access_token, String(idClaims.sub))
    return {
      idToken,
      idClaims,
      userinfo,
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token ?? before?.refreshToken,
    }
  }

  return {
    begin: ({ purpose, locale, offline }) =>
      exchange(async (provider) => {
        const [state, nonce, codeVerifier] = [
          openid.randomState(),
          openid.randomNonce(),
          openid.randomPKCECodeVerifier(),
        ]
        const url = openid.buildAuthorizationUrl(provider, {
          redirect_uri: `${origin}${CALLBACK_PATH}`,
          scope: [SCOPE, purpose === 'benefit' && 'snils', offline && 'offline_access'].filter(Boolean).join(' '),
          state,
          nonce,
          code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
          ui_locales: locale,
          // OpenID Connect Core 11: without this prompt the provider ignores offline_access.
          ...(offline && { prompt: 'consent' }),
          ...(purpose === 'step_up' && { acr_values: 'aal2' }),
          ...(purpose === 'benefit' && { claims: STANDARD_LEVEL }),
        })
        return { url: url.href, state, pending: { purpose, nonce, codeVerifier } }
      }),

    finish: (returned, state, { nonce, codeVerifier }) =>
      exchange(async (provider) => {
        const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier }
        return signedInBy(provider, await openid.authorizationCodeGrant(provider, returned, checks))
      }),

    refresh: (signedIn) =>
      exchange(async (provider) =>
        signedInBy(provider, await openid.refreshTokenGrant(provider, signedIn.refreshToken), signedIn),
      ),

    signOutUrl: ({ idToken }, locale) =>
      exchange((provider) => {
        const parameters = {
          id_token_hint: idToken,
          post_logout_redirect_uri: `${origin}${SIGNED_OUT_PATH}`,
          ui_locales: locale,
        }
        return openid.buildEndSessionUrl(provider, parameters).href
      }),
  }
}

function asFailure(error: unknown): unknown {
  if (error instanceof openid.AuthorizationResponseError || error instanceof openid.ResponseBodyError) {
    return new ProviderFailure('refused', error.error, error.error_description, { cause: error })
  }
  if (error instanceof openid.WWWAuthenticateChallengeError) {
    const { error: code, error_description: description } = error.cause[0]?.parameters ?? {}
    return new ProviderFailure('refused', code, description, { cause: error })
  }
  if (error instanceof openid.ClientError && error.code !== 'OAUTH_TIMEOUT') {
    return new ProviderFailure('invalid', error.code, error.message, { cause: error })
  }
  // `fetch` throws a bare TypeError when it gets no connection.
  if (error instanceof openid.ClientError || (error instanceof TypeError && error.message === 'fetch failed')) {
    return new ProviderFailure('unreachable', undefined, undefined, { cause: error })
  }
  return error
}
