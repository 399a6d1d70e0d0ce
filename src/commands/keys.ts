import { z } from 'zod'
import { keyAlgorithms } from '#src/oidc/algorithms.ts'
import { PUBLISHED_CACHE_SECONDS } from '#src/oidc/keys/schedule.ts'
import type { ScheduledKey, SigningKeys } from '#src/oidc/keys/signing-keys.ts'
import type { Rewrapping } from '#src/store/rewrapping.ts'
import { flag, type Noun, one, parseOptions, table } from './command.ts'

export interface KeyCommandDeps {
  readonly rewrapping: Rewrapping
  /** Where somebody watches. */
  readonly showProgress?: (line: string) => void
  readonly signingKeys: SigningKeys
}

export const keyCommands: Noun<KeyCommandDeps> = {
  usage: `  keys list                      the keys that sign tokens: kid, algorithm, state, since when, until when
  keys rotate [--alg ${keyAlgorithms.join('|')}]
                                 publishes the next key; it signs when everybody can know it (all algorithms without --alg)
      [--now]                    a key has leaked: the algorithm's keys are gone at once, and what they signed is refused
  keys rewrap                    wraps every key anew with the first of KEY_ENCRYPTION_KEYS, so that the others can go; may be interrupted
`,
  verbs: {
    list: (args, { signingKeys }) => list(signingKeys, args),
    rotate: (args, { signingKeys }) => rotate(signingKeys, args),
    rewrap: (args, deps) => rewrap(deps, args),
  },
}

const Rotation = z.strictObject({
  alg: one(z.enum(keyAlgorithms, `must be one of ${keyAlgorithms.join(', ')}`)).optional(),
  now: flag.optional(),
})

async function list(signingKeys: SigningKeys, args: readonly string[]): Promise<string> {
  parseOptions(z.strictObject({}), args)
  return table((await signingKeys.list()).map((key) => [key.kid, key.alg, ...lifeOf(key)]))
}

async function rotate(signingKeys: SigningKeys, args: readonly string[]): Promise<string> {
  const { alg, now } = parseOptions(Rotation, args)
  const algs = alg ? [alg] : keyAlgorithms
  if (!now)
    return table(
      (await signingKeys.rotate(algs)).map(({ kid, alg, until }) => [kid, alg, `signs from ${moment(until)}`]),
    )
  const gone = await signingKeys.replace(algs)
  return `${table(gone.map((kid) => [kid, 'gone']))}
Whatever these keys signed is refused from now on: relying parties see faults with tokens issued in the last minutes, and people who
sign out of a service may meet an error page. Who keeps the published keys may go on believing the old ones for
${PUBLISHED_CACHE_SECONDS / 60} minutes, and may not know the new ones for as long. Opaque access tokens, refresh tokens and sessions are not affected.
A running process signs with the new keys within seconds; see "keys list".
`
}

async function rewrap({ rewrapping, showProgress }: KeyCommandDeps, args: readonly string[]): Promise<string> {
  parseOptions(z.strictObject({}), args)
  const { done, found } = await rewrapping.run((soFar) => showProgress?.(`${soFar.done} keys wrapped anew`))
  const others = found - done
  return `Keys wrapped anew: ${done}.${others > 0 ? ` Changed or gone meanwhile: ${others}; run this once more.` : ''}
Every process must have been started with the new key in front before this. Then the old ones can be taken out of KEY_ENCRYPTION_KEYS;
keep them as long as a backup that needs them.
`
}

function lifeOf({ state, createdAt, activatedAt = createdAt, retiredAt = activatedAt, until }: ScheduledKey): string[] {
  if (state === 'next') return [state, `since ${moment(createdAt)}`, `signs from ${moment(until)}`]
  if (state === 'active') return [state, `since ${moment(activatedAt)}`, `signs until ${moment(until)}`]
  return [state, `since ${moment(retiredAt)}`, `published until ${moment(until)}`]
}

/** To the second, in UTC. */
function moment(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`
}
