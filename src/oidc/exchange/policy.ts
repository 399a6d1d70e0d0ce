import { errors } from 'oidc-provider'
import { registrationOf } from '../clients.ts'
import { quoted } from '../quoted.ts'
import { type Reached, refuseBelow } from '../resources/demands.ts'
import type { Actor } from '../resources/token-claims.ts'

/** The rules of token exchange that need nothing but what is put before them; docs/adr/0016 says why they are so. */

/** More hands than this have no business with one person's authority. */
const LONGEST_CHAIN = 4
const MOST_TARGETS = 5

const list = (parameter: unknown): string[] =>
  parameter === undefined ? [] : [...new Set([parameter].flat().map(String))]

/**
 * Whom the new token is for: what `audience` and `resource` name, else the audience of the subject token. Each has to be in the client's
 * policy and, where the subject token is meant for somebody, among those.
 * @throws InvalidTarget naming the one that is not
 */
export function targetsOf(
  params: { audience?: unknown; resource?: unknown },
  subjectAudience: string | readonly string[] | undefined,
  policy: readonly string[] = [],
): string[] {
  const within = list(subjectAudience)
  const named = [...new Set([...list(params.audience), ...list(params.resource)])]
  const targets = named.length > 0 ? named : within
  if (targets.length === 0) throw new errors.InvalidTarget('name an audience or resource')
  if (targets.length > MOST_TARGETS) throw new errors.InvalidTarget(`name ${MOST_TARGETS} audiences at most`)
  for (const target of targets) {
    if (!policy.includes(target))
      throw new errors.InvalidTarget(`${quoted(target)} is not one that this client may name`)
    if (within.length > 0 && !within.includes(target))
      throw new errors.InvalidTarget(`${quoted(target)} is beyond the audience of subject_token`)
  }
  return targets
}

/**
 * The scopes of the new token: what is asked for, else those of the subject token; `offline_access` means nothing in it.
 * @throws InvalidScope naming those that the subject token does not have
 */
export function scopesOf(asked: string | undefined, subjectScopes: ReadonlySet<string>): string[] {
  const wanted = asked === undefined ? [...subjectScopes] : [...new Set(asked.split(' '))]
  const beyond = wanted.filter((scope) => !subjectScopes.has(scope)).join(' ')
  if (beyond !== '') throw new errors.InvalidScope(`scope is beyond that of subject_token: ${quoted(beyond)}`, beyond)
  return wanted.filter((scope) => scope !== 'offline_access')
}

/**
 * Refuses to hand a person's authority to whoever demands more than there is (`refuseBelow`), or takes bound tokens only.
 * @param parties the requester and all that the token is for
 * @throws InvalidTarget naming the party
 */
export function refuseStronger(
  parties: readonly { readonly clientId: string }[],
  reached: Reached & { readonly bound: boolean },
): void {
  for (const party of parties) {
    refuseBelow(party, reached)
    if (registrationOf(party).fapi_profile !== undefined && !reached.bound)
      throw new errors.InvalidTarget(`${quoted(party.clientId)} takes sender-constrained tokens only`)
  }
}

/** Puts the one who acts now in front of those who did before. @throws InvalidRequest when there would be too many */
export function actorChain(actor: Actor, before: Actor | undefined): Actor {
  let length = 1
  for (let link = before; link !== undefined; link = link.act) length++
  if (length > LONGEST_CHAIN) throw new errors.InvalidRequest(`act: more than ${LONGEST_CHAIN} have acted already`)
  return { sub: actor.sub, client_id: actor.client_id, ...(before && { act: before }) }
}
