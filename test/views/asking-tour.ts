import type { Locale } from '#src/kernel/locale.ts'
import type { Browser } from '../browser-http.ts'
import { asked, cibaClient, messageOf } from '../oidc/ciba/acting-client.ts'
import { beginDevice, deviceClient } from '../oidc/device/acting-device.ts'
import type { World } from '../world.ts'

/** Keeps the page that a browser shows. */
type Keep = (state: string, browser: Browser) => void

interface Deps {
  readonly world: World
  readonly locale: Locale
}

/** Signing in on a device: its code, the comparison, and the three ends. */
export async function deviceTour({ world, locale }: Deps, keep: Keep): Promise<void> {
  const party = await deviceClient(world)
  const citizen = await world.citizen()
  const browser = world.browser({ locale })
  const compare = async (parameters: Record<string, string> = {}) => {
    const { user_code } = await beginDevice(world, party, parameters)
    await browser.open('/device')
    await browser.submit({ user_code }, '/device')
  }
  await browser.open('/device')
  keep('empty', browser)
  await browser.submit({ user_code: '' }, '/device')
  keep('missing', browser)
  await browser.submit({ user_code: 'BBBB-BBBB' }, '/device')
  keep('wrong', browser)
  await compare()
  keep('compare', browser)
  await browser.submit({ abort: 'yes' }, '/device')
  keep('refused', browser)
  await compare({ acr_values: 'aal9' })
  await browser.submit({ confirm: 'yes' }, '/device')
  keep('failed', browser)
  await compare()
  await browser.submit({ confirm: 'yes' }, '/device')
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  await browser.submit({ decision: 'allow' }, '/consent')
  keep('done', browser)
}

/** Requests that came by message, and those of the personal pages. */
export async function requestsTour({ world, locale }: Deps, keep: Keep): Promise<void> {
  const party = await cibaClient(world)
  const strong = await cibaClient(world, { minimum_acr: 'aal2' })
  const citizen = await world.citizen()
  const browser = world.browser({ locale })
  const hint = { login_hint: citizen.phone, binding_message: 'A 4711' }
  await asked(world, party, hint)
  const { link } = await messageOf(world, citizen)
  await browser.open(link)
  keep('asked', browser)
  await browser.submit({ code: '', decision: 'approve' })
  keep('code missing', browser)
  await browser.submit({ code: await world.code(citizen.phone), decision: 'approve' })
  keep('approved', browser)
  await browser.open(link)
  keep('over', browser)

  await asked(world, strong, hint)
  const again = await messageOf(world, citizen, 1)
  await browser.open(again.link)
  keep('asks for a sign-in', browser)
  await asked(world, party, { ...hint, scope: 'openid email' })
  await browser.open('/requests')
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  keep('waiting', browser)
  await browser.submit({})
  keep('undecided', browser)
  await browser.submit({ decision: 'refuse' })
  keep('refused', browser)
  await browser.submit({ decision: 'refuse' })
  keep('none left', browser)
  await browser.open('/approve/refused')
  keep('refused', browser)
}
