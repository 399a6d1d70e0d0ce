import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { type SecondProcess, startBeside } from '../../hostile/second-process.ts'
import { ActingParty, type Tokens } from '../../relying-party.ts'
import { signedIn } from '../../signing-in.ts'
import { startWorld, type World } from '../../world.ts'

let world: World
let other: SecondProcess
beforeAll(async () => {
  world = await startWorld()
  other = await startBeside(world)
})
afterAll(async () => {
  await other?.stop()
  await world.stop()
})

const run = (...argv: string[]) => runCommand(argv, { store: world.house.store, house: async () => world.house })
/** Repeats a look at the other process until it shows what is wanted; five seconds are promised. */
const soon = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 6_000, interval: 250 })

const authorization = async (party: ActingParty, listens: string, redirect_uri = party.redirectUri) => {
  const url = new URL(party.authorizationUrl({ redirect_uri }))
  const { status, text } = await supertest(listens).get(`${url.pathname}${url.search}`).set('Accept', 'text/html')
  return { status, text }
}
const introspected = async ({ registration }: ActingParty, token: string, listens: string) => {
  const { status, body } = await supertest(listens)
    .post('/oauth2/introspect')
    .auth(registration.client_id, registration.client_secret ?? '')
    .type('form')
    .send({ token })
  return status === 200 ? body.active : status
}

describe('in every process within five seconds', () => {
  test('a change is in force', async () => {
    const party = await world.relyingParty()
    expect((await authorization(party, other.listens)).status).toBe(303)
    expect((await authorization(party, other.listens, 'https://rp.example/new')).status).toBe(400)
    await run('clients', 'change', party.registration.client_id, '--redirect-uri', 'https://rp.example/new')
    await soon(async () =>
      expect((await authorization(party, other.listens, 'https://rp.example/new')).status).toBe(303),
    )
    expect((await authorization(party, other.listens)).status).toBe(400)
  })

  test('a new secret is accepted', async () => {
    const party = await world.relyingParty({
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    })
    expect((await party.token({ grant_type: 'client_credentials' }, other.listens)).status).toBe(200)
    const { output } = await run('clients', 'secret', party.registration.client_id, '--json')
    const { client_secret } = JSON.parse(output)
    const renewed = new ActingParty({
      origin: world.origin,
      listens: other.listens,
      registration: { ...party.registration, client_secret },
    })
    await soon(async () => expect((await renewed.token({ grant_type: 'client_credentials' })).status).toBe(200))
  })

  test('nothing of a suspended client is served, and everything again once it is resumed', async () => {
    const party = await world.relyingParty({
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    })
    const id = party.registration.client_id
    const { tokens } = await signedIn(world, { party, citizen: await world.citizen() })
    const inspector = await world.relyingParty()
    const seen = async (listens: string) => ({
      authorization: (await authorization(party, listens)).status,
      userinfo: (await party.userinfo(tokens.access_token, listens)).status,
      introspection: await introspected(party, tokens.access_token, listens),
      client_credentials: (await party.token({ grant_type: 'client_credentials' }, listens)).status,
    })
    const served = { authorization: 303, userinfo: 200, introspection: true, client_credentials: 200 }
    const refused = { authorization: 400, userinfo: 401, introspection: 401, client_credentials: 401 }
    expect(await seen(other.listens)).toEqual(served)

    expect((await run('clients', 'suspend', id)).output).toContain('--reason')
    expect((await run('clients', 'suspend', id, '--reason', 'утечка ключей')).exitCode).toBe(0)
    expect(await seen(world.listens)).toEqual(refused)
    await soon(async () => expect(await seen(other.listens)).toEqual(refused))
    const refresh = (listens: string) => party.refresh((tokens as Tokens).refresh_token!, {}, listens)
    expect((await refresh(other.listens)).body).toMatchObject({ error: 'invalid_client' })
    expect(await introspected(inspector, tokens.access_token, world.listens)).toBe(false)
    expect((await run('clients', 'suspend', id, '--reason', 'снова')).output).toContain('утечка ключей')

    await run('clients', 'resume', id)
    await soon(async () => expect(await seen(other.listens)).toEqual(served))
    expect((await refresh(other.listens)).status).toBe(200)
    expect((await run('clients', 'resume', id)).output).toContain('not suspended')
  })
})
