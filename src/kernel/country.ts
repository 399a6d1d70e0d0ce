import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Reader, type Response } from 'mmdb-lib'
import type { Locale } from './locale.ts'
import { isPublicAddress } from './outbound.ts'

/** The country of an address, ISO 3166-1 alpha-2; undefined where the table has none, as for private networks. */
export type CountryOf = (address: string) => string | undefined

/** Made from the public records of the five registries (NRO, CC BY 4.0); 8 MB. */
const bundled = () =>
  createRequire(import.meta.url).resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb')

/** What tables call the country: most nest it (GeoLite2, DB-IP), some do not. */
interface Record {
  readonly country_code?: string
  readonly country?: { readonly iso_code?: string }
}

/**
 * Looks countries up in a table in MaxMind's format (MMDB 2.0), read when the first address is asked for and kept outside the heap.
 * @param file the operator's own table; the bundled one unless given
 * @throws Error at the first look-up, when the file is missing or is no such table
 */
export function makeCountryOf(file?: string): CountryOf {
  let table: Reader<Response> | undefined
  return (address) => {
    // Tables are made from what networks claim, and some claim addresses that are everybody's.
    if (!isPublicAddress(address)) return undefined
    table ??= new Reader(readFileSync(file ?? bundled()))
    const found = table.get(address) as Record | null
    const code = found?.country?.iso_code ?? found?.country_code
    return code !== undefined && /^[A-Z]{2}$/.test(code) ? code : undefined
  }
}

/** The name of a country: `Россия`, `Russia`; its code where the language has no name for it. */
export function countryName(code: string, locale: Locale): string {
  return new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' }).of(code) ?? code
}
