import { describe, expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { NOBODY } from '#src/kernel/ids.ts'
import { ActingParty } from '../relying-party.ts'
import { enter } from '../signing-in.ts'
import { worldOfFile } from '../world.ts'

const world = worldOfFile()

const run = (...argv: string[]) => runCommand(argv, { store: world.house.store, house: async () => world.house })
const done = async (...argv: string[]) => {
  const { output, exitCode } = await run(...argv)
  expect(output).not.toBe('')
  expect(exitCode, output).toBe(0)
  return output
}
const MINIMAL = ['--id', 'benefits', '--name', 'Соцвыплаты', '--redirect-uri', 'https://rp.example/cb']
/** The minimal command with one option put in place of its own. */
const create = (name: string, ...values: string[]) => {
  const at = MINIMAL.indexOf(name)
  const rest = at === -1 ? MINIMAL : MINIMAL.toSpliced(at, 2)
  return run('clients', 'create', ...rest, ...values.flatMap((value) => [name, value]))
}
let n = 0
/** Registers a client of a new id. */
const registered = async (...options: string[]) => {
  const id = `made${++n}`
  await done('clients', 'create', '--id', id, ...MINIMAL.slice(2), ...options)
  return id
}
const lastEvent = async () => (await world.house.journal.read(NOBODY, { limit: 1 }))[0]

describe('clients create refuses, by the name of the option or the field', () => {
  test.each<[string, string[]]>([
    ['--id', ['ab']],
    ['--id', ['with space']],
    ['--id', ['x'.repeat(65)]],
    ['--id', ['one', 'two']],
    ['client_name', []],
    ['--name', ['   ']],
    ['--name', ['x'.repeat(201)]],
    ['--name', ['right\u202eleft']],
    ['--name-en', ['']],
    ['--redirect-uri', ['rp.example/cb']],
    ['--redirect-uri', ['http://rp.example/cb']],
    ['--redirect-uri', ['https://rp.example/cb#fragment']],
    ['--redirect-uri', ['javascript:alert(1)']],
    ['--redirect-uri', ['https://rp.example/cb', 'ftp://rp.example']],
    ['--post-logout-uri', ['javascript:alert(1)']],
    ['--scope', ['openid everything']],
    ['--grant', ['password']],
    ['--auth', ['client_secret_jwt']],
    ['--auth', ['private_key_jwt']],
    ['--jwks', ['{"keys":[]}']],
    ['--jwks', ['{"keys"']],
    ['--metadata', ['[]']],
    ['--fapi', ['security']],
    ['--minimum-acr', ['aal4']],
    ['--acr-policy', ['sometimes']],
    ['--cors-origin', ['*']],
    ['--refresh', ['yes']],
    ['--secret', ['mine']],
  ])('%s %j', async (name, values) => {
    const { output, exitCode } = await create(name === 'client_name' ? '--name' : name, ...values)
    expect(exitCode).toBe(2)
    const told = name === '--auth' && values[0] === 'private_key_jwt' ? 'jwks' : name === '--fapi' ? 'dpop_bound' : name
    expect(output).toContain(told)
    expect(await world.house.clients.page({ limit: 1 })).toEqual([])
  })
  test('an argument that is no option', async () => {
    expect(await run('clients', 'create', 'benefits')).toMatchObject({ exitCode: 2 })
  })
  test('all faults at once', async () => {
    const { output } = await run('clients', 'create', '--id', 'x', '--redirect-uri', 'y', '--minimum-acr', 'z')
    expect(output.trim().split('\n').length).toBeGreaterThanOrEqual(3)
  })
  test('a secret that somebody brings along', async () => {
    const { output, exitCode } = await create('--metadata', '{"client_secret":"mine"}')
    expect(output).toContain('client_secret: ')
    expect(exitCode).toBe(2)
  })
})

test('a client is created, its secret is shown once and works', async () => {
  expect((await run('clients', 'list')).output).toContain('No relying party')
  const output = await done('clients', 'create', ...MINIMAL, '--refresh', '--scope', 'openid email')
  const secret = /client_secret +(\S+)/.exec(output)![1]!
  expect(await done('clients', 'list')).toBe('benefits\tactive\tСоцвыплаты\thttps://rp.example/cb\n')
  for (const seen of [
    ['list', '--json'],
    ['show', 'benefits'],
    ['show', 'benefits', '--json'],
  ])
    expect(await done('clients', ...seen)).not.toContain(secret)
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

test('two that are created at once with one id become one', async () => {
  const twin = ['clients', 'create', '--id', 'twin', ...MINIMAL.slice(2)]
  const both = await Promise.all([run(...twin), run(...twin)])
  expect(both.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1])
  expect(both.find(({ exitCode }) => exitCode === 1)?.output).toContain('"twin" is taken')
})

test('every short option arrives, and what follows from them', async () => {
  await done(
    ...['clients', 'create', '--id', 'whole', '--name', 'Целое', '--name-en', 'Whole'],
    ...['--redirect-uri', 'https://rp.example/a', '--redirect-uri', 'http://localhost:3001/b'],
    ...['--post-logout-uri', 'https://rp.example/out', '--purpose', 'Зачем', '--purpose-en', 'Why'],
    ...['--public', '--minimum-acr', 'aal2', '--acr-policy', 'voluntary', '--cors-origin', 'https://rp.example'],
  )
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
    cors_origins: ['https://rp.example'],
  })
})

