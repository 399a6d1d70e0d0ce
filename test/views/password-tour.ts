import type { Browser } from '../browser-http.ts'
import { enter, enterCode } from '../signing-in.ts'
import type { TourDeps } from './tour.ts'

/** A new password in a sign-in that asks for one, then another in the cabinet. */
export async function passwordTour(
  { world, locale }: TourDeps,
  keep: (state: string, browser: Browser) => void,
): Promise<void> {
  const citizen = await world.citizen()
  const party = await world.relyingParty()
  const { store, passwords } = world.house
  await store.tx((tx) => passwords.demandChange(tx, citizen.oid, 'not_me'))
  const browser = world.browser({ locale })
  await enter(browser, party, citizen)
  await enterCode(world, browser, citizen, 0)
  keep('asked', browser)
  await browser.submit({ password: 'short' }, '/renewal')
  keep('refused', browser)
  await browser.submit({ password: 'ржавый якорь поёт громко' }, '/renewal')
  await browser.submit({ decision: 'allow' }, '/consent')
  await browser.open(`${world.origin}/security/password`)
  keep('empty', browser)
  await browser.submit({ password: 'пароль' }, '/security/password')
  keep('refused', browser)
  await browser.submit({ password: 'тонкий мост дышит редко' }, '/security/password')
  keep('changed', browser)
}
