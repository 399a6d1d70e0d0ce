import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { ActingParty } from '../relying-party.ts'
import { enter } from '../signing-in.ts'
import { startWorld, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const run = (...argv: string[]) => runCommand(argv, { store: world.house.store, house: async () => world.house })
const MINIMAL = ['--id', 'benefits', '--name', 'Соцвыплаты', '--redirect-uri', 'https://rp.example/cb']
/** The minimal command with one option put in place of its own. */
const create = (name: string, ...values: string[]) => {
  const at = MINIMAL.indexOf(name)
  const rest = at === -1 ? MINIMAL : MINIMAL.toSpliced(at, 2)
  return run('clients', 'create', ...rest, ...values.flatMap((value) => [name, value]))
}

describe('clients create refuses, by the name of the option', () => {
  test.each<[string, string[]]>([
    ['--id', []],
    ['--id', ['ab']],
    ['--id', ['with space']],
    ['--id', ['x'.repeat(65)]],
    ['--id', ['one', 'two']],
    ['--name', []],
    ['--name', ['   ']],
    ['--name', ['x'.repeat(201)]],
    ['--name-en', ['']],
    ['--redirect-uri', []],
    ['--redirect-uri', ['rp.example/cb']],
    ['--redirect-uri', ['http://rp.example/cb']],
    ['--redirect-uri', ['https://rp.example/cb#fragment']],
    ['--redirect-uri', ['javascript:alert(1)']],
    ['--redirect-uri', ['https://rp.example/cb', 'ftp://rp.example']],
    ['--post-logout-uri', ['javascript:alert(1)']],
    ['--minimum-acr', ['aal4']],
    ['--acr-policy', ['sometimes']],
    ['--refresh', ['yes']],
    ['--secret', ['mine']],
  ])('%s %j', async (name, values) => {
    const { output, exitCode } = await create(name, ...values)
    expect(exitCode).toBe(2)
    expect(output).toContain(`${name}: `)
    expect(await world.house.clients.list()).toEqual([])
  })
  test('an argument that is no option', async () => {
    expect(await run('clients', 'create', 'benefits')).toMatchObject({ exitCode: 2 })
  })
  test('all faults at once', async () => {
    const { output } = await run('clients', 'create', '--id', 'x', '--redirect-uri', 'y')
    expect(output.trim().split('\n')).toHaveLength(3)
  })
})

test.each([[[]], [['help']], [['clients']], [['migrate', 'now']]])('%j shows how it is used', async (argv) => {
  const { output, exitCode } = await run(...(argv as string[]))
  expect(output).toMatch(/^usage: /)
  expect(exitCode).toBe(2)
})

test('migrate has nothing to do on a database that is up to date', async () => {
  expect(await run('migrate')).toEqual({ output: 'The database is up to date.\n', exitCode: 0 })
})

test('a client is created, its secret is shown once and works', async () => {
  expect((await run('clients', 'list')).output).toContain('No relying party')
  const { output, exitCode } = await run('clients', 'create', ...MINIMAL, '--refresh', '--scope', 'openid email')
  expect(exitCode).toBe(0)
  const secret = /client_secret +(\S+)/.exec(output)![1]!
  const listed = await run('clients', 'list')
  expect(listed.output).toBe('benefits\tactive\tСоцвыплаты\thttps://rp.example/cb\n')
  expect(listed.output).not.toContain(secret)
  const registration = (await world.house.clients.find('benefits'))!
  expect(registration.client_secret).toBe(secret)
  const party = new ActingParty({ origin: world.origin, listens: world.listens, registration })
  const browser = world.browser()
  await enter(browser, party, await world.citizen(), { scope: 'openid email' })
  await browser.submit({ decision: 'allow' }, '/consent')
  const { status, body } = await party.redeem(browser.callback.get('code')!)
  expect(status).toBe(200)
  expect(body.refresh_token).toBeTypeOf('string')
})

test('a taken id is refused and the client that has it keeps its secret', async () => {
  const before = (await world.house.clients.find('benefits'))?.client_secret
  const { output, exitCode } = await run('clients', 'create', ...MINIMAL)
  expect(exitCode).toBe(1)
  expect(output).toContain('"benefits" is taken')
  expect((await world.house.clients.find('benefits'))?.client_secret).toBe(before)
})

test('every setting arrives', async () => {
  const { output } = await run(
    ...['clients', 'create', '--id', 'whole', '--name', 'Целое', '--name-en', 'Whole'],
    ...['--redirect-uri', 'https://rp.example/a', '--redirect-uri', 'http://localhost:3001/b'],
    ...['--post-logout-uri', 'https://rp.example/out', '--purpose', 'Зачем', '--purpose-en', 'Why'],
    ...['--public', '--minimum-acr', 'aal2', '--acr-policy', 'voluntary'],
  )
  expect(output).not.toContain('client_secret')
  expect(await world.house.clients.find('whole')).toEqual({
    client_id: 'whole',
    client_name: 'Целое',
    'client_name#en': 'Whole',
    redirect_uris: ['https://rp.example/a', 'http://localhost:3001/b'],
    post_logout_redirect_uris: ['https://rp.example/out'],
    purpose: 'Зачем',
    'purpose#en': 'Why',
    response_types: ['code'],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'none',
    minimum_acr: 'aal2',
    acr_policy: 'voluntary',
  })
})

test('as a process it lists them, and says what is wrong with its environment', async () => {
  const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
  const node = promisify(execFile)
  const env = {
    PATH: process.env.PATH ?? '',
    MODE: 'sandbox',
    DATABASE_URL: world.databaseUrl!,
    KEY_ENCRYPTION_KEYS: world.keks,
  }
  const { stdout } = await node(process.execPath, [cli, 'clients', 'list'], { env })
  expect(stdout).toContain('benefits\tactive\tСоцвыплаты')
  const broken = node(process.execPath, [cli, 'clients', 'list'], { env: { ...env, PORT: 'none', LOG_LEVEL: 'loud' } })
  await expect(broken).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/PORT: [\s\S]*LOG_LEVEL: /) })
  const wrongKey = node(process.execPath, [cli, 'clients', 'list'], {
    env: { ...env, KEY_ENCRYPTION_KEYS: `test:${Buffer.alloc(32).toString('base64')}` },
  })
  await expect(wrongKey).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('key-encryption key "test"'),
  })
})
