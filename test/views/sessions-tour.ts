import type { Locale } from '#src/kernel/locale.ts'
import type { Browser } from '../browser-http.ts'
import type { World } from '../world.ts'

/** Sessions and known devices, and the page that lets a browser be trusted. */
export async function sessionsTour(
  { world, locale }: { readonly world: World; readonly locale: Locale },
  keep: (state: string, browser: Browser) => void,
): Promise<void> {
  const citizen = await world.citizen()
  const row = { oid: citizen.oid, chosen: '{"secondFactor":true}', changed_at: new Date() }
  await world.house.store.db.insertInto('account_settings').values(row).execute()

  async function enter(path: string): Promise<Browser> {
    const browser = world.browser({ locale })
    const before = world.sentTo(citizen.phone)
    await browser.open(path)
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    keep('may be trusted', browser)
    await browser.submit({ code: await world.code(citizen.phone, before), trust: 'yes' }, '/factor/code')
    return browser
  }

  await enter('/security/devices')
  world.travel(61)
  const browser = await enter('/security/sessions')
  keep('two', browser)
  await browser.submit({}, '/end')
  keep('one ended', browser)
  await browser.open('/security/devices')
  keep('two trusted', browser)
  await browser.submit({}, '/distrust')
  keep('one trusted', browser)
  await browser.submit({}, '/forget-all')
  keep('none', browser)
}