test('JSON holds any registered field, and the answer as JSON holds the secret', async () => {
  const metadata = {
    client_id: 'machine',
    client_name: 'Машина',
    grant_types: ['client_credentials'],
    logo_uri: 'https://rp.example/logo.png',
  }
  const answer = JSON.parse(await done('clients', 'create', '--metadata', JSON.stringify(metadata), '--json'))
  expect(answer).toMatchObject({ ...metadata, response_types: [], redirect_uris: [] })
  expect(answer.client_secret).toMatch(/^[\w-]{43}$/)
})

describe('clients change', () => {
  test('refuses what create refuses, another id, and fields that there are none', async () => {
    const id = await registered()
    expect((await run('clients', 'change', id, '--redirect-uri', 'javascript:1')).output).toContain('redirect_uris[0]')
    expect(await run('clients', 'change', id, '--remove', 'client_name')).toMatchObject({ exitCode: 2 })
    expect((await run('clients', 'change', id, '--remove', 'state')).output).toContain('"state"')
    expect((await run('clients', 'change', id, '--metadata', '{"client_id":"other"}')).exitCode).toBe(1)
    expect((await run('clients', 'change', 'nobody', '--name', 'X')).output).toContain('no client "nobody"')
    expect((await world.house.clients.read(id))?.version).toBe(1)
  })
  test('changes only what is named, and shows what it was', async () => {
    const id = await registered('--purpose', 'Зачем')
    const secret = (await world.house.clients.find(id))?.client_secret
    const output = await done('clients', 'change', id, '--name', 'Иначе', '--refresh', '--remove', 'purpose')
    expect(output).toBe(`client_name
  - "Соцвыплаты"
  + "Иначе"
grant_types
  - ["authorization_code"]
  + ["authorization_code","refresh_token"]
purpose
  - "Зачем"
`)
    expect(await world.house.clients.find(id)).toMatchObject({ client_name: 'Иначе', client_secret: secret })
    expect(await lastEvent()).toMatchObject({
      type: 'client.changed',
      fields: { client: id, actor: 'cli', fields: 'client_name grant_types purpose' },
    })
    expect(await done('clients', 'change', id, '--name', 'Иначе')).toBe('Nothing changes.\n')
  })
  test('of two at once loses none: one of them is told', async () => {
    const id = await registered()
    const both = await Promise.all([
      run('clients', 'change', id, '--name', 'Один'),
      run('clients', 'change', id, '--purpose', 'Два'),
    ])
    const failed = both.filter(({ exitCode }) => exitCode !== 0)
    const { client } = (await world.house.clients.read(id))!
    if (failed.length > 0) expect(failed[0]!.output).toContain('at the same time')
    else expect(client).toMatchObject({ client_name: 'Один', purpose: 'Два' })
  })
  test('to a public client takes the secret away, back again makes a new one', async () => {
    const id = await registered()
    const before = (await world.house.clients.find(id))?.client_secret
    await done('clients', 'change', id, '--public')
    expect((await world.house.clients.find(id))?.client_secret).toBeUndefined()
    const output = await done('clients', 'change', id, '--auth', 'client_secret_post')
    const secret = /client_secret +(\S+)/.exec(output)![1]!
    expect((await world.house.clients.find(id))?.client_secret).toBe(secret)
    expect(secret).not.toBe(before)
  })
})

describe('clients list', () => {
  test('pages, and finds by text and state', async () => {
    const ids = [await registered('--name-en', '100% found_it'), await registered('--name-en', '100% found_it')]
    const [first] = ids
    expect(await done('clients', 'list', '--find', '% FOUND_', '--limit', '1')).toMatch(
      new RegExp(`^${first}\t.*\n… and more: --after ${first}\n$`),
    )
    expect(await done('clients', 'list', '--find', '% found_', '--after', first!)).toContain(ids[1])
    expect((await run('clients', 'list', '--find', '%_%_%')).output).toContain('No relying party')
    await done('clients', 'suspend', first!, '--reason', 'жалобы')
    expect(JSON.parse(await done('clients', 'list', '--state', 'suspended', '--json'))).toMatchObject([
      { client_id: first, state: 'suspended', suspended_because: 'жалобы' },
    ])
  })
})

describe('clients list refuses', () => {
  test.each([
    ['--limit: must be 1 to 1000', ['--limit', 'many']],
    ['--limit: must be 1 to 1000', ['--limit', '0']],
    ['--limit: must be 1 to 1000', ['--limit', '1001']],
    ['--state: must be active, suspended or deleted', ['--state', 'asleep']],
  ])('%s (%j)', async (message, given) => {
    expect(await run('clients', 'list', ...given)).toEqual({ output: `${message}\n`, exitCode: 2 })
  })
})

describe('clients delete', () => {
  test('wants to hear it twice, and never gives the id to another', async () => {
    const id = await registered()
    expect(await run('clients', 'delete', id)).toMatchObject({ exitCode: 2 })
    await done('clients', 'delete', id, '--yes')
    expect(await world.house.clients.find(id)).toBeUndefined()
    expect((await run('clients', 'create', '--id', id, ...MINIMAL.slice(2))).output).toContain('is taken')
    expect((await run('clients', 'resume', id)).output).toContain('is deleted')
    expect(await lastEvent()).toMatchObject({ type: 'client.deleted', fields: { client: id, actor: 'cli' } })
    expect(await done('clients', 'list', '--limit', '1000')).not.toContain(`${id}\t`)
    expect(JSON.parse(await done('clients', 'show', id, '--json'))).toMatchObject({
      state: 'deleted',
      has_secret: false,
    })
  })
})
