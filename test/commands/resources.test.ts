import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { NOBODY } from '#src/kernel/ids.ts'
import { paymentType } from '../resource-server.ts'
import { startWorld, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const run = (...argv: string[]) =>
  runCommand(['resources', ...argv], { store: world.house.store, house: async () => world.house })
const API = 'https://api.example/v1'
const MINIMAL = ['--id', API, '--name', 'Реестр', '--scope', 'read=Читать']
const stored = async (identifier = API) =>
  (await world.house.resourceServers.list()).find((server) => server.identifier === identifier)

describe('create refuses, by the name of the member', () => {
  const field = (change: object) => ({
    authorization_details_types: [{ ...paymentType, fields: [{ ...paymentType.fields[0], ...change }] }],
  })
  test.each<[string, object]>([
    ['identifier', { identifier: 'api' }],
    ['identifier', { identifier: 'http://api.example' }],
    ['identifier', { identifier: `${API}#top` }],
    ['identifier', { identifier: 'https://user:pass@api.example' }],
    ['identifier', { identifier: 'javascript:alert(1)' }],
    ['name', { name: ' ' }],
    ['name', { name: 'Рее\u202eстр' }],
    ['scopes[0].name', { scopes: [{ name: 'two words', title: 'x' }] }],
    ['scopes[0].name', { scopes: [{ name: 'email', title: 'x' }] }],
    ['scopes[0].title', { scopes: [{ name: 'read' }] }],
    ['scopes', { scopes: [1, 2].map(() => ({ name: 'read', title: 'x' })) }],
    ['token_format', { token_format: 'saml' }],
    ['token_lifetime', { token_lifetime: 3601 }],
    ['token_lifetime', { token_lifetime: 0 }],
    ['token_lifetime', { token_lifetime: 'long' }],
    ['locations[0]', { locations: ['api'] }],
    ['secret', { secret: 'mine' }],
    ['authorization_details_types[0].fields[0].type', field({ type: 'date' })],
    ['authorization_details_types[0].fields[0].name', field({ name: 'type' })],
    ['authorization_details_types[0].fields[0].fields', field({ type: 'object' })],
    ['authorization_details_types[0].fields[0].values', field({ values: [{ value: 'a', title: 'А' }] })],
    ['authorization_details_types[0].fields[0].colour', field({ colour: 'red' })],
  ])('%s %#', async (member, change) => {
    const description = { identifier: API, name: 'Реестр', scopes: [{ name: 'read', title: 'Читать' }], ...change }
    const { output, exitCode } = await run('create', '--metadata', JSON.stringify(description))
    expect(exitCode).toBe(2)
    expect(output).toContain(`${member}: `)
    expect(await world.house.resourceServers.list()).toEqual([])
  })
  test.each<[string, string[]]>([
    ['--scope: must be NAME=TITLE', ['--scope', 'read']],
    ['--scope-en: there is no scope "write"', ['--scope-en', 'write=Write']],
    ['--metadata: must be a JSON object', ['--metadata', '[]']],
    ['--lifetime (token_lifetime): must be a whole number of seconds', ['--lifetime', 'long']],
    ['--format (token_format): must be jwt or opaque', ['--format', 'saml']],
    ['--name-en (name#en): must not be empty', ['--name-en', '']],
    ['--scope (scopes[1].title): must not be empty', ['--scope', 'write=']],
    ['--scope-en (scopes[0].title#en): must not be empty', ['--scope-en', 'read=']],
    ['--client (client_id): there is no client "nobody"; register it first', ['--client', 'nobody']],
    ['locations: Invalid input', ['--metadata', '{"locations": "read"}']],
    ['--colour: there is no such option', ['--colour', 'red']],
  ])('%s', async (message, given) => {
    const { output, exitCode } = await run('create', ...MINIMAL, ...given)
    expect(exitCode).toBe(2)
    expect(output).toContain(message)
  })
  test('all faults at once', async () => {
    const { output } = await run('create', '--name', '')
    expect(output).toBe('--id (identifier): is missing\n--name (name): must not be empty\n')
  })
})

test.each([
  [['show']],
  [['show', 'https://nobody.example']],
  [['change', 'https://nobody.example']],
  [['suspend', '']],
])('%j says that there is no such one', async (argv) => {
  const { exitCode } = await run(...(argv as string[]))
  expect(exitCode).not.toBe(0)
})

describe('a resource server', () => {
  test('is registered, with what was left out filled in', async () => {
    expect((await run('list')).output).toContain('No resource server')
    expect(await run('create', ...MINIMAL)).toMatchObject({ exitCode: 0 })
    expect(await stored()).toEqual({
      identifier: API,
      name: 'Реестр',
      scopes: [{ name: 'read', title: 'Читать' }],
      token_format: 'jwt',
      token_lifetime: 300,
      state: 'active',
    })
    expect((await run('list')).output).toBe(`${API}\tactive\tРеестр\tread\n`)
  })
  test('whose identifier is taken is refused', async () => {
    expect(await run('create', ...MINIMAL)).toMatchObject({ exitCode: 1, output: expect.stringContaining('is taken') })
  })
  test('takes no client that there is none of, or that is deleted', async () => {
    const { client_id } = (await world.relyingParty()).registration
    await world.house.registrar.remove(client_id)
    for (const unknown of ['nobody', client_id]) {
      const { output, exitCode } = await run('change', API, '--client', unknown)
      expect([exitCode, output]).toEqual([2, expect.stringContaining(`--client (client_id): there is no client`)])
    }
    const { output } = await run('change', API, '--metadata', '{"client_id":"nobody"}')
    expect(output).toMatch(/^client_id: /)
    expect(await stored()).not.toHaveProperty('client_id')
  })
  test('changes in what is named only', async () => {
    await world.relyingParty({ client_id: 'keeper' })
    const { output } = await run('change', API, '--lifetime', '60', '--scope-en', 'read=Read', '--client', 'keeper')
    expect(output).toContain('Changed: scopes, token_lifetime, client_id')
    expect(await stored()).toMatchObject({
      name: 'Реестр',
      scopes: [{ name: 'read', title: 'Читать', 'title#en': 'Read' }],
      token_lifetime: 60,
      client_id: 'keeper',
    })
    await run('change', API, '--remove', 'client_id')
    expect(await stored()).not.toHaveProperty('client_id')
    expect((await run('change', API, '--lifetime', '60')).output).toBe('Nothing changes.\n')
    expect(await run('change', API, '--metadata', '{"identifier":"https://other.example"}')).toMatchObject({
      exitCode: 2,
    })
  })
  test('takes no type that another one describes', async () => {
    const types = (identifier: string) =>
      run('change', identifier, '--metadata', JSON.stringify({ authorization_details_types: [paymentType] }))
    await run('create', '--id', 'urn:other', '--name', 'Другой')
    expect((await types(API)).exitCode).toBe(0)
    const { output, exitCode } = await types('urn:other')
    expect(exitCode).toBe(1)
    expect(output).toContain(`authorization_details_types[0].type: "payment" belongs to ${API}`)
  })
  test('is suspended and resumed', async () => {
    await run('suspend', API)
    expect(await world.house.resourceServers.find(API)).toBeUndefined()
    expect((await run('list')).output).toContain(`${API}\tsuspended`)
    await run('resume', API)
    expect(await world.house.resourceServers.find(API)).toBeDefined()
  })
  test('is shown whole', async () => {
    expect(JSON.parse((await run('show', API)).output)).toEqual(await stored())
  })
  test('leaves word of each change in the journal', async () => {
    const events = (await world.journal(NOBODY)).filter(({ fields }) => fields.resource === API).reverse()
    expect(events.map(({ type }) => type)).toEqual([
      'resource.registered',
      'resource.changed',
      'resource.changed',
      'resource.changed',
      'resource.suspended',
      'resource.resumed',
    ])
    expect(events[1]?.fields).toMatchObject({ actor: 'cli', members: 'scopes token_lifetime client_id' })
  })
})

test('a change is in force in another process within five seconds', async () => {
  const other = await startWorld({ beside: world })
  expect(await other.house.resourceServers.find(API)).toBeDefined()
  await run('suspend', API)
  await expect.poll(() => other.house.resourceServers.find(API), { timeout: 6_000 }).toBeUndefined()
  await other.stop()
})
