import { countryName } from '#src/kernel/country.ts'
import { type Locale, type Translate, wordedDate, wordedTime } from '#src/kernel/locale.ts'
import { deviceWords } from '#src/kernel/user-agent.ts'

/** Browser and system: `Firefox, Windows`. @param device a `User-Agent` */
export function deviceInWords(device: string, t: Translate): string {
  return deviceWords(device) ?? t('login.device_unknown')
}

/** Country and address: `Россия, 203.0.113.9`; the address alone where the country is not known. */
export function placeInWords(
  { country, address }: { readonly country: string | undefined; readonly address: string },
  locale: Locale,
): string {
  return [country !== undefined && countryName(country, locale), address].filter(Boolean).join(', ')
}

/** A moment for a narrow column, which breaks between the date and the time only: `25 ноября 2026 г. в 15:31 МСК`. */
export function momentInWords(at: Date, t: Translate, locale: Locale): string {
  return t('cabinet.moment', { date: wordedDate(at, locale).replaceAll(/\s/g, '\u00a0'), time: wordedTime(at, locale) })
}
