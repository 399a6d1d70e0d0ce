type Known = readonly (readonly [RegExp, string])[]

/** Systems by what a `User-Agent` says of them, the most telling first: most name several. */
const systems: Known = [
  [/tizen/i, 'Samsung TV'],
  [/web0s|webos/i, 'LG TV'],
  [/android tv|googletv|bravia/i, 'Android TV'],
  [/apple ?tv|tvos/i, 'Apple TV'],
  [/playstation/i, 'PlayStation'],
  [/xbox/i, 'Xbox'],
  [/iphone/i, 'iPhone'],
  [/ipad/i, 'iPad'],
  [/harmonyos|openharmony/i, 'HarmonyOS'],
  [/aurora/i, 'Aurora'],
  [/android/i, 'Android'],
  [/windows/i, 'Windows'],
  [/mac os|macintosh/i, 'macOS'],
  [/cros/i, 'ChromeOS'],
  [/linux/i, 'Linux'],
]

/** Browsers likewise: nearly all call themselves Chrome and Safari too. */
const browsers: Known = [
  [/yabrowser|yowser/i, 'Yandex Browser'],
  [/atom\//i, 'Atom'],
  [/edg(e|a|ios)?\//i, 'Edge'],
  [/opr\/|opera|opios\//i, 'Opera'],
  [/vivaldi/i, 'Vivaldi'],
  [/samsungbrowser/i, 'Samsung Internet'],
  [/miuibrowser/i, 'Mi Browser'],
  [/huaweibrowser/i, 'Huawei Browser'],
  [/firefox|fxios/i, 'Firefox'],
  [/chrome|crios|chromium/i, 'Chrome'],
  [/safari/i, 'Safari'],
]

const nameIn = (known: Known, userAgent: string) => known.find(([pattern]) => pattern.test(userAgent))?.[1]

/** The system that a `User-Agent` names. */
export function systemOf(userAgent: string): string | undefined {
  return nameIn(systems, userAgent)
}

/**
 * Browser and system in a few words that the owner knows the device by: `Firefox, Windows`; names of products, which no language
 * translates, and nothing that came in with the request.
 * @returns undefined when neither is known
 */
export function deviceWords(userAgent: string): string | undefined {
  const names = [nameIn(browsers, userAgent), systemOf(userAgent)].filter((name) => name !== undefined)
  return names.length > 0 ? names.join(', ') : undefined
}
