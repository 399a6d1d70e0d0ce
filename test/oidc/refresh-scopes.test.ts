import { beforeAll, expect, test } from 'vitest'
import { withoutIgnored } from '#src/oidc/refresh-scopes.ts'
import type { ActingParty } from '../relying-party.ts'
import { signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

test.each([
  ['openid email', 'openid email', 'openid email'],
  ['openid', 'openid email', 'openid'],
  ['openid email offline_access', 'openid email', 'openid email'],
  ['openid offline_access', 'openid offline_access', 'openid offline_access'],
  ['openid eye_colour', 'openid', 'openid'],
  ['openid eye_colour', 'openid eye_colour', 'openid eye_colour'],
  ['openid phone', 'openid', 'openid phone'],
  ['eye_colour', 'openid', 'eye_colour'],
  ['', 'openid', ''],
])('of "%s", with "%s" granted, remains "%s"', (asked, granted, remains) => {
  expect(withoutIgnored(asked, new Set(granted.split(' ')))).toBe(remains)
})

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  ;[party, citizen] = await Promise.all([world.relyingParty(), world.citizen()])
})

test('a refresh may not ask for what could have been granted and was not', async () => {
  const { tokens } = await signedIn(world, { party, citizen, parameters: { scope: 'openid email' } })
  for (const scope of ['openid email phone', 'openid email phone offline_access', 'eye_colour'])
    expect(await party.refresh(tokens.refresh_token!, { scope })).toMatchObject({ body: { error: 'invalid_scope' } })
})

test('a refresh may repeat the scopes of the first request, those included that were ignored, and gets what was granted', async () => {
  const scope = 'openid email offline_access eye_colour'
  const { tokens } = await signedIn(world, { party, citizen, parameters: { scope } })
  expect(tokens.scope).toBe('openid email')
  const { status, body } = await party.refresh(tokens.refresh_token!, { scope })
  expect(status).toBe(200)
  expect(body.scope).toBe('openid email')
})
