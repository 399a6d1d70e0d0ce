import { countryName } from '#src/kernel/country.ts'
import type { DefinedError } from '#src/kernel/errors.ts'
import type { Locale } from '#src/kernel/locale.ts'
import { fieldErrors } from './errors.ts'
import { accepted, type Parsed, refused } from './parsed.ts'

interface CountryErrors {
  readonly missing: DefinedError
  readonly unknown: DefinedError
}

const LONGEST_INPUT = 100
export const RUSSIA = 'RUS'
/** As passports have it (ICAO 9303-3, section 5): ISO 3166-1 leaves XAA … XXZ to its users. */
const STATELESS = 'XXA'
const STATELESS_NAME: Readonly<Record<Locale, string>> = { ru: 'Без гражданства', en: 'Stateless' }
const CITIZENSHIP_ERRORS = { missing: fieldErrors.citizenship_missing, unknown: fieldErrors.citizenship_unknown }

/** ISO 3166-1: alpha-3, as passports and registries have it, with alpha-2, by which names are found. */
const COUNTRIES: ReadonlyMap<string, string> = new Map(
  `
  ABW:AW AFG:AF AGO:AO AIA:AI ALA:AX ALB:AL AND:AD ARE:AE ARG:AR ARM:AM ASM:AS ATA:AQ ATF:TF ATG:AG AUS:AU AUT:AT
  AZE:AZ BDI:BI BEL:BE BEN:BJ BES:BQ BFA:BF BGD:BD BGR:BG BHR:BH BHS:BS BIH:BA BLM:BL BLR:BY BLZ:BZ BMU:BM BOL:BO
  BRA:BR BRB:BB BRN:BN BTN:BT BVT:BV BWA:BW CAF:CF CAN:CA CCK:CC CHE:CH CHL:CL CHN:CN CIV:CI CMR:CM COD:CD COG:CG
  COK:CK COL:CO COM:KM CPV:CV CRI:CR CUB:CU CUW:CW CXR:CX CYM:KY CYP:CY CZE:CZ DEU:DE DJI:DJ DMA:DM DNK:DK DOM:DO
  DZA:DZ ECU:EC EGY:EG ERI:ER ESH:EH ESP:ES EST:EE ETH:ET FIN:FI FJI:FJ FLK:FK FRA:FR FRO:FO FSM:FM GAB:GA GBR:GB
  GEO:GE GGY:GG GHA:GH GIB:GI GIN:GN GLP:GP GMB:GM GNB:GW GNQ:GQ GRC:GR GRD:GD GRL:GL GTM:GT GUF:GF GUM:GU GUY:GY
  HKG:HK HMD:HM HND:HN HRV:HR HTI:HT HUN:HU IDN:ID IMN:IM IND:IN IOT:IO IRL:IE IRN:IR IRQ:IQ ISL:IS ISR:IL ITA:IT
  JAM:JM JEY:JE JOR:JO JPN:JP KAZ:KZ KEN:KE KGZ:KG KHM:KH KIR:KI KNA:KN KOR:KR KWT:KW LAO:LA LBN:LB LBR:LR LBY:LY
  LCA:LC LIE:LI LKA:LK LSO:LS LTU:LT LUX:LU LVA:LV MAC:MO MAF:MF MAR:MA MCO:MC MDA:MD MDG:MG MDV:MV MEX:MX MHL:MH
  MKD:MK MLI:ML MLT:MT MMR:MM MNE:ME MNG:MN MNP:MP MOZ:MZ MRT:MR MSR:MS MTQ:MQ MUS:MU MWI:MW MYS:MY MYT:YT NAM:NA
  NCL:NC NER:NE NFK:NF NGA:NG NIC:NI NIU:NU NLD:NL NOR:NO NPL:NP NRU:NR NZL:NZ OMN:OM PAK:PK PAN:PA PCN:PN PER:PE
  PHL:PH PLW:PW PNG:PG POL:PL PRI:PR PRK:KP PRT:PT PRY:PY PSE:PS PYF:PF QAT:QA REU:RE ROU:RO RUS:RU RWA:RW SAU:SA
  SDN:SD SEN:SN SGP:SG SGS:GS SHN:SH SJM:SJ SLB:SB SLE:SL SLV:SV SMR:SM SOM:SO SPM:PM SRB:RS SSD:SS STP:ST SUR:SR
  SVK:SK SVN:SI SWE:SE SWZ:SZ SXM:SX SYC:SC SYR:SY TCA:TC TCD:TD TGO:TG THA:TH TJK:TJ TKL:TK TKM:TM TLS:TL TON:TO
  TTO:TT TUN:TN TUR:TR TUV:TV TWN:TW TZA:TZ UGA:UG UKR:UA UMI:UM URY:UY USA:US UZB:UZ VAT:VA VCT:VC VEN:VE VGB:VG
  VIR:VI VNM:VN VUT:VU WLF:WF WSM:WS YEM:YE ZAF:ZA ZMB:ZM ZWE:ZW
`
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split(':') as [string, string]),
)

/**
 * Reads a country's code.
 * @param input ISO 3166-1 alpha-3 in either case, as the options of a list have it
 */
export function parseCountry(input: string, errors: CountryErrors): Parsed<string> {
  if (input.length > LONGEST_INPUT) return refused(errors.unknown)
  const code = input.normalize('NFKC').trim().toUpperCase()
  if (code === '') return refused(errors.missing)
  return COUNTRIES.has(code) ? accepted(code) : refused(errors.unknown)
}

/** Reads a citizenship: ISO 3166-1 alpha-3, or `XXA` for a stateless person. */
export function parseCitizenship(input: string): Parsed<string> {
  const country = parseCountry(input, CITIZENSHIP_ERRORS)
  return !country.ok && input.trim().toUpperCase() === STATELESS ? accepted(STATELESS) : country
}

/** A country's or citizenship's name: `Россия`, `Stateless`; the code where there is no name. */
export function formatCountry(code: string, locale: Locale): string {
  if (code === STATELESS) return STATELESS_NAME[locale]
  const alpha2 = COUNTRIES.get(code)
  return alpha2 === undefined ? code : countryName(alpha2, locale)
}

/** Options of a list of citizenships, by name; Russia, which most people look for, before the others. */
export function citizenships(locale: Locale): { code: string; name: string }[] {
  const { compare } = new Intl.Collator(locale)
  return [...COUNTRIES.keys(), STATELESS]
    .map((code) => ({ code, name: formatCountry(code, locale) }))
    .sort((a, b) => Number(b.code === RUSSIA) - Number(a.code === RUSSIA) || compare(a.name, b.name))
}

/** Options of a list of countries that issue passports of their own, by name. */
export function foreignCountries(locale: Locale): { code: string; name: string }[] {
  return citizenships(locale).filter(({ code }) => code !== RUSSIA && code !== STATELESS)
}
