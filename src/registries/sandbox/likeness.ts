import type { RegistryAddress } from '../registries.ts'

/** Words that say what is next to them and are written in many ways, or left out. */
const KINDS = new Set('г город ул улица пер переулок пр проспект д дом кв квартира обл область рф россия'.split(' '))

/** As registries compare: capitals do not count, ё is е. */
export function folded(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll('ё', 'е').trim()
}

/** The words that tell one address from another, in their order. */
export function addressWords(text: string): readonly string[] {
  return (folded(text).match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !KINDS.has(word))
}

/** Whether both lines lead to one door; a postcode that one of them leaves out does not count. */
export function sameAddress(one: RegistryAddress, other: RegistryAddress): boolean {
  const words = (address: RegistryAddress) => addressWords(address.text).filter((word) => !/^\d{6}$/.test(word))
  const [ours, theirs] = [one.postcode, other.postcode]
  return (
    (ours === undefined || theirs === undefined || ours === theirs) && words(one).join(' ') === words(other).join(' ')
  )
}
