import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import supertest from 'supertest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import type { Browser } from './browser-http.ts'
import { ActingParty, type Answer, type Tokens } from './relying-party.ts'
import type { Citizen, World } from './world.ts'

export interface SigningKey {
  readonly alg: string
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}

export async function signingKey(alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const kid = randomUUID()
  return { alg, kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

export const now = () => Math.floor(Date.now() / 1000)

/** Claims that replace the usual ones; `undefined` leaves one out. */
export type Claims = Readonly<Record<string, unknown>>

interface Signed {
  readonly key?: SigningKey
  /** Replaces members of the header; `undefined` leaves one out. */
  readonly header?: Readonly<Record<string, unknown>>
}

/** A JWT with whatever it is told to hold; `alg: none` in the header leaves the signature out. */
async function signed(claims: Claims, { key, header = {} }: Signed & { key: SigningKey }): Promise<string> {
  const payload = withoutUndefined(claims)
  const protectedHeader = withoutUndefined({ alg: key.alg, kid: key.kid, ...header })
  if (protectedHeader.alg === 'none' || protectedHeader.alg === undefined)
    return `${encoded(protectedHeader)}.${encoded(payload)}.`
  return new SignJWT(payload as JWTPayload).setProtectedHeader(protectedHeader as never).sign(key.privateKey)
}

/** With the first character of its signature changed. */
export function corrupted(jwt: string): string {
  const [header, payload, signature = ''] = jwt.split('.')
  return [header, payload, (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)].join('.')
}

export interface ProofOptions extends Signed {
  readonly claims?: Claims
}

export interface SendOptions {
  /** The client assertion; made unless given, left out if `null`. */
  readonly assertion?: string | null
  /** The DPoP proof; none unless given. */
  readonly proof?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** Another process. */
  readonly listens?: string
}

type Parameters = Readonly<Record<string, string | undefined>>

/** A relying party with keys: it authenticates by assertions, proves possession by DPoP, pushes and signs its requests. */
export class SigningParty {
  readonly world: World
  readonly acting: ActingParty
  readonly key: SigningKey
  readonly dpopKey: SigningKey

  constructor(world: World, acting: ActingParty, keys: { key: SigningKey; dpopKey: SigningKey }) {
    this.world = world
    this.acting = acting
    this.key = keys.key
    this.dpopKey = keys.dpopKey
  }

  get clientId(): string {
    return this.acting.registration.client_id
  }

  /** A client assertion as FAPI 2.0 wants it: the audience is the issuer. */
  assertion(claims: Claims = {}, { key = this.key, header }: Signed = {}): Promise<string> {
    const usual = { iss: this.clientId, sub: this.clientId, aud: this.world.origin, jti: randomUUID() }
    return signed({ ...usual, iat: now(), nbf: now(), exp: now() + 60, ...claims }, { key, ...(header && { header }) })
  }

  /** A DPoP proof for an endpoint; with `accessToken` for a resource. */
  async proof(
    method: string,
    path: string,
    { accessToken, claims = {}, key = this.dpopKey, header }: ProofOptions & { accessToken?: string } = {},
  ): Promise<string> {
    const { kid: _kid, use: _use, alg: _alg, ...jwk } = key.publicJwk
    const ath = accessToken && createHash('sha256').update(accessToken).digest('base64url')
    const usual = { jti: randomUUID(), htm: method, htu: this.world.origin + path, iat: now(), ath }
    return signed({ ...usual, ...claims }, { key, header: { typ: 'dpop+jwt', kid: undefined, jwk, ...header } })
  }

  thumbprint(key = this.dpopKey): Promise<string> {
    return calculateJwkThumbprint(key.publicJwk)
  }

  /** The parameters of an authorization request, with a new verifier and nonce behind them. */
  request(parameters: Parameters = {}): Record<string, string> {
    const url = new URL(this.acting.authorizationUrl(parameters))
    return Object.fromEntries(url.searchParams)
  }

  /** The same as a signed request object. */
  requestObject(parameters: Parameters = {}, claims: Claims = {}, signing: Signed = {}): Promise<string> {
    const { key = this.key, header } = signing
    const usual = { iss: this.clientId, aud: this.world.origin, jti: randomUUID(), ...this.request(parameters) }
    return signed(
      { ...usual, iat: now(), nbf: now(), exp: now() + 300, ...claims },
      { key, header: { typ: 'oauth-authz-req+jwt', ...header } },
    )
  }

  /** Sends to an endpoint, authenticated. */
  async send<T = Record<string, unknown>>(
    path: string,
    parameters: Parameters,
    options: SendOptions = {},
  ): Promise<Answer<T>> {
    const assertion = options.assertion === undefined ? await this.assertion() : options.assertion
    const form = withoutUndefined({
      ...(assertion !== null && {
        client_assertion: assertion,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      }),
      ...parameters,
    })
    const request = supertest(options.listens ?? this.world.listens)
      .post(path)
      .type('form')
      .set({ ...options.headers, ...(options.proof !== undefined && { DPoP: options.proof }) })
    const { status, body, headers } = await request.send(form).ok(() => true)
    return { status, body, headers }
  }

  /** Pushes an authorization request (RFC 9126). */
  push(parameters: Parameters = {}, options: SendOptions = {}): Promise<Answer<Pushed>> {
    const request = parameters.request === undefined ? this.request(parameters) : parameters
    return this.send<Pushed>('/oauth2/par', request, options)
  }

  /** Where a browser goes with what was pushed. */
  authorizationUrl(requestUri: string, parameters: Parameters = {}): string {
    const query = withoutUndefined({ client_id: this.clientId, request_uri: requestUri, ...parameters })
    return `${this.world.origin}/oauth2/authorize?${new URLSearchParams(query as Record<string, string>)}`
  }

  async token(parameters: Parameters, options: SendOptions = {}): Promise<Answer<Tokens>> {
    const proof = 'proof' in options ? options.proof : await this.proof('POST', '/oauth2/token')
    return this.send<Tokens>('/oauth2/token', parameters, { ...options, proof })
  }

  redeem(code: string, parameters: Parameters = {}, options: SendOptions = {}): Promise<Answer<Tokens>> {
    const { verifier: code_verifier, redirectUri: redirect_uri } = this.acting
    return this.token({ grant_type: 'authorization_code', code, redirect_uri, code_verifier, ...parameters }, options)
  }

  refresh(refreshToken: string, options: SendOptions = {}): Promise<Answer<Tokens>> {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken }, options)
  }

  async userinfo(
    accessToken: string,
    options: { proof?: string; scheme?: string; listens?: string } = {},
  ): Promise<Answer> {
    const proof = options.proof ?? (await this.proof('GET', '/oauth2/userinfo', { accessToken }))
    const { status, body, headers } = await supertest(options.listens ?? this.world.listens)
      .get('/oauth2/userinfo')
      .set('Authorization', `${options.scheme ?? 'DPoP'} ${accessToken}`)
      .set('DPoP', proof)
      .ok(() => true)
    return { status, body, headers }
  }

  /** Pushes, lets a person sign in and agree, and returns the browser where it ended. */
  async authorize(citizen: Citizen, parameters: Parameters = {}, options: SendOptions = {}): Promise<Browser> {
    const { status, body } = await this.push(parameters, options)
    if (status !== 201) throw new Error(`not pushed: ${JSON.stringify(body)}`)
    return this.arrive(citizen, body.request_uri)
  }

  async arrive(citizen: Citizen, requestUri: string, browser = this.world.browser()): Promise<Browser> {
    await browser.open(this.authorizationUrl(requestUri))
    await answerPages(browser, citizen)
    return browser
  }

  /** A whole sign-in with the tokens for its code. */
  async signedIn(citizen: Citizen, parameters: Parameters = {}): Promise<{ browser: Browser; tokens: Tokens }> {
    const browser = await this.authorize(citizen, parameters)
    const { status, body } = await this.redeem(browser.callback.get('code')!)
    if (status !== 200) throw new Error(`token endpoint: ${JSON.stringify(body)}`)
    return { browser, tokens: body }
  }
}

