import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { PAYMENTS, registerResourceServer } from '../resource-server.ts'
import { startWorld, type World } from '../world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
  await registerResourceServer(world)
})
afterAll(() => world.stop())

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

test('a client is not registered for a type of details that nobody describes', async () => {
  const { output, exitCode } = await run(
    ...['clients', 'change', 'library', '--metadata', '{"authorization_details_types":["unheard_of"]}'],
  )
  expect(exitCode).not.toBe(0)
  expect(output).toContain('authorization_details_types')
})
