import argon2 from 'argon2'

/** argon2id as OWASP's first choice for servers: 19 MiB, two passes, one lane. */
const PARAMETERS = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Hashing of passwords; an argument everywhere, so that the benchmark can leave the hash itself out. */
export interface PasswordHasher {
  /** @returns a PHC string */
  hash(password: string): Promise<string>
  verify(phc: string, password: string): Promise<boolean>
}

export const argon2Hasher: PasswordHasher = {
  hash: (password) => hashPassword(password),
  verify: (phc, password) => argon2.verify(phc, normalise(password)),
}

/** Passwords are NFKC-normalised before they are hashed (NIST SP 800-63B-4, section 3.1.1.2). */
export function hashPassword(password: string): Promise<string> {
  return argon2.hash(normalise(password), PARAMETERS)
}

function normalise(password: string): string {
  return password.normalize('NFKC')
}