export interface Pushed {
  readonly request_uri: string
  readonly expires_in: number
  readonly error?: string
  readonly error_description?: string
}

/** Answers the pages of a sign-in for as long as there are any. */
export async function answerPages(browser: Browser, citizen: Citizen): Promise<void> {
  const { page } = browser
  if (page.html.includes('/identify'))
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  if (browser.page.html.includes('/consent')) await browser.submit({ decision: 'allow' }, '/consent')
}

/** Registers a client that has keys and no secret; plain unless `metadata` says otherwise. */
export async function signingParty(
  world: World,
  metadata: Partial<RelyingParty> = {},
  keys: { key?: SigningKey; dpopKey?: SigningKey } = {},
): Promise<SigningParty> {
  const { key = await signingKey(), dpopKey = await signingKey() } = keys
  const { client_secret: _none, ...registration } = (
    await world.relyingParty({
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key.publicJwk] },
      ...metadata,
    })
  ).registration
  await world.house.clients.save(registration, { replace: true })
  const acting = new ActingParty({ origin: world.origin, listens: world.listens, registration })
  return new SigningParty(world, acting, { key, dpopKey })
}

/** A client of FAPI 2.0 that binds its tokens by DPoP. */
export function fapiParty(world: World, metadata: Partial<RelyingParty> = {}): Promise<SigningParty> {
  return signingParty(world, { fapi_profile: 'security', dpop_bound_access_tokens: true, ...metadata })
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

function withoutUndefined<T extends object>(object: T): Record<string, string> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}

/** 128 random bits, for values that are only compared. */
export const random = () => randomBytes(16).toString('base64url')
