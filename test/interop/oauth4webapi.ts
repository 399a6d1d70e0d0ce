import * as oauth from 'oauth4webapi'
import type { ActingParty } from '../relying-party.ts'
import type { Citizen, World } from '../world.ts'
import { Traveller } from './traveller.ts'

/** What the library was about to send; a test changes it before it leaves. */
export interface Outgoing {
  url: URL
  method: string
  readonly headers: Headers
  /** A form's text unless the test puts something else there. */
  body: string | FormData | undefined
}

export type Break = (request: Outgoing) => void

/** How a refusal reads to a relying party built on the library. */
export interface Refusal {
  readonly status: number
  readonly error: string | undefined
}

/** Options of a request of the library that breaks it on its way; plain http is allowed as the server under test speaks nothing else. */
export function broken(change: Break = () => {}) {
  return {
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: (url: string, options: oauth.CustomFetchOptions<string, unknown>) => {
      const body = options.body === undefined || options.body === null ? undefined : String(options.body)
      const request: Outgoing = {
        url: new URL(url),
        method: options.method,
        headers: new Headers(options.headers),
        body,
      }
      change(request)
      return fetch(request.url, {
        method: request.method,
        headers: request.headers,
        redirect: 'manual',
        ...(request.body !== undefined && { body: request.body }),
      })
    },
  } as const
}

/** Changes the parameters of a form; `undefined` takes one out, an array sends it several times. */
export function form(changes: Readonly<Record<string, string | undefined | readonly string[]>>): Break {
  return (request) => {
    const parameters = new URLSearchParams(request.body as string)
    for (const [name, value] of Object.entries(changes)) {
      parameters.delete(name)
      for (const one of value === undefined ? [] : [value].flat()) parameters.append(name, one)
    }
    request.body = parameters.toString()
  }
}

/** The server as the library discovers it. */
export async function discovered(world: World): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(world.origin)
  return oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { [oauth.allowInsecureRequests]: true }),
  )
}

/** A person signs in for a party. @returns what came back, checked by the library, and the verifier that goes with it */
export async function authorized(
  world: World,
  options: { server: oauth.AuthorizationServer; party: ActingParty; citizen: Citizen },
): Promise<{ parameters: URLSearchParams; verifier: string }> {
  const { server, party, citizen } = options
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const url = new URL(server.authorization_endpoint!)
  url.search = new URLSearchParams({
    client_id: party.registration.client_id,
    response_type: 'code',
    redirect_uri: party.redirectUri,
    scope: 'openid email',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString()
  const traveller = new Traveller(world)
  await traveller.open(url.href)
  await traveller.signIn(citizen)
  const parameters = oauth.validateAuthResponse(
    server,
    { client_id: party.registration.client_id },
    new URL(traveller.page.url),
    state,
  )
  return { parameters, verifier }
}

/** What the library makes of an answer; anything but a refusal that it understands fails the test. */
export async function refusal(reading: Promise<unknown>): Promise<Refusal> {
  const fault = await reading.then(
    (answer) => new Error(`not refused: ${JSON.stringify(answer)}`),
    (error: unknown) => error,
  )
  if (fault instanceof oauth.ResponseBodyError) return { status: fault.status, error: fault.error }
  if (fault instanceof oauth.WWWAuthenticateChallengeError)
    return { status: fault.status, error: fault.cause[0]?.parameters.error }
  throw fault
}
