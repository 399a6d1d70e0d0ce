import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from '../../world.ts'
import { asked, confirmed, enrol, factorOf } from './enrolled.ts'
import { SoftKey } from './soft-key.ts'

const RELATED = 'https://id.example.com'
let world: World
let alone: World
beforeAll(async () => {
  world = await startWorld({ env: { WEBAUTHN_RELATED_ORIGINS: `${RELATED}, https://id.example.net` } })
  alone = await startWorld()
})
afterAll(async () => {
  await world?.stop()
  await alone?.stop()
})

test('browsers are told where else passkeys may be used, and nothing where that is nowhere', async () => {
  const browser = world.browser()
  await browser.open('/.well-known/webauthn')
  expect(browser.page.status).toBe(200)
  expect(browser.page.headers['content-type']).toContain('application/json')
  expect(JSON.parse(browser.page.html)).toEqual({ origins: [RELATED, 'https://id.example.net'] })
  const other = alone.browser()
  await other.open('/.well-known/webauthn')
  expect(other.page.status).toBe(404)
})

test('a passkey of this site may be made and used there, and on no other', async () => {
  const citizen = await world.citizen()
  const factor = await factorOf(world, [RELATED])
  const key = new SoftKey(world.origin)
  await enrol(factor, citizen, key)
  const login = { uid: 'uid', oid: citizen.oid, locale: 'ru', network: '', wanted: 'aal2' } as const
  const answer = async (origin: string) => {
    const options = JSON.parse(String((await factor.begin(login)).model.options))
    return factor.verify(login, { credential: key.get({ ...options, origin }) })
  }
  expect(await answer(RELATED)).toMatchObject({ ok: true })
  for (const origin of [
    'https://id.example.com.evil.example',
    'http://id.example.com',
    'https://id.example.com:8443',
    'null',
  ])
    expect(await answer(origin)).toMatchObject({ ok: false, error: { code: 'webauthn.wrong' } })
  const there = new SoftKey(RELATED)
  const options = await asked(factor, citizen)
  const credential = there.create({ ...options, rpId: 'localhost' })
  expect(await confirmed(factor, citizen, { credential })).toMatchObject({ ok: true })
})
