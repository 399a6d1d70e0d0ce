import { beforeEach, expect, test } from 'vitest'
import { makeSettings } from '#src/accounts/settings.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { settingsOf } from '../cabinet/cabinet.ts'
import { asked, cibaClient } from '../oidc/ciba/acting-client.ts'
import { saying } from '../saying.ts'
import { type Citizen, worldOfFile } from '../world.ts'

/** In what language the owner of an account is written to. */

const world = worldOfFile()
let citizen: Citizen
beforeEach(async () => {
  citizen = await world.citizen()
  const { store } = world.house
  await store.tx((tx) => makeSettings({ store, clock: systemClock }).change(tx, citizen.oid, { locale: 'en' }))
})

test('a request for approval comes in the owner’s own, unless its client asks for one', async () => {
  const party = await cibaClient(world)
  await asked(world, party, { login_hint: citizen.phone })
  expect((await world.message(citizen.phone)).text).toContain('Social benefits online')
  world.travel(70)
  await asked(world, party, { login_hint: citizen.phone, ui_locales: 'ru' })
  expect((await world.message(citizen.phone, 1)).text).toContain('Соцвыплаты онлайн')
})

test('that somebody else asks for the number, too, whoever that is', async () => {
  await world.house.detachments.request(citizen.phone, 'ru')
  const { subject, text } = await world.message(citizen.email)
  expect(subject).toMatch(saying('message.contact_detachment.subject', {}, 'en'))
  expect(text).toMatch(/\d{1,2} [A-Z][a-z]+ 20\d\d at \d\d:\d\d/)
})

test.each(['ru', 'en'] as const)('whoever registers on pages in %s gets messages in it', async (locale) => {
  const phone = locale === 'ru' ? '+79161110001' : '+79161110002'
  const browser = world.browser({ locale })
  await browser.open('/registration')
  await browser.submit({})
  await browser.submit({ phone })
  await browser.submit({ code: await world.code(phone) })
  await browser.submit({ email: '', skip: 'yes' })
  await browser.submit({ familyName: 'Whitmore', givenName: 'Jane', patronymic: '' })
  await browser.submit({ birthDate: '12.04.1990' })
  await browser.submit({ gender: 'female' })
  await browser.submit({ password: 'семь мокрых велосипедов' })
  const consent = /name="consent" type="checkbox" value="([^"]*)"/.exec(browser.page.html)?.[1] ?? ''
  await browser.submit({ consent })
  expect(world.view).toBe('registration/done')
  const oid = (await world.house.accounts.ownerOf('phone', phone))!
  expect((await settingsOf(world, { ...citizen, oid })).locale).toBe(locale)
})
