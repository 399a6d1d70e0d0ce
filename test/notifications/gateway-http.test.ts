import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Secret } from '#src/kernel/secret.ts'
import { type Channel, DeliveryFailed, PermanentRefusal } from '#src/notifications/channels.ts'
import { makeGatewayHttp, makeLetterGatewayHttp } from '#src/notifications/gateway-http.ts'

const message = {
  id: '0f8fad5b-d9cb-469f-a165-70867728950e',
  recipient: '+79001234567',
  text: '493817 — код для входа.',
}
const received: { request: IncomingMessage; body: string }[] = []
let status = 200
let server: Server
let url: string
let channel: Channel

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    received.push({ request, body })
    response.writeHead(status, { location: '/elsewhere' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`
  channel = makeGatewayHttp({ url, token: new Secret('gateway-token') }, { fetch, name: 'SMS gateway' })
})
beforeEach(() => {
  received.length = 0
})
afterAll(() => void server.close())

test('sends id, number and text as JSON, with the token and the id as idempotency key', async () => {
  status = 202
  await channel.send(message)
  const [{ request, body }] = received as [(typeof received)[number]]
  expect(JSON.parse(body)).toEqual({ id: message.id, to: message.recipient, text: message.text })
  expect(request.method).toBe('POST')
  expect(request.headers).toMatchObject({
    authorization: 'Bearer gateway-token',
    'content-type': 'application/json',
    'idempotency-key': message.id,
  })
})

test('a letter is sent as the PDF that it is, with the token and the id as idempotency key', async () => {
  status = 202
  const letters = makeLetterGatewayHttp({ url, token: new Secret('letter-token') }, { fetch, name: 'print service' })
  const pdf = Buffer.from('%PDF-1.3')
  await letters.send({ id: message.id, recipient: 'Ветрова Ольга, г. Казань', text: '', pdf })
  const [{ request, body }] = received as [(typeof received)[number]]
  expect(body).toBe('%PDF-1.3')
  expect(request.headers).toMatchObject({
    authorization: 'Bearer letter-token',
    'content-type': 'application/pdf',
    'idempotency-key': message.id,
  })
  expect(JSON.stringify(request.rawHeaders)).not.toMatch(/Ветрова|Казань/)
  status = 422
  await expect(letters.send({ ...message, pdf })).rejects.toThrow(new PermanentRefusal('print service answered 422'))
  await expect(letters.send(message)).rejects.toBeInstanceOf(PermanentRefusal)
})

test.each([
  [400, PermanentRefusal],
  [410, PermanentRefusal],
  [422, PermanentRefusal],
  [401, DeliveryFailed],
  [403, DeliveryFailed],
  [404, DeliveryFailed],
  [408, DeliveryFailed],
  [429, DeliveryFailed],
  [500, DeliveryFailed],
  [503, DeliveryFailed],
])('answer %i means %o', async (answer, expected) => {
  status = answer
  const error = await channel.send(message).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(expected)
  expect((error as Error).message).toBe(`SMS gateway answered ${answer}`)
})

test('a redirect is not followed: token and text stay here', async () => {
  status = 307
  await expect(channel.send(message)).rejects.toBeInstanceOf(DeliveryFailed)
  expect(received).toHaveLength(1)
})

test('a gateway that does not listen is tried again, and the error names neither number nor text', async () => {
  const token = new Secret('gateway-token')
  const closed = makeGatewayHttp({ url: 'http://127.0.0.1:1/', token }, { fetch, name: 'voice gateway' })
  const error: unknown = await closed.send(message).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DeliveryFailed)
  expect(String(error)).toContain('voice gateway not reached')
  expect(String(error)).not.toMatch(/79001234567|493817|gateway-token/)
})
