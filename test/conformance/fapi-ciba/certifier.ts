import { randomBytes } from 'node:crypto'
import { exportJWK, importJWK } from 'jose'
import supertest from 'supertest'
import { expect } from 'vitest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { type Asked, CIBA_GRANT, messageOf } from '../../oidc/ciba/acting-client.ts'
import { type Issued, issue } from '../../oidc/mtls/certificates.ts'
import type { Answer, Tokens } from '../../relying-party.ts'
import { type Claims, type SigningKey, type SigningParty, signingKey, signingParty } from '../../signing-party.ts'
import { type Citizen, startWorld, type World } from '../../world.ts'
import { checkIdToken, checkTokenAnswer, type IdToken, NQCHAR } from '../checks.ts'

export type Authentication = 'private_key_jwt' | 'self_signed_tls_client_auth'

type Parameters = Readonly<Record<string, string | undefined>>
type Refusal = { readonly error: string; readonly error_description?: string }

/** What the client sends beside the parameters; by default what is right. */
export interface Sending {
  /** The client assertion; `null` leaves it out. */
  readonly assertion?: string | null
  /** Of the handshake; `null` if none was shown. */
  readonly certificate?: Issued | null
  readonly clientId?: string
}

const HEADER = 'Client-Cert'
const MTLS_ORIGIN = 'https://mtls.id.example'
const shown = ({ certificate }: Issued) => ({ [HEADER]: `:${certificate.raw.toString('base64')}:` })

/** An authorization request has these, a back-channel request has not. */
const NOT_CIBA = Object.fromEntries(
  `client_id response_type redirect_uri state nonce code_challenge code_challenge_method`
    .split(' ')
    .map((name) => [name, undefined]),
)

/** The provider behind a proxy that asks clients for certificates, at an origin of its own. */
export function startCertified(env: Readonly<Record<string, string>> = {}): Promise<World> {
  return startWorld({ env: { MTLS_CERTIFICATE_HEADER: HEADER, MTLS_ORIGIN, TRUSTED_PROXIES: '127.0.0.1,::1', ...env } })
}

/** Does what a client of OpenID's certification suite does in its plan for FAPI CIBA. */
export class CibaParty {
  readonly #world: World
  readonly #authentication: Authentication
  readonly #pinged: boolean
  readonly signing: SigningParty
  readonly certificate: Issued
  /** The bearer token by which the provider pings. */
  readonly notificationToken: string

  private constructor(
    world: World,
    parts: {
      authentication: Authentication
      pinged: boolean
      signing: SigningParty
      certificate: Issued
      token: string
    },
  ) {
    this.#world = world
    this.#authentication = parts.authentication
    this.#pinged = parts.pinged
    this.signing = parts.signing
    this.certificate = parts.certificate
    this.notificationToken = parts.token
  }

  /** Registers a client as docs/conformance.md shows it. */
  static async register(
    world: World,
    authentication: Authentication,
    { token = randomBytes(24).toString('base64url'), ...metadata }: Partial<RelyingParty> & { token?: string } = {},
  ): Promise<CibaParty> {
    const key = await signingKey('PS256')
    const certificate = issue({ subject: [[['CN', 'Certification']]] })
    const x5c = { ...(await exportJWK(certificate.publicKey)), x5c: [certificate.certificate.raw.toString('base64')] }
    const byKey = authentication === 'private_key_jwt'
    const signing = await signingParty(
      world,
      {
        redirect_uris: [],
        response_types: [],
        grant_types: [CIBA_GRANT, 'refresh_token'],
        token_endpoint_auth_method: authentication,
        ...(byKey && { token_endpoint_auth_signing_alg: 'PS256' }),
        jwks: { keys: byKey ? [key.publicJwk] : [key.publicJwk, x5c] },
        backchannel_token_delivery_mode: 'poll',
        backchannel_authentication_request_signing_alg: 'PS256',
        id_token_signed_response_alg: 'PS256',
        tls_client_certificate_bound_access_tokens: true,
        ...metadata,
      },
      { key },
    )
    const pinged = metadata.backchannel_token_delivery_mode === 'ping'
    return new CibaParty(world, { authentication, pinged, signing, certificate, token })
  }

  /** The same key, as one that signs by RS256. */
  async rs256(): Promise<SigningKey> {
    const { privateKey, ...rest } = this.signing.key
    const { alg: _ps256, ...jwk } = await exportJWK(privateKey)
    return { ...rest, alg: 'RS256', privateKey: (await importJWK(jwk, 'RS256')) as CryptoKey }
  }

