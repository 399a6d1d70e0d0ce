import supertest from 'supertest'
import type { ActingParty, Answer, Tokens } from '../../relying-party.ts'
import type { World } from '../../world.ts'

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

export interface Begun {
  readonly device_code: string
  readonly user_code: string
  readonly verification_uri: string
  readonly verification_uri_complete: string
  readonly expires_in: number
  readonly interval: number
}

/** A client as devices have them: nobody can keep a secret on a television. */
export function deviceClient(world: World, metadata: object = {}): Promise<ActingParty> {
  return world.relyingParty({
    token_endpoint_auth_method: 'none',
    client_secret: undefined as never,
    grant_types: [DEVICE_GRANT, 'refresh_token'],
    response_types: [],
    redirect_uris: [],
    ...metadata,
  })
}

/** The device asks for its codes. */
export async function beginDevice(
  world: World,
  party: ActingParty,
  parameters: Readonly<Record<string, string>> = {},
  userAgent = 'Mozilla/5.0 (Web0S; Linux/SmartTV)',
): Promise<Begun> {
  const { status, body } = await supertest(world.listens)
    .post('/oauth2/device')
    .set('User-Agent', userAgent)
    .type('form')
    .send({ client_id: party.registration.client_id, scope: 'openid profile', ...parameters })
  if (status !== 200) throw new Error(`device authorization: ${status} ${JSON.stringify(body)}`)
  return body
}

export function poll(party: ActingParty, begun: Begun): Promise<Answer<Tokens & { error?: string }>> {
  return party.token({ grant_type: DEVICE_GRANT, device_code: begun.device_code }) as never
}
