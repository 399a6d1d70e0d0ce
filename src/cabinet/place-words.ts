import { countryName } from '#src/kernel/country.ts'
import type { Locale, Translate } from '#src/kernel/locale.ts'
import { deviceWords } from '#src/kernel/user-agent.ts'

/** Browser and system: `Firefox, Windows`. @param device a `User-Agent` */
export function deviceInWords(device: string, t: Translate): string {
  return deviceWords(device) ?? t('login.device_unknown')
}

/** Country and address: `Россия, 203.0.113.9`. */
export function placeInWords(
  { country, address }: { readonly country: string | undefined; readonly address: string },
  t: Translate,
  locale: Locale,
): string {
  const name = country === undefined ? t('login.place_unknown') : countryName(country, locale)
  return address === '' ? name : `${name}, ${address}`
}
