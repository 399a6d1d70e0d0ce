import type { Locale } from '#src/kernel/locale.ts'
import { addApp, addRecoveryCodes, addressIn, enterCabinet } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import { SoftKey } from '../factors/webauthn/soft-key.ts'
import { keyOptions } from '../login/enrolling.ts'
import { enter } from '../signing-in.ts'
import type { World } from '../world.ts'

/** Everything that opens an account: the list, an app, recovery codes, names, removal, and a key that was lost. */
export async function securityTour(
  { world, locale }: { readonly world: World; readonly locale: Locale },
  keep: (state: string, browser: Browser) => void,
): Promise<void> {
  const party = await world.relyingParty()
  const citizen = await world.citizen()
  const browser = world.browser({ locale })
  await enterCabinet(world, citizen, '/security/add/totp', browser)
  keep('empty', browser)
  await browser.submit({ code: '12', name: 'A' }, '/totp')
  keep('refused', browser)
  await addApp(world, citizen, browser, 'A')
  keep('added', browser)
  await browser.open('/security/add/recovery_code')
  keep('asked', browser)
  await addRecoveryCodes(world, citizen, browser)
  keep('shown', browser)
  await browser.open('/security')
  keep('list', browser)
  await browser.submit({}, '/second-factor')
  keep('undecided', browser)
  await browser.open(addressIn(browser, 'totp', 'name'))
  keep('named', browser)
  await browser.submit({ name: '' }, '/name')
  keep('refused', browser)
  await browser.open(addressOf(browser, 'remove'))
  keep('asked', browser)

  for (const [kind, code] of [
    ['totp', '12'],
    ['recovery_code', ''],
  ] as const) {
    const another = world.browser({ locale })
    await enter(another, party, citizen, { acr_values: 'aal2' })
    await another.open(`${another.page.url}?with=${kind}`)
    keep('asked', another)
    await another.submit({ code }, `/factor/${kind}`)
    keep('refused', another)
  }
  await lostKeyTour({ world, locale }, keep)
  await aloneTour({ world, locale }, keep)
}

async function lostKeyTour(
  { world, locale }: { readonly world: World; readonly locale: Locale },
  keep: (state: string, browser: Browser) => void,
): Promise<void> {
  const citizen = await world.citizen()
  const browser = world.browser({ locale })
  await addRecoveryCodes(world, citizen, browser)
  await browser.open('/security/add/webauthn')
  const credential = new SoftKey(world.origin).create(keyOptions(browser))
  await browser.submit({ credential, name: 'K' }, '/security/add/webauthn')
  keep('with a key', browser)
  const weaker = await enterCabinet(world, citizen, addressIn(browser, 'webauthn', 'lost'), world.browser({ locale }))
  keep('lost', weaker)
  await weaker.submit({ code: 'x' }, '/lost')
  keep('refused', weaker)
}

/** Whoever has nothing but a password. */
async function aloneTour(
  { world, locale }: { readonly world: World; readonly locale: Locale },
  keep: (state: string, browser: Browser) => void,
): Promise<void> {
  const { accounts, store } = world.house
  const citizen = await world.citizen({ email: null })
  const browser = await enterCabinet(world, citizen, '/account', world.browser({ locale }))
  await store.tx((tx) => accounts.release(tx, citizen.oid, 'phone', citizen.phone))
  await browser.open('/security/password')
  keep('alone', browser)
  await browser.open('/account/contacts/email')
  keep('alone', browser)
}

const addressOf = ({ page }: Browser, what: string) => new URL(page.url).pathname.replace(/name$/, what)
