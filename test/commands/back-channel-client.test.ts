import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { signingKey } from '../signing-party.ts'
import { worldOfFile } from '../world.ts'

const world = worldOfFile({ env: { MTLS_CERTIFICATE_HEADER: 'Client-Cert', TRUSTED_PROXIES: '127.0.0.1' } })

const run = (...argv: string[]) => runCommand(argv, { store: world.house.store, house: async () => world.house })
const CREATE = ['clients', 'create', '--id', 'call-centre', '--name', 'Справочная служба', '--grant', 'ciba']
const PING = 'https://rp.example/ping'

describe('a client for back-channel requests', () => {
  test.each<[string, string[]]>([
    ['backchannel_token_delivery_mode', []],
    ['--backchannel-delivery', ['--backchannel-delivery', 'push']],
    ['backchannel_client_notification_endpoint', ['--backchannel-delivery', 'ping']],
    [
      '--backchannel-notification',
      ['--backchannel-delivery', 'ping', '--backchannel-notification', 'http://rp.example/ping'],
    ],
    ['--backchannel-delivery', ['--backchannel-delivery', 'poll', '--grant', 'code']],
  ])('is refused by the name of %s when it gives %j', async (told, options) => {
    const args = options.includes('code') ? CREATE.slice(0, -2) : CREATE
    const { output, exitCode } = await run(...args, ...options)
    expect(exitCode).toBe(2)
    expect(output).toContain(told)
  })

  test('is created by options, and changed from poll to ping', async () => {
    expect(await run(...CREATE, '--backchannel-delivery', 'poll')).toMatchObject({ exitCode: 0 })
    expect(await world.house.clients.find('call-centre')).toMatchObject({
      grant_types: ['urn:openid:params:grant-type:ciba'],
      backchannel_token_delivery_mode: 'poll',
    })
    const ping = ['--backchannel-delivery', 'ping', '--backchannel-notification', PING]
    expect(await run('clients', 'change', 'call-centre', ...ping)).toMatchObject({ exitCode: 0 })
    expect(await world.house.clients.find('call-centre')).toMatchObject({
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: PING,
    })
  })

  test('is registered for the certification as docs/conformance.md shows it', async () => {
    const text = await readFile(new URL('../../docs/conformance.md', import.meta.url), 'utf8')
    const [, json] = /## FAPI CIBA\n[\s\S]*?```json\n([\s\S]*?)```/.exec(text)!
    const { publicJwk } = await signingKey('PS256')
    const metadata = { ...JSON.parse(json!), jwks: { keys: [publicJwk] } }
    const { output, exitCode } = await run(
      ...['clients', 'create', '--id', 'certification', '--metadata', JSON.stringify(metadata)],
    )
    expect(exitCode, output).toBe(0)
    expect(await world.house.clients.find('certification')).toMatchObject(metadata)
  })
})
