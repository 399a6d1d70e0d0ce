import supertest from 'supertest'
import { expect, test } from 'vitest'
import { worldOfFile } from '#test/world.ts'

const world = worldOfFile()

test('mutual TLS is not advertised where the installation takes no certificates', async () => {
  const { body } = await supertest(world.listens).get('/.well-known/openid-configuration')
  expect(body).not.toHaveProperty('mtls_endpoint_aliases')
  expect(body.tls_client_certificate_bound_access_tokens).not.toBe(true)
  expect(body.token_endpoint_auth_methods_supported.join(' ')).not.toContain('tls')
})

test('a client registered for bound tokens gets none at all rather than tokens good for anybody', async () => {
  const party = await world.relyingParty({
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    tls_client_certificate_bound_access_tokens: true,
  })
  const { status, body } = await party.token({ grant_type: 'client_credentials' })
  expect(status).toBe(400)
  expect(body).toMatchObject({ error: 'invalid_client_metadata' })
  expect(body).not.toHaveProperty('access_token')
})
