import * as client from 'openid-client'
import type { ActingParty } from '../relying-party.ts'
import type { Citizen, World } from '../world.ts'
import { Traveller } from './traveller.ts'

/** What a relying party built on openid-client keeps with the browser's session. */
export interface Begun {
  readonly url: URL
  readonly checks: client.AuthorizationCodeGrantChecks
}

/** Discovers the provider the way a relying party does; plain http is allowed because the server under test speaks nothing else. */
export function discover(
  world: World,
  party: ActingParty,
  options: { auth?: client.ClientAuth; metadata?: Partial<client.ClientMetadata>; execute?: Execute[] } = {},
): Promise<client.Configuration> {
  const { client_id, client_secret } = party.registration
  return client.discovery(
    new URL(world.origin),
    client_id,
    { ...(client_secret !== undefined && { client_secret }), ...options.metadata },
    options.auth,
    { execute: [client.allowInsecureRequests, ...(options.execute ?? [])] },
  )
}

type Execute = (configuration: client.Configuration) => void

/** Parameters of an authorization request as the library's documentation recommends them, and the checks that go with them. */
export async function parametersFor(
  party: ActingParty,
  more: Readonly<Record<string, string>> = {},
): Promise<{ parameters: Record<string, string>; checks: client.AuthorizationCodeGrantChecks }> {
  const verifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  return {
    parameters: {
      redirect_uri: party.redirectUri,
      scope: 'openid profile email',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...more,
    },
    checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
  }
}

export async function begin(
  configuration: client.Configuration,
  party: ActingParty,
  more: Readonly<Record<string, string>> = {},
): Promise<Begun> {
  const { parameters, checks } = await parametersFor(party, more)
  return { url: client.buildAuthorizationUrl(configuration, parameters), checks }
}

/** Takes a new browser through the sign-in. @returns the address at which it came back, as the relying party sees it */
export async function wayBack(world: World, citizen: Citizen, url: URL): Promise<URL> {
  const traveller = new Traveller(world)
  await traveller.open(url.href)
  await traveller.signIn(citizen)
  return new URL(traveller.page.url)
}

/** A whole sign-in by the library's own steps. */
export async function signIn(
  world: World,
  options: {
    configuration: client.Configuration
    party: ActingParty
    citizen: Citizen
    parameters?: Readonly<Record<string, string>>
  },
): Promise<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers> {
  const { url, checks } = await begin(options.configuration, options.party, options.parameters)
  return client.authorizationCodeGrant(options.configuration, await wayBack(world, options.citizen, url), checks)
}
