import type { Locale } from '#src/kernel/locale.ts'
import type { Browser } from '../browser-http.ts'
import { signInOf } from '../login/enrolling.ts'
import { enter, enterCode } from '../signing-in.ts'
import type { World } from '../world.ts'

/** A sign-in that lacks something: adding it on the way, and the second factor that the owner or the realm wants. */
export async function stepUpTour(
  { world, locale }: { readonly world: World; readonly locale: Locale },
  keep: (state: string, browser: Browser) => void,
): Promise<void> {
  const party = await world.relyingParty()
  const citizen = await world.citizen()
  const browser = world.browser({ locale })
  await enter(browser, party, citizen, { acr_values: 'aal3' })
  keep('with something to add', browser)
  await browser.open(`${signInOf(browser)}/enrol/webauthn`)
  keep('before something is added', browser)
  await enterCode(world, browser, citizen, 0)
  keep('in a sign-in', browser)
  await browser.submit({ name: '' }, '/enrol/webauthn')
  keep('in a sign-in, unanswered', browser)

  const { db } = world.house.store
  const chosen = JSON.stringify({ secondFactor: true })
  await db.insertInto('account_settings').values({ oid: citizen.oid, chosen, changed_at: new Date() }).execute()
  const wishing = world.browser({ locale })
  await enter(wishing, party, citizen)
  keep('as the owner wishes', wishing)

  await db.updateTable('accounts').set({ realm: 'operator' }).where('oid', '=', citizen.oid).execute()
  const operator = world.browser({ locale })
  await enter(operator, party, citizen)
  keep('as the realm wants', operator)
}
