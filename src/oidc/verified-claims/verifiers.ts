/** Legal entities by the code of a verifier or the beginning of one, up to a dot: `registry` names every `registry.…` that has no name itself. */
export type VerifierNames = Readonly<Record<string, string>>

/** @returns undefined where nothing is configured for the verifier */
export function nameOf(verifier: string, names: VerifierNames): string | undefined {
  for (let code = verifier; code !== ''; code = code.slice(0, Math.max(0, code.lastIndexOf('.'))))
    if (Object.hasOwn(names, code)) return names[code]
  return undefined
}
