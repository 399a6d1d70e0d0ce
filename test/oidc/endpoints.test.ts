import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { endpointAt } from '#src/oidc/endpoints.ts'
import { worldOfFile } from '#test/world.ts'

const world = worldOfFile()

describe('an address of the provider', () => {
  test.each([
    '/OAUTH2/token',
    '/oauth2/token/',
    '/oauth2//token',
    '/oauth2/token/more',
    '/oauth2/toKen',
    '/.well-known/openid-configuration/',
  ])('is not %s', async (path) => {
    expect(endpointAt(path)).toBeUndefined()
    for (const method of ['get', 'post'] as const) {
      const answer = await supertest(world.listens)
        [method](path)
        .send(method === 'post' ? 'grant_type=client_credentials' : undefined)
        .ok(() => true)
      expect(answer.status, method).toBe(404)
    }
  })

  test('names the methods that it has when it is called by another, in its own format', async () => {
    const refused = await supertest(world.listens)
      .get('/oauth2/token')
      .set('Accept', 'text/html')
      .ok(() => true)
    expect(refused.status).toBe(405)
    expect(refused.headers.allow).toBe('POST, OPTIONS')
    expect(refused.body).toMatchObject({ error: 'invalid_request' })
    const page = await supertest(world.listens)
      .put('/oauth2/authorize')
      .set('Accept', 'text/html')
      .ok(() => true)
    expect(page.status).toBe(405)
    expect(page.type).toBe('text/html')
  })
})
