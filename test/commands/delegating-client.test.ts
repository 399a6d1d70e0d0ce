import { beforeAll, expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { PAYMENTS, registerResourceServer } from '../resource-server.ts'
import { worldOfFile } from '../world.ts'

const world = worldOfFile()
beforeAll(async () => {
  await registerResourceServer(world)
  await world.relyingParty({ client_id: 'archive' })
})

const run = (...argv: string[]) => runCommand(argv, { store: world.house.store, house: async () => world.house })

test('a client is registered for resource servers, their details and token exchange by command', async () => {
  const metadata = {
    resource_indicators: [PAYMENTS],
    authorization_details_types: ['payment'],
    exchange_audiences: ['archive', PAYMENTS],
  }
  const { output, exitCode } = await run(
    ...['clients', 'create', '--id', 'library', '--name', 'Библиотека', '--redirect-uri', 'https://rp.example/cb'],
    ...['--grant', 'code', '--grant', 'exchange', '--metadata', JSON.stringify(metadata)],
  )
  expect(output).toContain('client_secret')
  expect(exitCode).toBe(0)
  expect(await world.house.clients.find('library')).toMatchObject({
    ...metadata,
    grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:token-exchange'],
  })
})

const change = (metadata: object) => run('clients', 'change', 'library', '--metadata', JSON.stringify(metadata))

test.each<[object, string, string]>([
  [{ resource_indicators: [PAYMENTS, 'https://none.example'] }, 'resource_indicators[1]', 'resources create'],
  [{ exchange_audiences: ['nobody'] }, 'exchange_audiences[0]', 'neither a client nor a resource server'],
  [{ exchange_audiences: ['https://none.example'] }, 'exchange_audiences[0]', 'register it first'],
  [{ authorization_details_types: ['unheard_of'] }, 'authorization_details_types[0]', 'resources create'],
])('a client is not registered for what nobody has registered: %j', async (metadata, field, remedy) => {
  const before = await world.house.clients.read('library')
  const { output, exitCode } = await change(metadata)
  expect(exitCode).toBe(2)
  expect(output).toContain(`${field}: `)
  expect(output).toContain(remedy)
  expect((await world.house.clients.read('library'))?.version).toBe(before?.version)
})

test('what it names and has gone since hinders no other change, and is not named anew', async () => {
  await world.house.registrar.remove('archive')
  expect(await run('clients', 'change', 'library', '--name', 'Архивная библиотека')).toMatchObject({ exitCode: 0 })
  expect(await change({ exchange_audiences: [PAYMENTS, 'library'] })).toMatchObject({ exitCode: 0 })
  expect(await change({ exchange_audiences: [PAYMENTS, 'archive'] })).toMatchObject({ exitCode: 2 })
})
