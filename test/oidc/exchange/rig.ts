import type { RelyingParty } from '#src/oidc/clients.ts'
import { ACCESS_TOKEN, TOKEN_EXCHANGE } from '#src/oidc/exchange/token-types.ts'
import type { Browser } from '../../browser-http.ts'
import type { ActingParty, Tokens } from '../../relying-party.ts'
import { introspect, PAYMENTS, registerResourceServer, send } from '../../resource-server.ts'
import { signedIn } from '../../signing-in.ts'
import { type Citizen, startWorld, type World, type WorldOptions } from '../../world.ts'

type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>
export type Exchanged = Tokens & {
  readonly issued_token_type: string
  readonly error: string
  readonly error_description: string
}

const grant_types = ['authorization_code', 'refresh_token', 'client_credentials', TOKEN_EXCHANGE]

/**
 * A service (`front`) whom a person signs in to, and three behind it: `back` and `far` are clients that take tokens for themselves,
 * `keeper` introspects for the resource server PAYMENTS. Each may pass authority on to any of them.
 */
export class Rig {
  readonly world: World
  readonly #parties: Readonly<Record<'front' | 'back' | 'far' | 'keeper', ActingParty>>

  constructor(world: World, parties: Rig['parties']) {
    this.world = world
    this.#parties = parties
  }

  get parties() {
    return this.#parties
  }

  /** Registers one more party that may pass authority on to the same. */
  party(metadata: Partial<RelyingParty> = {}): Promise<ActingParty> {
    return this.world.relyingParty({ grant_types, exchange_audiences: AUDIENCES, ...metadata })
  }

  /** Changes a registration for good. */
  async change(party: ActingParty, metadata: Partial<RelyingParty>): Promise<void> {
    await this.world.house.clients.save({ ...party.registration, ...metadata }, { replace: true })
  }

  /** A person's token of `front` for home, and one for PAYMENTS with both of its scopes. */
  async signIn(
    citizen: Citizen,
    party = this.#parties.front,
    parameters: Record<string, string> = {},
  ): Promise<{ browser: Browser; home: string; payments: string; refresh: string }> {
    const scope = 'openid email payments:read payments:write'
    const { browser, tokens } = await signedIn(this.world, {
      party,
      citizen,
      parameters: { scope, resource: PAYMENTS, ...parameters },
    })
    const { body } = await party.refresh(tokens.refresh_token!, { resource: PAYMENTS })
    return { browser, home: tokens.access_token, payments: body.access_token, refresh: body.refresh_token! }
  }

  exchange(
    by: ActingParty,
    subject: string,
    parameters: Parameters = {},
    headers: Record<string, string> = {},
  ): ReturnType<typeof send<Exchanged>> {
    const usual = {
      grant_type: TOKEN_EXCHANGE,
      subject_token: subject,
      subject_token_type: ACCESS_TOKEN,
      audience: 'back',
    }
    return send<Exchanged>(this.world, by, '/oauth2/token', { ...usual, ...parameters }, headers)
  }

  /** The token of an exchange that has to succeed. */
  async exchanged(by: ActingParty, subject: string, parameters: Parameters = {}): Promise<string> {
    const { status, body } = await this.exchange(by, subject, parameters)
    if (status !== 200) throw new Error(`not exchanged: ${JSON.stringify(body)}`)
    return body.access_token
  }

  async isActive(by: ActingParty, token: string): Promise<boolean> {
    return (await introspect(this.world, by, token)).body.active === true
  }
}

export const AUDIENCES = ['back', 'far', 'keeper', PAYMENTS] as const

export async function startRig(options: WorldOptions = {}): Promise<Rig> {
  const world = await startWorld(options)
  await registerResourceServer(world, { client_id: 'keeper' })
  const common = { grant_types, exchange_audiences: AUDIENCES, resource_indicators: [PAYMENTS] }
  const register = (client_id: string) => world.relyingParty({ client_id, ...common })
  return new Rig(world, {
    front: await register('front'),
    back: await register('back'),
    far: await register('far'),
    keeper: await register('keeper'),
  })
}
