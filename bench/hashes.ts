import { argon2Hasher } from '#src/factors/password/hash.ts'
import { serveRunner } from './child.ts'
import { closedLoop } from './rounds.ts'
import { terms } from './terms.ts'

export interface HashingInput {
  readonly concurrency: number
  readonly ms: number
}

/** Nothing but argon2id, with the parameters of our passwords. */
serveRunner(async () => {
  const phc = await argon2Hasher.hash(terms.password)
  return {
    ready: { configuration: { server: 'argon2id alone', parameters: phc.split('$').slice(1, 4).join(' ') } },
    works: {
      hash: ({ concurrency, ms }: HashingInput) => closedLoop(concurrency, ms, () => argon2Hasher.hash(terms.password)),
    },
    stop: async () => {},
  }
})
