import { expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { NOBODY } from '#src/kernel/ids.ts'
import { minimal, register } from '../oidc/registration/newcomer.ts'
import { worldOfFile } from '../world.ts'

const world = worldOfFile()

const run = (...argv: string[]) =>
  runCommand(['clients', ...argv], { store: world.house.store, house: async () => world.house })

test.each<[string[], string]>([
  [['--uses', '0'], '--uses: '],
  [['--uses', 'many'], '--uses: '],
  [['--days', '400'], '--days: '],
  [['--allow', 'client_uri'], '--allow: '],
  [['--allow', 'minimum_acr=aal1'], '--allow: '],
  [['--allow', '__proto__'], '--allow: '],
  [['--token', 'mine'], '--token: '],
])('an invitation is refused by the name of the option: %j', async (options, told) => {
  const { output, exitCode } = await run('invite', ...options)
  expect(exitCode).toBe(2)
  expect(output).toContain(told)
  expect((await run('invitations')).output).toContain('No invitation')
})

test('an invitation is shown once, listed without its token, and lets a client register itself', async () => {
  const { output } = await run(
    'invite',
    '--uses',
    '2',
    '--days',
    '1',
    '--allow',
    'purpose',
    '--allow',
    'scope=openid,email',
  )
  const token = /initial_access_token +(\S+)/.exec(output)![1]!
  const id = /invitation +(\S+)/.exec(output)![1]!
  const { body, status } = await register(world, token, { ...minimal, purpose: 'Чтобы помочь.' })
  expect([status, body.scope]).toEqual([201, 'openid email'])
  const listed = (await run('invitations')).output
  expect(listed).toMatch(new RegExp(`^${id}\t1 left\tuntil .*Z\tpurpose scope=openid,email\n$`))
  expect(listed).not.toContain(token)
  const shown = JSON.parse((await run('show', body.client_id, '--json')).output)
  expect(shown.registered_itself_with).toEqual({ purpose: true, scope: ['openid', 'email'] })
})

test('a revoked invitation lets nobody in, and is gone from the list', async () => {
  const { id, initial_access_token: token } = JSON.parse((await run('invite', '--json')).output)
  expect((await run('uninvite', id)).exitCode).toBe(0)
  expect((await register(world, token, minimal)).status).toBe(401)
  expect((await run('invitations', '--json')).output).not.toContain(id)
  expect((await run('uninvite', id)).exitCode).toBe(1)
  const [event] = await world.house.journal.read(NOBODY, { limit: 1 })
  expect(event).toMatchObject({ type: 'invitation.revoked', fields: { invitation: id, actor: 'cli' } })
})
