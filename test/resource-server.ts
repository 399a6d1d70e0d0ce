import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose'
import supertest from 'supertest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { type DetailType, parseResourceServer, type ResourceServer } from '#src/oidc/resources/resource-server.ts'
import type { ActingParty, Answer, Tokens } from './relying-party.ts'
import type { World } from './world.ts'

export const PAYMENTS = 'https://payments.example/api'

/** An authorization detail of every kind of member. */
export const paymentType: DetailType = {
  type: 'payment',
  title: 'Перевод денег',
  'title#en': 'Money transfer',
  fields: [
    { name: 'amount', type: 'number', required: true, title: 'Сумма', 'title#en': 'Amount' },
    {
      name: 'currency',
      type: 'string',
      required: true,
      title: 'Валюта',
      values: [{ value: 'RUB', title: 'рубли', 'title#en': 'roubles' }],
    },
    {
      name: 'creditor',
      type: 'object',
      required: true,
      title: 'Получатель',
      'title#en': 'Payee',
      fields: [{ name: 'name', type: 'string', required: true, title: 'Имя', 'title#en': 'Name' }],
    },
    { name: 'actions', type: 'strings', title: 'Действия', 'title#en': 'Actions' },
    { name: 'urgent', type: 'boolean', title: 'Срочно', 'title#en': 'Urgent' },
  ],
}

/** A detail of that type as it should be. */
export const payment = {
  type: 'payment',
  locations: [PAYMENTS],
  amount: 1234.5,
  currency: 'RUB',
  creditor: { name: 'Школа № 5' },
  actions: ['initiate', 'cancel'],
  urgent: false,
}

/** Registers a resource server, PAYMENTS unless said otherwise, and lets every part of this process know it. */
export async function registerResourceServer(
  world: World,
  description: Partial<ResourceServer> = {},
): Promise<ResourceServer> {
  const parsed = parseResourceServer({
    identifier: PAYMENTS,
    name: 'Реестр выплат',
    'name#en': 'Payments registry',
    scopes: [
      { name: 'payments:read', title: 'Видеть ваши выплаты', 'title#en': 'See your payments' },
      { name: 'payments:write', title: 'Назначать выплаты', 'title#en': 'Order payments' },
    ],
    authorization_details_types: description.identifier === undefined ? [paymentType] : [],
    ...description,
  })
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'))
  await world.house.resourceServers.add(parsed.server, 'test')
  await world.house.providers.renew()
  return parsed.server
}

/** Registers a resource server of a client of its own. @param demands of that client */
export async function ownedResourceServer(
  world: World,
  identifier: string,
  demands: Partial<RelyingParty>,
): Promise<{ readonly owner: ActingParty; readonly scope: string }> {
  const owner = await world.relyingParty(demands)
  const scope = new URL(identifier).hostname
  await registerResourceServer(world, {
    identifier,
    scopes: [{ name: scope, title: 'Всё', 'title#en': 'Everything' }],
    client_id: owner.registration.client_id,
  })
  return { owner, scope }
}

/** Sends to an endpoint as a party; a list sends its parameter several times. */
export async function send<T = Record<string, unknown>>(
  world: World,
  party: ActingParty,
  path: string,
  parameters: Readonly<Record<string, string | readonly string[] | undefined>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<T> & { readonly text: string }> {
  const { client_id, client_secret, token_endpoint_auth_method } = party.registration
  const form = new URLSearchParams()
  if (token_endpoint_auth_method === 'none') form.append('client_id', client_id)
  for (const [name, value] of Object.entries(parameters))
    for (const one of [value ?? []].flat()) form.append(name, String(one))
  const request = supertest(world.listens).post(path).type('form').set(headers)
  if (token_endpoint_auth_method !== 'none')
    request.auth(encodeURIComponent(client_id), encodeURIComponent(client_secret ?? ''))
  const response = await request.send(form.toString()).ok(() => true)
  return { status: response.status, body: response.body, headers: response.headers, text: response.text }
}

export const introspect = (world: World, party: ActingParty, token: string, headers?: Record<string, string>) =>
  send(world, party, '/oauth2/introspect', { token }, headers)

export const tokenFor = (
  world: World,
  party: ActingParty,
  parameters: Readonly<Record<string, string | readonly string[] | undefined>>,
) => send<Tokens & { authorization_details?: unknown }>(world, party, '/oauth2/token', parameters)

/** What a resource server does with a JWT: checks it by the published keys (RFC 9068, section 4). */
export async function readJwt(world: World, jwt: string, audience = PAYMENTS): Promise<JWTPayload> {
  const { body } = await supertest(world.listens).get('/oauth2/jwks')
  const { payload } = await jwtVerify(jwt, createLocalJWKSet(body), {
    issuer: world.origin,
    audience,
    typ: 'at+jwt',
    algorithms: ['ES256'],
    currentDate: new Date(),
  })
  return payload
}
