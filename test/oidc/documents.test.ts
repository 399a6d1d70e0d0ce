import supertest from 'supertest'
import { expect, test } from 'vitest'
import { worldOfFile } from '#test/world.ts'

const world = worldOfFile()

test.each(['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/oauth2/jwks'])(
  '%s is the same from memory as from the provider',
  async (path) => {
    const first = await supertest(world.listens).get(path)
    const second = await supertest(world.listens).get(path).set('Origin', 'https://browser.example')
    expect(first.status).toBe(200)
    expect(second.body).toEqual(first.body)
    for (const name of ['content-type', 'cache-control', 'access-control-allow-origin', 'x-content-type-options'])
      expect(second.headers[name], name).toBe(first.headers[name])
    expect(second.headers['access-control-allow-origin']).toBe('*')
    expect(second.headers).not.toHaveProperty('vary')
    expect(second.headers['x-request-id']).not.toBe(first.headers['x-request-id'])
  },
)

test('a preflight is answered, other methods are not', async () => {
  const ask = supertest(world.listens)
  const preflight = await ask
    .options('/oauth2/jwks')
    .set('Origin', 'https://browser.example')
    .set('Access-Control-Request-Method', 'GET')
  expect(preflight.status).toBe(204)
  expect((await ask.post('/oauth2/jwks').ok(() => true)).status).toBe(405)
})
