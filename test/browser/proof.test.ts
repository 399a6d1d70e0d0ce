import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../browser.ts'
import { ANYWHERE, elsewhere, tryPassword } from '../guessing.ts'
import { saying } from '../saying.ts'
import { startWorld, type World } from '../world.ts'
import { type Callback, startCallback } from './callback.ts'
import { Visitor } from './visitor.ts'

let world: World
let callback: Callback
let browser: TestBrowser

beforeAll(async () => {
  const env = { ...ANYWHERE, PROOF_OF_WORK_COST: '100' }
  ;[world, callback, browser] = await Promise.all([startWorld({ env }), startCallback(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await callback?.close()
  await world?.stop()
})

test('the browser does the work by itself while the password is typed again', async () => {
  const party = await world.relyingParty({ redirect_uris: [callback.uri] })
  const citizen = await world.citizen()
  for (let n = 0; n < 8; n++) {
    await tryPassword(world.browser({ address: elsewhere() }), party, { ...citizen, password: 'неверный пароль' })
    world.travel(61)
  }
  const visitor = await Visitor.arrive(browser, {
    javaScript: true,
    width: 320,
    locale: 'ru',
    baseUrl: world.origin,
  })
  await visitor.page.goto(party.authorizationUrl())
  await visitor.answer({ identifier: citizen.phone, password: citizen.password }, 'login.submit')
  await visitor.page.getByText(saying('login.proof_needed')).first().waitFor()
  expect(await visitor.page.inputValue('[name=identifier]')).toBe(citizen.phone)
  // Pressed before the work is done, the button waits for it.
  await visitor.answer({ password: citizen.password }, 'login.submit')
  await visitor.sees('consent.title')
  expect(visitor.complaints).toEqual([])
  await visitor.leave()
})
