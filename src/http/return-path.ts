const PATH_ON_THIS_ORIGIN = /^\/(?![/\\])[^\u0000-\u0020\u007f-\u009f\\]*$/

/**
 * A path that a redirect may lead back to without leaving this origin.
 * @param input what came in a parameter: anything
 * @returns the same path, or undefined if it could lead elsewhere (`//host`, `/\host`, control characters) or is too long
 */
export function returnPath(input: unknown): string | undefined {
  if (typeof input !== 'string' || input.length > 4096 || !PATH_ON_THIS_ORIGIN.test(input)) return undefined
  return input
}

/** The path of a same-origin `Referer`, for the way back from an error page. */
export function refererPath(referer: string, origin: string): string | undefined {
  if (!referer.startsWith(`${origin}/`)) return undefined
  return returnPath(referer.slice(origin.length))
}
