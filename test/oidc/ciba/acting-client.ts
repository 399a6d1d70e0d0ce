import supertest from 'supertest'
import { vi } from 'vitest'
import type { ActingParty, Answer, Tokens } from '../../relying-party.ts'
import type { Citizen, World } from '../../world.ts'

export const CIBA_GRANT = 'urn:openid:params:grant-type:ciba'

export interface Asked {
  readonly auth_req_id: string
  readonly expires_in: number
  readonly interval: number
  readonly error?: string
  readonly error_description?: string
}

/** A client that asks people by the back channel, such as a call centre's. */
export function cibaClient(world: World, metadata: object = {}): Promise<ActingParty> {
  return world.relyingParty({
    grant_types: [CIBA_GRANT, 'refresh_token'],
    response_types: [],
    redirect_uris: [],
    backchannel_token_delivery_mode: 'poll',
    ...metadata,
  })
}

/** The request as the client sends it. */
export async function ask(
  world: World,
  party: ActingParty,
  parameters: Readonly<Record<string, string>>,
): Promise<Answer<Asked>> {
  const { client_id, client_secret = '' } = party.registration
  const { status, body, headers } = await supertest(world.listens)
    .post('/oauth2/ciba')
    .auth(client_id, client_secret)
    .type('form')
    .send({ scope: 'openid profile', ...parameters })
  return { status, body, headers }
}

/** A request that was taken. */
export async function asked(
  world: World,
  party: ActingParty,
  parameters: Readonly<Record<string, string>>,
): Promise<Asked> {
  const { status, body } = await ask(world, party, parameters)
  if (status !== 200) throw new Error(`back channel: ${status} ${JSON.stringify(body)}`)
  return body
}

export function fetchResult(party: ActingParty, { auth_req_id }: Asked): Promise<Answer<Tokens & { error?: string }>> {
  return party.token({ grant_type: CIBA_GRANT, auth_req_id }) as never
}

/** What the message of a request holds. @param after how many messages to the phone came before */
export async function messageOf(world: World, citizen: Citizen, after = 0): Promise<{ link: string; text: string }> {
  const { text } = await world.message(citizen.phone, after)
  const link = /http\S+\/approve\/[\w-]+/.exec(text)?.[0]
  if (link === undefined) throw new Error(`no link in "${text}"`)
  return { link, text }
}

/** Waits until the worker has dealt with every request so far. */
export async function settled(world: World): Promise<void> {
  await vi.waitFor(
    async () => {
      const { store } = world.house
      const due = await store.db
        .selectFrom('ciba_requests')
        .select('id')
        .where('due', 'is not', null)
        .where('expires_at', '>', new Date())
        .execute()
      if (due.length > 0) throw new Error('requests are waiting')
    },
    { timeout: 5_000, interval: 10 },
  )
}
