import supertest from 'supertest'
import type { Answer } from '../../relying-party.ts'
import type { World } from '../../world.ts'

export type Metadata = Readonly<Record<string, unknown>>

/** What the provider answers about a registration. */
export interface Registered extends Record<string, unknown> {
  readonly client_id: string
  readonly client_secret?: string
  readonly registration_access_token: string
  readonly registration_client_uri: string
}

export const minimal: Metadata = { client_name: 'Новичок', redirect_uris: ['https://new.example/cb'] }

/** Makes an initial access token as an operator does. */
export async function invited(
  world: World,
  { uses = 1, days = 7, allowance = {} }: { uses?: number; days?: number; allowance?: object } = {},
): Promise<string> {
  return (await world.house.invitations.make({ uses, days, allowance })).token
}

export function register(
  world: World,
  token: string | undefined,
  metadata: unknown,
  listens = world.listens,
): Promise<Answer<Registered>> {
  return call(listens, 'post', '/oauth2/register', token, metadata)
}

export type Method = 'get' | 'put' | 'delete'

/** Reads, replaces or deletes a registration by its own token, or by another. */
export function manage(
  world: World,
  method: Method,
  client: Pick<Registered, 'client_id' | 'registration_access_token'>,
  metadata?: unknown,
): Promise<Answer<Registered>> {
  return call(world.listens, method, `/oauth2/register/${client.client_id}`, client.registration_access_token, metadata)
}

/** A client that has registered itself. */
export async function newcomer(world: World, metadata: Metadata = {}, allowance: object = {}): Promise<Registered> {
  const { status, body } = await register(world, await invited(world, { allowance }), { ...minimal, ...metadata })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body
}

async function call(
  listens: string,
  method: Method | 'post',
  path: string,
  token: string | undefined,
  body: unknown,
): Promise<Answer<Registered>> {
  const request = supertest(listens)
    [method](path)
    .ok(() => true)
  if (token !== undefined) request.set('Authorization', `Bearer ${token}`)
  if (body !== undefined)
    request.set('Content-Type', 'application/json').send(typeof body === 'string' ? body : JSON.stringify(body))
  const { status, body: answer, headers } = await request
  return { status, body: answer, headers }
}
