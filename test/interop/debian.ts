import { accessSync, constants } from 'node:fs'

/** Debian's own Python, whatever other comes first in the path: only that one sees Debian's packages. */
export const PYTHON = '/usr/bin/python3'
export const APACHE = '/usr/sbin/apache2'
export const MODULES = '/usr/lib/apache2/modules'

/**
 * Why tests with programs from Debian are left out here, if they are. Where `INTEROP_DEBIAN` is set, as by `.ci/run` on a Debian, they
 * never are: a missing program then fails them.
 * @param needed absolute paths
 */
export function leftOut(needed: readonly string[]): string | undefined {
  if (process.env.INTEROP_DEBIAN !== undefined) return undefined
  const missing = needed.filter((path) => !isReadable(path))
  if (missing.length === 0) return undefined
  const reason = `left out: ${missing.join(', ')} missing; .ci/run installs what is needed on a Debian`
  console.warn(reason)
  return reason
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}
