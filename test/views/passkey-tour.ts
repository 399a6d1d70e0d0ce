import type { Locale } from '#src/kernel/locale.ts'
import type { Browser } from '../browser-http.ts'
import { enrol, factorOf } from '../factors/webauthn/enrolled.ts'
import { SoftKey } from '../factors/webauthn/soft-key.ts'
import { enter, signedIn } from '../signing-in.ts'
import type { World } from '../world.ts'

/** Adding a passkey in the cabinet, and being asked for it after the password. */
export async function passkeyTour(
  { world, locale }: { readonly world: World; readonly locale: Locale },
  keep: (state: string, browser: Browser) => void,
): Promise<void> {
  const party = await world.relyingParty()
  const citizen = await world.citizen()
  const browser = world.browser({ locale })
  await signedIn(world, { browser, party, citizen, parameters: { acr_values: 'aal2' } })
  await browser.open(`${world.origin}/security/add/webauthn`)
  keep('empty', browser)
  await browser.submit({ name: 'A' })
  keep('unanswered', browser)
  await enrol(await factorOf(world), citizen, new SoftKey(world.origin))
  const another = world.browser({ locale })
  await enter(another, party, citizen, { acr_values: 'aal2' })
  keep('asked', another)
  await another.submit({}, '/factor/webauthn')
  keep('unanswered', another)
}
