import type { Locale } from '#src/kernel/locale.ts'
import { addRecoveryCodes, enterCabinet } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import { inCabinet } from '../cabinet/cabinet.ts'
import type { World } from '../world.ts'

/** Taking one's data along, closing the account, and coming back. */
export async function leavingTour(
  { world, locale }: { readonly world: World; readonly locale: Locale },
  keep: (state: string, browser: Browser) => void,
): Promise<void> {
  const citizen = await world.citizen()
  const browser = await enterCabinet(world, citizen, '/account/export', world.browser({ locale }))
  keep('untouched', browser)
  await browser.submit({ format: 'pdf' }, '/account/export')
  keep('refused', browser)
  await browser.submit({ format: 'page' }, '/account/export')
  keep('made', browser)
  await browser.open('/account/close')
  keep('untouched', browser)
  await browser.submit({}, '/account/close')
  keep('refused', browser)
  await waiting({ world, locale }, keep)
  await browser.open('/account/withdrawal')
  keep('consent', browser)
  await browser.submit({ understood: 'yes' }, '/account/withdrawal')
  keep('done', browser)
  const back = await inCabinet(world, citizen, '/account', world.browser({ locale }))
  keep('after a withdrawal', back)
  await back.submit({}, '/account/closed')
  keep('without consent', back)
}

/** With less proof than the account has, closing waits. */
async function waiting(
  { world, locale }: { readonly world: World; readonly locale: Locale },
  keep: (state: string, browser: Browser) => void,
): Promise<void> {
  const citizen = await world.citizen()
  const [code = ''] = await addRecoveryCodes(world, citizen, world.browser())
  const browser = await inCabinet(world, citizen, '/account/close', world.browser({ locale }))
  await browser.open(`${browser.page.url.split('?')[0]}?with=recovery_code`)
  await browser.submit({ code }, '/factor/recovery_code')
  keep('weak', browser)
  await browser.submit({ understood: 'yes' }, '/account/close')
  keep('waits', browser)
  await browser.submit({}, '/account/close/stop')
  keep('stopped', browser)
}
