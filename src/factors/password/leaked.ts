/** Passwords that were stolen somewhere and can be bought; guessers begin with them. */
export interface LeakedPasswords {
  has(password: string): Promise<boolean>
}

/** Where no list was imported. */
export const noLeakedPasswords: LeakedPasswords = { has: async () => false }
