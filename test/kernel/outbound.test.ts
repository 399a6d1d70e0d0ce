import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isPublicAddress, makeOutboundFetch } from '#src/kernel/outbound.ts'

let server: Server
let port: number
let reached: string[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    reached.push(request.url ?? '')
    if (request.url === '/redirect') response.writeHead(302, { Location: '/secret' }).end()
    else response.end('inside')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  port = (server.address() as AddressInfo).port
})
afterAll(() => new Promise((done) => server.close(done)))

describe('addresses that no request may reach', () => {
  test.each([
    '127.0.0.1',
    '127.255.0.3',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '64:ff9b::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    'localhost',
    '',
  ])('%s', (address) => expect(isPublicAddress(address)).toBe(false))
  test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2a00:1450:4010::8a', '::ffff:8.8.8.8'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )
})

describe('an outgoing request', () => {
  const guarded = makeOutboundFetch([])
  test.each([
    ['a loopback address', () => `http://127.0.0.1:${port}/secret`],
    ['a loopback name', () => `http://localhost:${port}/secret`],
    ['IPv6 loopback', () => `http://[::1]:${port}/secret`],
    ['IPv4 inside IPv6', () => `http://[::ffff:127.0.0.1]:${port}/secret`],
    ['an address in decimal', () => `http://2130706433:${port}/secret`],
    ['an address in hexadecimal', () => `http://0x7f.1:${port}/secret`],
    ['an address in octal', () => `http://0177.0.0.1:${port}/secret`],
    ['the metadata service of a cloud', () => 'http://169.254.169.254/latest/meta-data'],
    ['a file', () => 'file:///etc/passwd'],
    ['data', () => 'data:text/plain,inside'],
  ])('to %s is refused', async (_what, url) => {
    reached = []
    await expect(guarded(url())).rejects.toThrow()
    expect(reached).toEqual([])
  })
  test('takes no dispatcher from its caller', async () => {
    const { Agent } = await import('undici')
    const options = { dispatcher: new Agent() } as RequestInit
    await expect(guarded(`http://localhost:${port}/secret`, options)).rejects.toThrow()
  })
  test('reaches a listed origin, on exactly the port listed', async () => {
    const fetch = makeOutboundFetch([`http://127.0.0.1:${port}`])
    expect(await (await fetch(`http://127.0.0.1:${port}/keys`)).text()).toBe('inside')
    await expect(fetch(`http://127.0.0.1:${port + 1}/keys`)).rejects.toThrow('not a public address')
    await expect(fetch(`http://localhost:${port}/keys`)).rejects.toThrow()
  })
  test('follows no redirect', async () => {
    reached = []
    const answer = await makeOutboundFetch([`http://127.0.0.1:${port}`])(`http://127.0.0.1:${port}/redirect`)
    expect(answer.status).toBe(302)
    expect(reached).toEqual(['/redirect'])
  })
})
