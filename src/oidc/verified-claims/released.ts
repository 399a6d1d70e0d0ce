import { ID_DOCUMENT } from './claim-groups.ts'
import type { VerifiedClaims } from './matching.ts'
import { VERIFIED_CLAIMS } from './parameter.ts'

/**
 * What of a person goes out in an answer to a request for verified claims, by name: the member itself, the claims inside each as
 * `verified_claims.birthdate`, and the document that a proof rests on, where more of it is told than its type.
 */
export function releasedIn(answer: unknown): string[] {
  const elements = [answer].flat() as VerifiedClaims[]
  const inside = elements.flatMap(({ verification, claims }) => [
    ...Object.keys(claims),
    ...(tellsOfDocument(verification) ? [ID_DOCUMENT] : []),
  ])
  return [VERIFIED_CLAIMS, ...new Set(inside.map((name) => `${VERIFIED_CLAIMS}.${name}`))]
}

function tellsOfDocument({ evidence = [] }: { readonly evidence?: unknown }): boolean {
  return (evidence as { readonly document_details?: object }[]).some(({ document_details: details = {} }) =>
    Object.keys(details).some((name) => name !== 'type'),
  )
}
