/** What a `User-Agent` says of the thing that sent it, the most telling first. */
const known: readonly (readonly [RegExp, string])[] = [
  [/tizen/i, 'Samsung TV'],
  [/web0s|webos/i, 'LG TV'],
  [/android tv|googletv|bravia/i, 'Android TV'],
  [/apple ?tv|tvos/i, 'Apple TV'],
  [/playstation/i, 'PlayStation'],
  [/xbox/i, 'Xbox'],
  [/iphone/i, 'iPhone'],
  [/ipad/i, 'iPad'],
  [/android/i, 'Android'],
  [/windows/i, 'Windows'],
  [/mac os|macintosh/i, 'macOS'],
  [/cros/i, 'ChromeOS'],
  [/linux/i, 'Linux'],
]

const LONGEST_PRODUCT = 40

/**
 * A device in a word or two that its owner knows it by; product names, which no language translates.
 * @returns undefined when it says nothing of itself
 */
export function deviceName(userAgent: string): string | undefined {
  const name = known.find(([pattern]) => pattern.test(userAgent))?.[1]
  return name ?? /^[\w.-]+/.exec(userAgent)?.[0].slice(0, LONGEST_PRODUCT)
}
