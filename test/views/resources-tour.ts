import type { Locale } from '#src/kernel/locale.ts'
import type { Browser } from '../browser-http.ts'
import { payment, paymentType, registerResourceServer } from '../resource-server.ts'
import { enter } from '../signing-in.ts'
import type { World } from '../world.ts'

/** Meets the consent page that asks for more than personal data: what may be done at a resource server, and one payment. */
export async function resourcesTour(
  { world, locale }: { readonly world: World; readonly locale: Locale },
  keep: (state: string, browser: Browser) => void,
): Promise<void> {
  const identifier = `https://${locale}.payments.example/api`
  const type = `payment_${locale}`
  await registerResourceServer(world, { identifier, authorization_details_types: [{ ...paymentType, type }] })
  const party = await world.relyingParty({
    resource_indicators: [identifier],
    authorization_details_types: [type],
  })
  const browser = world.browser({ locale })
  await enter(browser, party, await world.citizen(), {
    scope: 'openid phone payments:read payments:write',
    resource: identifier,
    authorization_details: JSON.stringify([{ ...payment, type, locations: [identifier] }]),
  })
  keep('for a resource server', browser)
}
