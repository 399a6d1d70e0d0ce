import type { z } from 'zod'

/** What is wrong with one field of a client's registration. */
export interface MetadataFault {
  /** As registered, with the place inside it: `redirect_uris[1]`, `jwks.keys[0].crv`. */
  readonly field: string
  /** What to do about it, as the rest of a sentence that begins with the field. */
  readonly remedy: string
}

/** A registration that is refused, with everything that is wrong with it. */
export class MetadataRefused extends Error {
  override readonly name = 'MetadataRefused'
  readonly faults: readonly MetadataFault[]

  constructor(faults: readonly MetadataFault[]) {
    super(faults.map(({ field, remedy }) => `${field}: ${remedy}`).join('\n'))
    this.faults = faults
  }
}

/** @throws MetadataRefused unless the list is empty */
export function refuseFaulty(faults: readonly MetadataFault[]): void {
  if (faults.length > 0) throw new MetadataRefused(faults)
}

/** zod's issues by the names that clients are registered with; a key that nobody knows is a fault of that key. */
export function faultsOf({ issues }: z.ZodError): MetadataFault[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        field: fieldOf([...issue.path, key]),
        remedy: 'is no field that is known here',
      }))
    return [{ field: fieldOf(issue.path), remedy: issue.message }]
  })
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((field, part) => {
    if (typeof part === 'number') return `${field}[${part}]`
    return field === '' ? String(part) : `${field}.${String(part)}`
  }, '')
}
