import * as client from 'openid-client'
import { expect, test } from 'vitest'
import { invited, minimal } from '../oidc/registration/newcomer.ts'
import { ActingParty } from '../relying-party.ts'
import { worldOfFile } from '../world.ts'
import { clientKeys } from './client-keys.ts'
import { signIn } from './openid-client.ts'

const world = worldOfFile()

const register = (initialAccessToken: string | undefined, metadata: object, auth?: client.ClientAuth) =>
  client.dynamicClientRegistration(
    new URL(world.origin),
    { ...minimal, ...metadata } as Partial<client.ClientMetadata>,
    auth,
    {
      ...(initialAccessToken !== undefined && { initialAccessToken }),
      execute: [client.allowInsecureRequests],
    },
  )

/** A party that only knows what the library was told. */
function partyOf(configuration: client.Configuration): ActingParty {
  const { client_id } = configuration.clientMetadata()
  const registration = { client_id, client_name: 'Новичок', redirect_uris: minimal.redirect_uris as string[] }
  return new ActingParty({ origin: world.origin, listens: world.listens, registration })
}

test('openid-client registers nothing without a token', async () => {
  await expect(register(undefined, {})).rejects.toMatchObject({ status: 401 })
  await expect(register('nothing', {})).rejects.toMatchObject({ status: 401 })
})

test('openid-client is told which member of its registration is wrong', async () => {
  const refusal = register(await invited(world), { redirect_uris: ['javascript:alert(1)'] })
  await expect(refusal).rejects.toMatchObject({
    name: 'ResponseBodyError',
    error: expect.stringMatching(/^invalid_(redirect_uri|client_metadata)$/),
    error_description: expect.stringContaining('redirect_uris'),
  })
})

test('openid-client registers itself and signs a person in', async () => {
  const configuration = await register(await invited(world), {})
  const tokens = await signIn(world, { configuration, party: partyOf(configuration), citizen: await world.citizen() })
  expect(tokens.claims()?.aud).toBe(configuration.clientMetadata().client_id)
})

test('openid-client registers itself with a key and signs a person in', async () => {
  const { privateKey, publicJwk } = await clientKeys('ES256')
  const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [publicJwk] } }
  const configuration = await register(await invited(world), metadata, client.PrivateKeyJwt(privateKey))
  const tokens = await signIn(world, { configuration, party: partyOf(configuration), citizen: await world.citizen() })
  expect(tokens.claims()?.aud).toBe(configuration.clientMetadata().client_id)
})
