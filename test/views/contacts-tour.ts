import type { Locale } from '#src/kernel/locale.ts'
import type { Browser } from '../browser-http.ts'
import { at, enter, LOST, linkTo, PHONE, proposed } from '../cabinet/changing-contacts.ts'
import type { World } from '../world.ts'

/** Another phone, one that is taken, one that has to wait and is stopped; and the channel of codes. */
export async function contactsTour(
  { world, locale }: { readonly world: World; readonly locale: Locale },
  keep: (state: string, browser: Browser) => void,
): Promise<void> {
  const tail = locale === 'ru' ? '1' : '2'
  const [citizen, holder] = [await world.citizen(), await world.citizen()]
  const phone = `+791611200${tail}1`
  const browser = await at(world, PHONE, citizen, world.browser({ locale }))
  keep('own number', browser)
  await browser.submit({ phone: '12' }, '/phone')
  keep('refused', browser)
  await browser.submit({ phone }, '/phone')
  keep('sent', browser)
  await browser.submit({ code: '' }, '/code')
  keep('missing', browser)
  await enter(world, browser, phone)
  keep('changed', browser)
  await browser.open('/security/codes')
  keep('asked', browser)
  await browser.submit({}, '/codes')
  keep('undecided', browser)

  const sentBefore = world.sentTo(phone)
  const other = await proposed(world, holder, 'phone', phone, world.browser({ locale }))
  await enter(world, other, phone, sentBefore)
  keep('taken', other)
  await other.submit({}, '/detach')
  keep('asked for', other)
  await other.open('/account/contacts/email')
  keep('own address', other)

  const lost = world.browser({ locale })
  await lost.open(LOST)
  await lost.submit({ identifier: holder.email, password: holder.password }, '/identify')
  keep('without the number', lost)
  await lost.submit({ phone: `+791611200${tail}2` }, '/lost-phone')
  keep('would wait', lost)
  await enter(world, lost, `+791611200${tail}2`)
  keep('waits', lost)
  await stopTour({ world, locale }, keep, await linkTo(world, holder.email, 'changes'))
}

/** Whoever has the notice stops the change. */
async function stopTour(
  { world, locale }: { readonly world: World; readonly locale: Locale },
  keep: (state: string, browser: Browser) => void,
  link: string,
): Promise<void> {
  const browser = world.browser({ locale })
  await browser.open(link)
  keep('asked', browser)
  await browser.submit({})
  keep('stopped', browser)
  await browser.open(link)
  keep('over', browser)
}
