import { expect, test } from 'vitest'
import { signedIn } from '#test/signing-in.ts'
import { worldOfFile } from '#test/world.ts'

const world = worldOfFile()

test('refresh tokens of weaker sign-ins end when their client demands more, those of stronger ones go on', async () => {
  const party = await world.relyingParty()
  const weak = await signedIn(world, { party, citizen: await world.citizen() })
  const careful = await world.citizen()
  const strong = await signedIn(world, { party, citizen: careful, parameters: { acr_values: 'aal2' } })
  const before = await party.refresh(weak.tokens.refresh_token!)
  expect(before.status).toBe(200)

  await world.house.clients.save({ ...party.registration, minimum_acr: 'aal2' }, { replace: true })
  const refused = await party.refresh(before.body.refresh_token!)
  expect(refused.status).toBe(400)
  expect(refused.body).toMatchObject({ error: 'invalid_grant' })
  expect((await party.refresh(strong.tokens.refresh_token!)).status).toBe(200)
})
