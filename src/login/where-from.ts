import { countryName } from '#src/kernel/country.ts'
import type { Locale, Translate } from '#src/kernel/locale.ts'
import { deviceWords } from '#src/kernel/user-agent.ts'

/** Browser, system and country: `Firefox, Windows, Россия`. A country that is not known goes without a word. @param device a `User-Agent` */
export function whereFrom(
  { device, country }: { readonly device: string; readonly country: string | undefined },
  t: Translate,
  locale: Locale,
): string {
  const words = deviceWords(device) ?? t('login.device_unknown')
  return country === undefined ? words : `${words}, ${countryName(country, locale)}`
}
