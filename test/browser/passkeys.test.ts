import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../browser.ts'
import type { ActingParty } from '../relying-party.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { type Callback, startCallback } from './callback.ts'
import { type Habits, VirtualKey } from './virtual-key.ts'
import { Visitor } from './visitor.ts'

let world: World
let callback: Callback
let party: ActingParty
let browser: TestBrowser
let citizen: Citizen
let visitor: Visitor

beforeAll(async () => {
  ;[world, callback, browser] = await Promise.all([startWorld(), startCallback(), openBrowser()])
  party = await world.relyingParty({ redirect_uris: [callback.uri] })
})
afterAll(async () => {
  await browser?.close()
  await callback?.close()
  await world?.stop()
})
beforeEach(async () => {
  citizen = await world.citizen()
  visitor = await Visitor.arrive(browser, { javaScript: true, width: 1100, locale: 'ru', baseUrl: world.origin })
})
afterEach(() => visitor.leave())

const arrivedBack = () => visitor.page.getByText('Back at the service').waitFor()

async function claims() {
  const { body } = await party.redeem(callback.received.at(-1)!.parameters.get('code')!)
  return party.claims(body.id_token)
}

/** Signs in with the password and a code, as strongly as the account can without keys. */
async function signIn({ again = false } = {}): Promise<void> {
  const { page } = visitor
  const before = world.sentTo(citizen.phone)
  await page.goto(party.authorizationUrl({ acr_values: 'aal2' }))
  await visitor.answer({ identifier: citizen.phone, password: citizen.password }, 'login.submit')
  await visitor.answer({ code: await world.code(citizen.phone, before) }, 'login.continue')
  if (!again) await visitor.press('consent.allow')
  await arrivedBack()
}

async function addKey(name: string, habits: Habits = {}): Promise<VirtualKey> {
  const { page } = visitor
  const key = await VirtualKey.plugIn(page, habits)
  await page.goto('/security/add/webauthn')
  await visitor.sees('webauthn.enrol_title')
  await visitor.answer({ name }, 'webauthn.enrol_submit')
  await visitor.sees('security.title')
  await page.getByText(name).first().waitFor()
  return key
}

const signOut = () => visitor.page.context().clearCookies()

describe('a key added in the cabinet', () => {
  test.each([
    ['a hardware key', {}, 'aal3'],
    ['a synced passkey', { synced: true }, 'aal2'],
  ])('%s signs in by itself', async (_what, habits, acr) => {
    const { page } = visitor
    await signIn()
    const key = await addKey('Мой ключ', habits)
    expect(await key.credentials()).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }])
    await signOut()
    // As in a browser that has no passkeys in its autofill.
    await page.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = async () => false
    })
    await page.goto(party.authorizationUrl())
    await visitor.press('webauthn.open')
    await arrivedBack()
    expect(await claims()).toMatchObject({ sub: String(citizen.oid), acr })
  })

  test('is offered in the field of the identifier', async () => {
    const { page } = visitor
    await signIn()
    await addKey('Мой ключ', { synced: true })
    await signOut()
    await page.goto(party.authorizationUrl())
    // Nobody presses anything: the one who chooses from the browser's own list is played by the virtual authenticator.
    await arrivedBack()
    expect(await claims()).toMatchObject({ sub: String(citizen.oid), acr: 'aal2' })
  })

  test('is a further factor after the password', async () => {
    const { page } = visitor
    await signIn()
    const key = await addKey('Мой ключ', { verifiesUser: false })
    await signOut()
    await key.touched(false)
    await page.goto(party.authorizationUrl({ acr_values: 'aal2' }))
    await visitor.answer({ identifier: citizen.phone, password: citizen.password }, 'login.submit')
    await visitor.sees('webauthn.title')
    await key.touched(true)
    await visitor.press('webauthn.use')
    await arrivedBack()
    expect(await claims()).toMatchObject({ acr: 'aal2', amr: ['pwd', 'hwk', 'user', 'mfa'] })
  })

  test('stands in the list beside others, each by its name', async () => {
    await signIn()
    const first = await addKey('Телефон', { synced: true })
    await first.unplug()
    // The strongest sign-in is one with the first key now; it was used for that a moment ago.
    const second = await addKey('Брелок')
    expect(await second.credentials()).toHaveLength(1)
    const names = (await visitor.page.locator('main').textContent()) ?? ''
    for (const name of ['Телефон', 'Брелок']) expect(names).toContain(name)
  })

  test('is refused where it is a copy whose counter lags behind, and the list says so', async () => {
    const { page } = visitor
    await signIn()
    const key = await addKey('Мой ключ', { verifiesUser: false })
    const prove = async () => {
      await signOut()
      await key.touched(false)
      await page.goto(party.authorizationUrl({ acr_values: 'aal2' }))
      await visitor.answer({ identifier: citizen.phone, password: citizen.password }, 'login.submit')
      await visitor.sees('webauthn.title')
      await key.touched(true)
      await visitor.press('webauthn.use')
    }
    await prove()
    await arrivedBack()
    await key.becomeCopy(0)
    await prove()
    await page.getByText(visitor.t('webauthn.copied')).first().waitFor()
    await signIn({ again: true })
    await page.goto('/security')
    await page.getByText(visitor.t('webauthn.copy_warning')).waitFor()
  })

  test('that is not at hand leaves the other way', async () => {
    const { page } = visitor
    await signIn()
    const key = await addKey('Мой ключ')
    await key.unplug()
    await VirtualKey.plugIn(page)
    await signOut()
    const before = world.sentTo(citizen.phone)
    await page.goto(party.authorizationUrl({ acr_values: 'aal2' }))
    await visitor.answer({ identifier: citizen.phone, password: citizen.password }, 'login.submit')
    await visitor.press('webauthn.use')
    await page.getByText(visitor.t('webauthn.told_cancelled')).waitFor()
    await visitor.follow('factor.code')
    await visitor.answer({ code: await world.code(citizen.phone, before) }, 'login.continue')
    await arrivedBack()
  })

  test('has nothing told of it before anything went wrong, then the one fault there was', async () => {
    const { page } = visitor
    const told = page.locator('[data-told]').filter({ visible: true })
    await page.goto(party.authorizationUrl())
    await page.getByRole('button', { name: visitor.t('webauthn.open') }).waitFor()
    expect(await told.allTextContents()).toEqual([])
    await signIn()
    await addKey('Мой ключ', { synced: true })
    await page.goto('/security/add/webauthn')
    expect(await told.allTextContents()).toEqual([])
    await visitor.press('webauthn.enrol_submit')
    await told.waitFor()
    expect(await told.allTextContents()).toEqual([visitor.t('webauthn.told_enrolled')])
  })

  test('is not added twice', async () => {
    const { page } = visitor
    await signIn()
    await addKey('Мой ключ', { synced: true })
    await page.goto('/security/add/webauthn')
    await visitor.press('webauthn.enrol_submit')
    await page.getByText(visitor.t('webauthn.told_enrolled')).waitFor()
  })
})
