import { createHash, randomBytes } from 'node:crypto'
import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose'
import supertest from 'supertest'
import type { RelyingParty } from '#src/oidc/clients.ts'

export interface Tokens {
  readonly access_token: string
  readonly refresh_token?: string
  readonly id_token: string
  readonly expires_in: number
  readonly scope: string
}

export interface Answer<T = Record<string, unknown>> {
  readonly status: number
  readonly body: T
  readonly headers: Readonly<Record<string, string>>
}

/** A relying party that does by hand what a client library does, so that a test can also do it wrongly. */
export class ActingParty {
  readonly registration: RelyingParty
  readonly #origin: string
  readonly #listens: string
  /** The PKCE verifier and nonce of the request begun last. */
  verifier = ''
  nonce = ''

  constructor(options: { origin: string; listens: string; registration: RelyingParty }) {
    this.#origin = options.origin
    this.#listens = options.listens
    this.registration = options.registration
  }

  get redirectUri(): string {
    return this.registration.redirect_uris[0]!
  }

  /** The address that sends a person to sign in; parameters given replace the usual ones, `undefined` leaves one out. */
  authorizationUrl(parameters: Readonly<Record<string, string | undefined>> = {}): string {
    this.verifier = randomBytes(32).toString('base64url')
    this.nonce = randomBytes(16).toString('base64url')
    const usual: Record<string, string | undefined> = {
      client_id: this.registration.client_id,
      response_type: 'code',
      redirect_uri: this.redirectUri,
      scope: 'openid profile email phone',
      state: randomBytes(8).toString('base64url'),
      nonce: this.nonce,
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...parameters,
    }
    const sent = Object.entries(usual).filter((pair): pair is [string, string] => pair[1] !== undefined)
    return `${this.#origin}/oauth2/authorize?${new URLSearchParams(sent)}`
  }

  redeem(
    code: string,
    parameters: Readonly<Record<string, string>> = {},
    listens = this.#listens,
  ): Promise<Answer<Tokens>> {
    return this.token(
      {
        grant_type: 'authorization_code',
        code,
        redirect_uri: this.redirectUri,
        code_verifier: this.verifier,
        ...parameters,
      },
      listens,
    )
  }

  refresh(
    refreshToken: string,
    parameters: Readonly<Record<string, string>> = {},
    listens = this.#listens,
  ): Promise<Answer<Tokens>> {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken, ...parameters }, listens)
  }

  async token(parameters: Readonly<Record<string, string>>, listens = this.#listens): Promise<Answer<Tokens>> {
    const { client_id, client_secret, token_endpoint_auth_method } = this.registration
    const request = supertest(listens).post('/oauth2/token').type('form')
    if (token_endpoint_auth_method === 'none') request.send({ client_id })
    else request.auth(encodeURIComponent(client_id), encodeURIComponent(client_secret ?? ''))
    const response = await request.send(parameters).ok(() => true)
    return { status: response.status, body: response.body, headers: response.headers }
  }

  async userinfo(accessToken: string, listens = this.#listens): Promise<Answer> {
    const response = await supertest(listens)
      .get('/oauth2/userinfo')
      .auth(accessToken, { type: 'bearer' })
      .ok(() => true)
    return { status: response.status, body: response.body, headers: response.headers }
  }

  /** Verifies an id_token against the published keys, issuer and audience. */
  async claims(
    idToken: string,
  ): Promise<JWTPayload & { acr?: string; amr?: string[]; auth_time?: number; sid?: string }> {
    const { body } = await supertest(this.#listens).get('/oauth2/jwks')
    const { payload } = await jwtVerify(idToken, createLocalJWKSet(body), {
      issuer: this.#origin,
      audience: this.registration.client_id,
      currentDate: new Date(),
    })
    return payload
  }
}
