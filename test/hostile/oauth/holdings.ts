import { TOKEN_EXCHANGE } from '#src/oidc/exchange/token-types.ts'
import type { Browser } from '#test/browser-http.ts'
import type { ActingParty, Tokens } from '#test/relying-party.ts'
import { PAYMENTS, send } from '#test/resource-server.ts'
import { signedIn } from '#test/signing-in.ts'
import type { Citizen, World } from '#test/world.ts'
import { asked, CIBA_GRANT, messageOf } from '../../oidc/ciba/acting-client.ts'
import { beginDevice } from '../../oidc/device/acting-device.ts'

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

/** Everything that a client can hold in the name of a person, redeemed or not. */
export interface Holdings {
  readonly citizen: Citizen
  /** Signed in, with the consent given. */
  readonly browser: Browser
  /** With a refresh token that outlives the session. */
  readonly tokens: Tokens
  /** A JWT for PAYMENTS. */
  readonly payments: string
  /** The client's own, of no person. */
  readonly own: string
  readonly code: string
  readonly verifier: string
  readonly deviceCode: string
  readonly authReqId: string
  readonly requestUri: string
}

/** A client that may do everything that needs no certificate. */
export function versatileParty(world: World): Promise<ActingParty> {
  return world.relyingParty({
    grant_types: [
      'authorization_code',
      'refresh_token',
      'client_credentials',
      DEVICE_GRANT,
      CIBA_GRANT,
      TOKEN_EXCHANGE,
    ],
    backchannel_token_delivery_mode: 'poll',
    resource_indicators: [PAYMENTS],
    exchange_audiences: [PAYMENTS],
  })
}

const scope = 'openid profile offline_access payments:read'

/** Lets one person agree to everything, by each way that there is. */
export async function holdingsOf(world: World, party: ActingParty): Promise<Holdings> {
  const citizen = await world.citizen()
  const parameters = { scope, resource: PAYMENTS, prompt: 'consent' }
  const { browser, tokens } = await signedIn(world, { party, citizen, parameters })
  const fresh = async () => (await party.refresh(tokens.refresh_token!, { resource: PAYMENTS })).body
  const { access_token: payments, refresh_token } = await fresh()
  const { body: own } = await party.token({ grant_type: 'client_credentials' })
  const deviceCode = await approvedDevice(world, party, browser)
  const authReqId = await approvedRequest(world, party, citizen)
  await browser.open(party.authorizationUrl({ scope: 'openid profile' }))
  const code = browser.callback.get('code')!
  const { verifier } = party
  const pushed = new URL(party.authorizationUrl({ scope: 'openid profile' })).searchParams
  const { body } = await send<{ request_uri: string }>(world, party, '/oauth2/par', Object.fromEntries(pushed))
  return {
    citizen,
    browser,
    tokens: { ...tokens, refresh_token: refresh_token! },
    payments,
    own: own.access_token,
    code,
    verifier,
    deviceCode,
    authReqId,
    requestUri: body.request_uri,
  }
}

async function approvedDevice(world: World, party: ActingParty, browser: Browser): Promise<string> {
  const { client_id, client_secret = '' } = party.registration
  const begun = await beginDevice(world, party, { client_id, client_secret, scope: 'openid profile' })
  await browser.open('/device')
  await browser.submit({ user_code: begun.user_code }, '/device')
  await browser.submit({ confirm: 'yes' }, '/device')
  return begun.device_code
}

async function approvedRequest(world: World, party: ActingParty, citizen: Citizen): Promise<string> {
  const request = await asked(world, party, { login_hint: citizen.phone })
  const browser = world.browser()
  await browser.open((await messageOf(world, citizen)).link)
  await browser.submit({ code: await world.code(citizen.phone), decision: 'approve' })
  if (!browser.page.url.endsWith('/approve/done')) throw new Error(`not approved: "${browser.page.title}"`)
  return request.auth_req_id
}

/** What the client can do with its holdings: each answers `true` where something came of it. */
export function uses(world: World, party: ActingParty, held: Holdings): Record<string, () => Promise<boolean>> {
  const token = async (parameters: Record<string, string>) => {
    const { status, body } = await send<Partial<Tokens>>(world, party, '/oauth2/token', parameters)
    if (status >= 500) throw new Error(`the token endpoint answered ${status}`)
    return status === 200 && body.access_token !== undefined
  }
  const exchange = (subject: string) =>
    token({
      grant_type: TOKEN_EXCHANGE,
      subject_token: subject,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      audience: PAYMENTS,
    })
  const active = async (value: string) =>
    (await send<{ active?: boolean }>(world, party, '/oauth2/introspect', { token: value })).body.active === true
  return {
    userinfo: async () => (await party.userinfo(held.tokens.access_token)).status === 200,
    'introspection of an access token': () => active(held.tokens.access_token),
    'introspection of a refresh token': () => active(held.tokens.refresh_token!),
    'exchange of an opaque token': () => exchange(held.tokens.access_token),
    'exchange of a JWT': () => exchange(held.payments),
    'sign-in without a page': async () => {
      await held.browser.open(party.authorizationUrl({ prompt: 'none', scope: 'openid profile' }))
      return held.browser.page.url.includes('code=')
    },
    'the pushed request': async () => {
      const query = { client_id: party.registration.client_id, request_uri: held.requestUri }
      await held.browser.open(`/oauth2/authorize?${new URLSearchParams(query)}`)
      return held.browser.page.url.includes('code=')
    },
    'the code': () =>
      token({
        grant_type: 'authorization_code',
        code: held.code,
        redirect_uri: party.redirectUri,
        code_verifier: held.verifier,
      }),
    'the device code': () => token({ grant_type: DEVICE_GRANT, device_code: held.deviceCode }),
    'the approved request': () => token({ grant_type: CIBA_GRANT, auth_req_id: held.authReqId }),
    refresh: () => token({ grant_type: 'refresh_token', refresh_token: held.tokens.refresh_token! }),
  }
}