  /** The parameters of a request; `undefined` leaves one out. */
  parameters(citizen: Citizen, parameters: Parameters = {}): Parameters {
    return {
      scope: 'openid profile',
      login_hint: citizen.phone,
      ...(this.#pinged && { client_notification_token: this.notificationToken }),
      ...parameters,
    }
  }

  /** A signed request (CIBA Core, section 7.1.1). */
  requestObject(
    parameters: Parameters,
    claims: Claims = {},
    signing: { key?: SigningKey; header?: Readonly<Record<string, unknown>> } = {},
  ): Promise<string> {
    return this.signing.requestObject({ ...NOT_CIBA, ...parameters }, claims, signing)
  }

  /** Sends to an endpoint with the client's authentication and certificate. */
  async #send<T>(path: string, parameters: Parameters, sending: Sending): Promise<Answer<T>> {
    const { certificate = this.certificate, clientId = this.signing.clientId } = sending
    const byKey = this.#authentication === 'private_key_jwt'
    const assertion = byKey ? sending.assertion : null
    const aud = this.#world.origin + path
    return this.signing.send<T>(
      path,
      { ...(assertion === null && { client_id: clientId }), ...parameters },
      {
        assertion: assertion === undefined ? await this.signing.assertion({ aud }) : assertion,
        headers: certificate === null ? {} : shown(certificate),
      },
    )
  }

  /** Sends a request as it is, signed or not. */
  request(parameters: Parameters, sending: Sending = {}): Promise<Answer<Asked & Refusal>> {
    return this.#send('/oauth2/ciba', parameters, sending)
  }

  /** A request that has to be taken, with the suite's checks of the answer (CIBA Core, section 7.3). */
  async asked(request: string, sending: Sending = {}): Promise<Asked> {
    const { status, headers, body } = await this.request({ request }, sending)
    expect(status, JSON.stringify(body)).toBe(200)
    expect(headers['content-type']).toMatch(/^application\/json(;|$)/)
    // 160 bits are recommended: 27 characters.
    expect(body.auth_req_id).toMatch(/^[A-Za-z0-9._-]{27,1024}$/)
    for (const seconds of [body.expires_in, body.interval]) expect(Number.isInteger(seconds) && seconds > 0).toBe(true)
    return body
  }

  /** Asks for this person with what the module adds. */
  async ask(citizen: Citizen, parameters: Parameters = {}, claims: Claims = {}): Promise<Asked> {
    return this.asked(await this.requestObject(this.parameters(citizen, parameters), claims))
  }

  /** Fetches the result. */
  token({ auth_req_id }: Asked, sending: Sending = {}): Promise<Answer<Tokens & Refusal>> {
    return this.#send('/oauth2/token', { grant_type: CIBA_GRANT, auth_req_id }, sending)
  }

  refresh(refreshToken: string, sending: Sending = {}): Promise<Answer<Tokens & Refusal>> {
    return this.#send('/oauth2/token', { grant_type: 'refresh_token', refresh_token: refreshToken }, sending)
  }

  /** Checks tokens that were given, and that they serve with this client's certificate. */
  async tokens(answer: Answer<Tokens>): Promise<{ tokens: Tokens; idToken: IdToken }> {
    const tokens = checkTokenAnswer(answer)
    const idToken = await checkIdToken(this.#world, tokens.id_token, {
      clientId: this.signing.clientId,
      nonce: undefined,
    })
    expect(idToken.header.alg).toBe('PS256')
    for (const accept of [undefined, 'application/json', 'application/json, */*;q=0.1']) {
      const { status, headers, body } = await this.userinfo(tokens.access_token, this.certificate, accept)
      expect(status).toBe(200)
      expect(headers['content-type']).toMatch(/^application\/json(;|$)/)
      expect(headers.date).toBeDefined()
      expect(body.sub).toBe(idToken.claims.sub)
    }
    return { tokens, idToken }
  }

  /** Calls userinfo as a protected resource. */
  async userinfo(accessToken: string, certificate: Issued | null, accept?: string): Promise<Answer> {
    const { status, headers, body } = await supertest(this.#world.listens)
      .get('/oauth2/userinfo')
      .set({
        ...(certificate && shown(certificate)),
        ...(accept !== undefined && { Accept: accept }),
        Authorization: `Bearer ${accessToken}`,
      })
      .ok(() => true)
    return { status, headers, body }
  }
}

/** The person opens the link of the message and decides. */
export async function decide(
  world: World,
  citizen: Citizen,
  decision: 'approve' | 'refuse',
  after = 0,
): Promise<string> {
  const browser = world.browser()
  await browser.open((await messageOf(world, citizen, after)).link)
  const { html } = browser.page
  await browser.submit({ code: await world.code(citizen.phone, after), decision })
  expect(browser.page.url).toMatch(decision === 'approve' ? /\/approve\/done$/ : /\/approve\/refused$/)
  return html
}

/** An error of the back-channel endpoint (CIBA Core, section 13). */
export function checkRefusal(answer: Answer<Refusal>, errors: readonly string[] = ['invalid_request']): void {
  const { status, headers, body } = answer
  expect(errors, JSON.stringify(body)).toContain(body.error)
  expect(status).toBe(body.error === 'invalid_client' ? 401 : 400)
  expect(headers['content-type']).toMatch(/^application\/json(;|$)/)
  expect(Object.keys(body).sort()).toEqual(['error', 'error_description'])
  expect(body.error_description).toMatch(NQCHAR)
}
