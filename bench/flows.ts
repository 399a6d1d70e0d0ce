import { createHash, randomBytes } from 'node:crypto'
import type { Resident } from './people.ts'
import { type ClientTerms, terms } from './terms.ts'
import { type Answer, FlowFailure, type Visitor } from './visitor.ts'

/** What the relying party remembers of one authorization request. */
interface Request {
  readonly path: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
  readonly expires_in: number
  readonly scope: string
}

/** A form of a page, its hidden fields filled in by the server. */
export interface Form {
  readonly action: string
  readonly hidden: Readonly<Record<string, string>>
}

/** The page of sign-in, open in a browser. */
export interface SignInPage {
  readonly request: Request
  readonly form: Form
}

function begin(client: ClientTerms): Request {
  const verifier = randomBytes(32).toString('base64url')
  const state = randomBytes(8).toString('base64url')
  const nonce = randomBytes(16).toString('base64url')
  const query = new URLSearchParams({
    client_id: client.client_id,
    response_type: 'code',
    redirect_uri: client.redirect_uris[0],
    scope: terms.scope,
    state,
    nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  return { path: `/oauth2/authorize?${query}`, state, nonce, verifier }
}

/** Authorization request and the GET of the page. */
export async function openSignIn(visitor: Visitor, client: ClientTerms): Promise<SignInPage> {
  const request = begin(client)
  const sent = await visitor.get(request.path)
  if (sent.status !== 303 || !sent.location.startsWith('/login/')) throw new FlowFailure('no way to the page', sent)
  const page = await visitor.get(sent.location)
  if (page.status !== 200) throw new FlowFailure('no page of sign-in', page)
  return { request, form: formOf(page, 'name="password"') }
}

/** Posts identifier and password; a right answer leads back to the authorization endpoint. */
export async function answerSignIn(visitor: Visitor, { form }: SignInPage, phone: string): Promise<Answer> {
  const answered = await postPassword(visitor, form, phone, terms.password)
  if (answered.status !== 303 || !answered.location.startsWith('/oauth2/authorize/'))
    throw new FlowFailure('the right password was refused', answered)
  return answered
}

export function postPassword(visitor: Visitor, form: Form, phone: string, password: string): Promise<Answer> {
  return visitor.submit(form.action, { ...form.hidden, identifier: phone, password })
}

export const DEVICE_COOKIE = '__Host-device'
/** Says that the device was in this network before. */
export const PLACE_COOKIE = '__Host-place'
const KEPT_COOKIES = [DEVICE_COOKIE, PLACE_COOKIE]
/** A person's own browser at home. */
interface Home {
  readonly cookies: ReadonlyMap<string, string>
  readonly address: string
}
const homes = new WeakMap<Resident, Home>()

/**
 * A fresh sign-in from the authorization request to the tokens, five requests; in the person's own browser and network, as nearly all
 * are: each other one would be news to its owner.
 */
export async function codeFlow(visitor: Visitor, client: ClientTerms, resident: Resident): Promise<Tokens> {
  const home = homes.get(resident)
  if (home) visitor.settle(home.address)
  for (const [name, value] of home?.cookies ?? []) visitor.hold(name, value)
  const tokens = await freshSignIn(visitor, client, resident)
  const held = KEPT_COOKIES.map((name): [string, string | undefined] => [name, visitor.cookie(name)])
  const kept = held.filter((pair): pair is [string, string] => pair[1] !== undefined)
  if (kept.length > 0) homes.set(resident, { cookies: new Map(kept), address: visitor.address })
  return tokens
}

async function freshSignIn(visitor: Visitor, client: ClientTerms, resident: Resident): Promise<Tokens> {
  const page = await openSignIn(visitor, client)
  const answered = await answerSignIn(visitor, page, resident.phone)
  const resumed = await visitor.get(answered.location)
  return redeem(visitor, client, page.request, resumed, String(resident.oid))
}

/** The same with a live session, two requests. */
export async function ssoFlow(visitor: Visitor, client: ClientTerms, resident: Resident): Promise<Tokens> {
  const request = begin(client)
  return redeem(visitor, client, request, await visitor.get(request.path), String(resident.oid))
}

export async function refresh(visitor: Visitor, client: ClientTerms, tokens: Tokens): Promise<Tokens> {
  const { refresh_token } = tokens
  const answer = await visitor.call('/oauth2/token', basic(client), { grant_type: 'refresh_token', refresh_token })
  const fresh = tokensOf(answer)
  if (fresh.refresh_token === refresh_token) throw new FlowFailure('the refresh token was not rotated', answer)
  return fresh
}

/** A token of the client's own. */
export async function clientCredentials(visitor: Visitor, client: ClientTerms): Promise<void> {
  const answer = await visitor.call('/oauth2/token', basic(client), { grant_type: 'client_credentials' })
  if (answer.status !== 200 || !JSON.parse(answer.text).access_token) throw new FlowFailure('no token', answer)
}

export async function introspect(visitor: Visitor, client: ClientTerms, token: string, sub: string): Promise<void> {
  const answer = await visitor.call('/oauth2/introspect', basic(client), { token })
  if (answer.status !== 200 || JSON.parse(answer.text).sub !== sub) throw new FlowFailure('not introspected', answer)
}

async function redeem(visitor: Visitor, client: ClientTerms, request: Request, sent: Answer, sub: string) {
  const [redirectUri] = client.redirect_uris
  const callback = sent.location.startsWith(`${redirectUri}?`) ? new URL(sent.location).searchParams : undefined
  const code = callback?.get('code')
  if (sent.status !== 303 || !code || callback?.get('state') !== request.state)
    throw new FlowFailure('no code for the relying party', sent)
  const answer = await visitor.call('/oauth2/token', basic(client), {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: request.verifier,
  })
  const tokens = tokensOf(answer)
  const claims = claimsOf(tokens.id_token)
  if (claims.nonce !== request.nonce || claims.sub !== sub) throw new FlowFailure("somebody else's id_token", answer)
  return tokens
}

function tokensOf(answer: Answer): Tokens {
  const tokens = answer.status === 200 ? (JSON.parse(answer.text) as Partial<Tokens>) : {}
  if (!tokens.id_token || !tokens.access_token || !tokens.refresh_token) throw new FlowFailure('tokens lack', answer)
  return tokens as Tokens
}

/** The claims as they stand; the signature is checked once for each side, in `twins.ts`. */
function claimsOf(idToken: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString('utf8'))
}

function basic(client: ClientTerms): Record<string, string> {
  const credentials = `${encodeURIComponent(client.client_id)}:${encodeURIComponent(client.client_secret)}`
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }
}

/** The form of a page that has `field` in it. */
export function formOf(page: Answer, field: string): Form {
  for (const [, action = '', inner = ''] of page.text.matchAll(
    /<form[^>]* action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g,
  )) {
    if (!inner.includes(field)) continue
    const inputs = inner.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)
    return { action, hidden: Object.fromEntries([...inputs].map(([, name, value]) => [name, value])) }
  }
  throw new FlowFailure(`no form with ${field}`, page)
}
