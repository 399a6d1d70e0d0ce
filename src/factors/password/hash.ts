import argon2 from 'argon2'

/** Hashing of passwords; an argument everywhere, so that the benchmark can leave the hash itself out. */
export interface PasswordHasher {
  /** @returns a PHC string */
  hash(password: string): Promise<string>
  verify(phc: string, password: string): Promise<boolean>
}

/** What one hash costs whoever guesses. */
export interface HashCost {
  readonly memoryKibibytes: number
  readonly passes: number
}

/** OWASP's first choice for servers. */
const COST: HashCost = { memoryKibibytes: 19_456, passes: 2 }

/** argon2id with one lane. A hash is verified at the cost that it was made with. */
export function argon2Of({ memoryKibibytes, passes }: HashCost): PasswordHasher {
  const parameters = { type: argon2.argon2id, memoryCost: memoryKibibytes, timeCost: passes, parallelism: 1 } as const
  return {
    hash: (password) => argon2.hash(normalise(password), parameters),
    verify: (phc, password) => argon2.verify(phc, normalise(password)),
  }
}

export const argon2Hasher: PasswordHasher = argon2Of(COST)

/** Passwords are NFKC-normalised before they are hashed (NIST SP 800-63B-4, section 3.1.1.2). */
function normalise(password: string): string {
  return password.normalize('NFKC')
}
