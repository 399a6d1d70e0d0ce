import { expect, test } from 'vitest'
import { enter, signedIn } from '../signing-in.ts'
import { worldOfFile } from '../world.ts'

const world = worldOfFile()

test('what was agreed to on one device is not asked for on another, whose session had a smaller grant', async () => {
  const party = await world.relyingParty()
  const citizen = await world.citizen()
  const { browser: desk } = await signedIn(world, { party, citizen, parameters: { scope: 'openid' } })
  await signedIn(world, { party, citizen, parameters: { scope: 'openid profile' } })
  await desk.open(party.authorizationUrl({ scope: 'openid profile' }))
  const { body } = await party.redeem(desk.callback.get('code')!)
  expect((await party.userinfo(body.access_token)).body).toHaveProperty('family_name', 'Ветрова')
})

test('a native client asks each time, as anybody can imitate its address (RFC 8252, section 8.6)', async () => {
  const party = await world.relyingParty({
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['com.example.app:/cb'],
    post_logout_redirect_uris: [],
  })
  const citizen = await world.citizen()
  const browser = world.browser()
  await enter(browser, party, citizen)
  await browser.submit({ decision: 'allow' }, '/consent')
  expect(browser.callback.get('code')).toBeTypeOf('string')
  await browser.open(party.authorizationUrl())
  expect(world.view).toBe('login/consent')
  await browser.submit({ decision: 'allow' }, '/consent')
  expect(browser.callback.get('code')).toBeTypeOf('string')
})
