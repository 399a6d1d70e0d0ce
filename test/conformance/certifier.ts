import { createHash, randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import type { Browser } from '../browser-http.ts'
import type { ActingParty, Answer, Tokens } from '../relying-party.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { checkIdToken, checkTokenAnswer, type IdToken } from './checks.ts'

export type ResponseMode = 'query' | 'form_post'

type Parameters = Readonly<Record<string, string | undefined>>

/** An authorization request as it went out. */
export interface AskedFor {
  readonly party: ActingParty
  readonly url: string
  readonly state: string | undefined
  readonly nonce: string | undefined
}

export interface Flow {
  readonly browser: Browser
  /** Pages that the person had to answer, e.g. `['identify', 'consent']`. */
  readonly pages: readonly string[]
  readonly code: string
  readonly tokens: Tokens
  readonly idToken: IdToken
}

interface FlowOptions {
  readonly parameters?: Parameters
  /** One that has been here before; otherwise a new one without cookies. */
  readonly browser?: Browser
  readonly party?: ActingParty
}

/**
 * Does what OpenID's certification suite does in its OpenID Connect plans: a confidential client that sends no PKCE, a person with a
 * browser without scripts, and after each step the checks that the suite makes in every module.
 */
export class Certifier {
  readonly world: World
  readonly party: ActingParty
  readonly citizen: Citizen
  readonly #mode: ResponseMode

  private constructor(world: World, mode: ResponseMode, party: ActingParty, citizen: Citizen) {
    this.world = world
    this.#mode = mode
    this.party = party
    this.citizen = citizen
  }

  static async start(mode: ResponseMode = 'query'): Promise<Certifier> {
    const world = await startWorld()
    const party = await world.relyingParty({ pkce: 'optional' })
    return new Certifier(world, mode, party, await world.citizen())
  }

  /** Another client of the same kind. */
  client(metadata: Partial<RelyingParty> = {}): Promise<ActingParty> {
    return this.world.relyingParty({ pkce: 'optional', ...metadata })
  }

  /** The request of every module, with what the module adds or, by `undefined`, leaves out. */
  request(parameters: Parameters = {}, party = this.party): AskedFor {
    const url = party.authorizationUrl({
      scope: 'openid',
      state: randomBytes(8).toString('base64url'),
      code_challenge: undefined,
      code_challenge_method: undefined,
      ...(this.#mode === 'form_post' && { response_mode: 'form_post' }),
      ...parameters,
    })
    const sent = new URL(url).searchParams
    return { party, url, state: sent.get('state') ?? undefined, nonce: sent.get('nonce') ?? undefined }
  }

  /** Answers whatever pages come up to the one that leads on. @returns their names in order */
  async answerPages(browser: Browser): Promise<string[]> {
    const fields: Record<string, () => Record<string, string>> = {
      identify: () => ({ identifier: this.citizen.phone, password: this.citizen.password }),
      consent: () => ({ decision: 'allow' }),
    }
    const answered: string[] = []
    for (;;) {
      const next = Object.keys(fields).find((page) => browser.page.html.includes(`/${page}"`))
      if (next === undefined) return answered
      if (answered.includes(next)) throw new Error(`asked for ${next} twice: ${browser.page.errors.join(' ')}`)
      answered.push(next)
      await browser.submit(fields[next]!(), `/${next}`)
    }
  }

  /** The authorization response as the relying party receives it, by redirect or by the form that the person sends on. */
  received(browser: Browser, asked: AskedFor): URLSearchParams {
    const answer = this.#mode === 'form_post' ? this.#posted(browser, asked) : this.#redirected(browser, asked)
    expect(new Set(answer.keys()).size, 'no parameter twice').toBe([...answer.keys()].length)
    expect(answer.get('state') ?? undefined).toBe(asked.state)
    expect(answer.get('iss')).toBe(this.world.origin)
    return answer
  }

  #redirected(browser: Browser, { party }: AskedFor): URLSearchParams {
    const { origin, pathname, hash, searchParams } = new URL(browser.page.url)
    expect(`${origin}${pathname}`).toBe(party.redirectUri)
    expect(hash).toBe('')
    return searchParams
  }

  /** Form Post Response Mode, section 2: a POST in `application/x-www-form-urlencoded`, nothing in the query. */
  #posted(browser: Browser, { party }: AskedFor): URLSearchParams {
    const { page } = browser
    const form = browser.form()
    expect(form.action).toBe(party.redirectUri)
    const [tag] = /<form\b[^>]*>/.exec(page.html)!
    expect(tag).toContain('method="post"')
    expect(tag).not.toContain('enctype')
    const [button] = /<button\b[^>]*>/.exec(page.html.slice(page.html.indexOf(tag)).split('</form>')[0]!)!
    expect(button).toContain('type="submit"')
    expect(button, 'would be one more parameter of the response').not.toContain(' name=')
    expect(page.headers['content-security-policy']).not.toContain('form-action')
    expect(page.headers['cache-control']).toContain('no-store')
    return new URLSearchParams(form.hidden)
  }

  /** Redeems a code as the suite does: `client_secret_basic`, no code_verifier. */
  redeem(code: string, party = this.party, further: Record<string, string> = {}): Promise<Answer<Tokens>> {
    return party.token({ grant_type: 'authorization_code', code, redirect_uri: party.redirectUri, ...further })
  }

  /** Request, pages, code, tokens, userinfo, with the suite's standing checks of each. */
  async flow({ parameters = {}, party = this.party, browser = this.world.browser() }: FlowOptions = {}): Promise<Flow> {
    const asked = this.request(parameters, party)
    await browser.open(asked.url)
    const pages = await this.answerPages(browser)
    const code = this.code(browser, asked)
    const answer = await this.redeem(code, party)
    return { browser, pages, code, ...(await this.tokens(answer, asked)) }
  }

  code(browser: Browser, asked: AskedFor): string {
    const answer = this.received(browser, asked)
    expect([...answer.keys()].sort()).toEqual(['code', 'iss', ...(asked.state === undefined ? [] : ['state'])])
    return answer.get('code')!
  }

  /** Checks a token answer and its id_token, and that the access token opens userinfo of the same person. */
  async tokens(answer: Answer<Tokens>, asked: AskedFor): Promise<{ tokens: Tokens; idToken: IdToken }> {
    const tokens = checkTokenAnswer(answer)
    const idToken = await checkIdToken(this.world, tokens.id_token, {
      clientId: asked.party.registration.client_id,
      nonce: asked.nonce,
    })
    // May be left out of the code flow, but if there, it is right (Core, section 3.1.3.6).
    if (idToken.claims.at_hash !== undefined) expect(idToken.claims.at_hash).toBe(leftHalf(tokens.access_token))
    const { status, body } = await asked.party.userinfo(tokens.access_token)
    expect(status).toBe(200)
    expect(body.sub).toBe(idToken.claims.sub)
    return { tokens, idToken }
  }
}

/** The left half of the hash that goes with ES256 and RS256 (Core, section 3.1.3.6). */
const leftHalf = (value: string) => createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url')
