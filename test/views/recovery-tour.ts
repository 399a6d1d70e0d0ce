import type { Browser } from '../browser-http.ts'
import { begin, mailedLink, NEW_PASSWORD, proven, provenTwice } from '../recovery/acting.ts'
import type { TourDeps } from './tour.ts'

type Keep = (state: string, browser: Browser) => void

/** A forgotten password: the link and the code, both ways to a new password, and what waits for its time. */
export async function recoveryTour({ world, locale }: TourDeps, keep: Keep): Promise<void> {
  const citizen = await world.citizen()
  const browser = world.browser({ locale })
  await browser.open('/recovery')
  keep('empty', browser)
  await browser.submit({ identifier: 'nobody' }, '/recovery')
  keep('refused', browser)
  await begin(browser, citizen.email)
  keep('sent', browser)
  await browser.submit({ code: '1' }, '/recovery/code')
  keep('refused', browser)
  const link = await mailedLink(world, citizen.email)
  const elsewhere = world.browser({ locale })
  await elsewhere.open(link)
  keep('elsewhere', elsewhere)
  await browser.open(link)
  keep('asked', browser)
  await browser.submit({})
  keep('one contact proven', browser)
  await elsewhere.open(link)
  keep('over', elsewhere)
  await browser.open('/recovery/further?with=code')
  keep('offered', browser)
  await browser.submit({}, '/send')
  keep('sent', browser)
  await browser.submit({ code: '' }, '/factor/code')
  keep('refused', browser)
  await browser.open('/recovery/further')
  await browser.submit({}, '/none')
  keep('later', browser)
  await browser.submit({ password: 'short' }, '/recovery/password')
  keep('refused', browser)
  await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
  keep('own', browser)

  const second = world.browser({ locale })
  await proven(world, second, citizen.phone)
  keep('of somebody else', second)
  await second.submit({}, '/stop')
  await browser.open('/recovery/next')
  keep('stopped', browser)

  const other = await world.citizen()
  await provenTwice(world, browser, other)
  keep('at once', browser)
  await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
  keep('changed', browser)

  const leaver = await world.citizen()
  await world.house.closing.close(leaver.oid, 'owner', { actor: 'owner', origin: 'test' })
  await provenTwice(world, browser, leaver)
  await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
  keep('closed', browser)
}
