import { describe, expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { register } from '../oidc/registration/newcomer.ts'
import { worldOfFile } from '../world.ts'

/** What would be registered and could never work: refused, or said where it may work one day. */

const world = worldOfFile()

const run = (...argv: string[]) =>
  runCommand(['clients', ...argv], { store: world.house.store, house: async () => world.house })
let n = 0
const create = (...options: string[]) =>
  run('create', '--id', `made${++n}`, '--name', 'Служба', '--redirect-uri', 'https://rp.example/cb', ...options)

describe('client certificates, where the installation takes none', () => {
  test.each<[string, object]>([
    [
      'token_endpoint_auth_method',
      { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'rp.example' },
    ],
    [
      'token_endpoint_auth_method',
      { token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks_uri: 'https://rp.example/keys' },
    ],
    ['tls_client_certificate_bound_access_tokens', { tls_client_certificate_bound_access_tokens: true }],
  ])('%s: the setting is named that would take them', async (field, metadata) => {
    const { output, exitCode } = await create('--metadata', JSON.stringify(metadata))
    expect(exitCode).toBe(2)
    expect(output).toMatch(new RegExp(`^${field}: .*MTLS_CERTIFICATE_HEADER\\n$`))
  })
})

describe('an invitation is refused for values that no registration can hold', () => {
  test.each([
    ['pkce=foo', 'pkce: must be required or optional'],
    ['pkce=', 'pkce: must be required or optional'],
    ['acr_policy=required,sometimes', 'acr_policy: must be required or voluntary'],
    ['grant_types=authorization_code,code', 'grant_types: must be authorization_code'],
    ['scope=openid,everything', 'scope: must hold only'],
    ['resource_indicators=api', 'resource_indicators: must be an absolute URI'],
  ])('%s', async (allow, told) => {
    const { output, exitCode } = await run('invite', '--allow', allow)
    expect([exitCode, output]).toEqual([2, expect.stringContaining(`--allow ${told}`)])
    expect((await run('invitations')).output).toContain('No invitation')
  })
})

test('who registers itself names nobody that is unknown either', async () => {
  const allow = ['resource_indicators', 'exchange_audiences', 'authorization_details_types'] as const
  const invitation = await run('invite', '--json', ...allow.flatMap((field) => ['--allow', field]))
  const token = JSON.parse(invitation.output).initial_access_token as string
  for (const field of allow) {
    const metadata = { client_name: 'Новичок', redirect_uris: ['https://new.example/cb'], [field]: ['urn:nobody'] }
    const { status, body } = await register(world, token, metadata)
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata'])
    expect(body.error_description).toMatch(new RegExp(`^${field}\\[0\\]: .*first`))
  }
})

test('for how long an invitation is good is said in words that agree', async () => {
  expect((await run('invite', '--days', '1')).output).toMatch(/one client within one day\.\n$/)
  expect((await run('invite', '--days', '2', '--uses', '2')).output).toMatch(/2 clients within 2 days\.\n$/)
})
