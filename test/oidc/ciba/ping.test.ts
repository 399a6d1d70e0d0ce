import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { ActingParty } from '../../relying-party.ts'
import { type Citizen, startWorld, type World } from '../../world.ts'
import { issue } from '../mtls/certificates.ts'
import { ask, asked, cibaClient, fetchResult, messageOf, settled } from './acting-client.ts'

interface Ping {
  readonly path: string | undefined
  readonly authorization: string | undefined
  readonly body: string
}

let server: Server
let world: World
let party: ActingParty
let citizen: Citizen
let pings: Ping[] = []
let answers: number[] = []

beforeAll(async () => {
  const own = issue({ subject: [[['CN', 'localhost']]], ca: true, san: [['dns', 'localhost']] })
  const cert = own.certificate.toString()
  setDefaultCACertificates([...getCACertificates('default'), cert])
  const key = String(own.privateKey.export({ format: 'pem', type: 'pkcs8' }))
  server = createServer({ cert, key }, (request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      pings.push({ path: request.url, authorization: request.headers.authorization, body })
      response.writeHead(answers.shift() ?? 204, { Location: `${origin()}/elsewhere` }).end()
    })
  })
  await new Promise<void>((done) => server.listen(0, 'localhost', done))
  world = await startWorld({ env: { OUTBOUND_ORIGINS: origin() } })
  party = await cibaClient(world, pinged(`${origin()}/ping`))
})
beforeEach(async () => {
  citizen = await world.citizen()
})
afterEach(() => {
  pings = []
  answers = []
})
afterAll(async () => {
  await world.stop()
  server.closeAllConnections()
  server.close()
})

const origin = () => `https://localhost:${(server.address() as AddressInfo).port}`

const pinged = (endpoint: string) => ({
  backchannel_token_delivery_mode: 'ping',
  backchannel_client_notification_endpoint: endpoint,
})

async function decide(decision: 'approve' | 'refuse', client = party) {
  const request = await asked(world, client, {
    login_hint: citizen.phone,
    client_notification_token: 'token-of-the-client',
  })
  const browser = world.browser()
  await browser.open((await messageOf(world, citizen)).link)
  await browser.submit({ code: await world.code(citizen.phone), decision })
  return request
}

const reached = (count: number) =>
  vi.waitFor(() => expect(pings).toHaveLength(count), { timeout: 10_000, interval: 20 })

test('a client is told of a decision by the token that it gave, and fetches the result', async () => {
  const request = await decide('approve')
  await reached(1)
  expect(pings[0]).toEqual({
    path: '/ping',
    authorization: 'Bearer token-of-the-client',
    body: JSON.stringify({ auth_req_id: request.auth_req_id }),
  })
  expect((await fetchResult(party, request)).status).toBe(200)
})

test('of a refusal too', async () => {
  const request = await decide('refuse')
  await reached(1)
  expect((await fetchResult(party, request)).body.error).toBe('access_denied')
})

test('a client that is down is told again; no redirect is followed', async () => {
  answers = [503, 302]
  await decide('approve')
  await reached(3)
  expect(pings.map(({ path }) => path)).toEqual(['/ping', '/ping', '/ping'])
}, 20_000)

test('nobody is told before there is a decision', async () => {
  await asked(world, party, { login_hint: citizen.phone, client_notification_token: 't' })
  await messageOf(world, citizen)
  await settled(world)
  expect(pings).toEqual([])
})

test('an address inside the house is never called', async () => {
  const inside = await cibaClient(world, pinged('https://127.0.0.1:1/ping'))
  const request = await decide('approve', inside)
  await vi.waitFor(() => expect(world.logLines.join('\n')).toContain('client not told of a decision'), {
    timeout: 10_000,
  })
  expect(pings).toEqual([])
  expect((await fetchResult(inside, request)).status).toBe(200)
})

test('a request without a token to ping with is refused', async () => {
  const { body } = await ask(world, party, { login_hint: citizen.phone })
  expect(body).toMatchObject({ error: 'invalid_request' })
})
