import { expect, test } from 'vitest'
import { argon2Hasher, argon2Of } from '#src/factors/password/hash.ts'

test('a password is hashed by argon2id with 19 MiB and two passes, each time with another salt', async () => {
  const hashes = [
    await argon2Hasher.hash('семь мокрых велосипедов'),
    await argon2Hasher.hash('семь мокрых велосипедов'),
  ]
  for (const hash of hashes) expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,(t=2,p=1|p=1,t=2)\$/)
  expect(new Set(hashes).size).toBe(2)
})

test('a hash is verified at the cost that it was made with, whatever its verifier spends', async () => {
  const phc = await argon2Of({ memoryKibibytes: 8, passes: 1 }).hash('семь мокрых велосипедов')
  expect(await argon2Hasher.verify(phc, 'семь мокрых велосипедов')).toBe(true)
  expect(await argon2Hasher.verify(phc, 'семь мокрых велосипеда')).toBe(false)
})

test('the same letters in another composition are the same password', async () => {
  const phc = await argon2Hasher.hash('й'.normalize('NFD').repeat(12))
  expect(await argon2Hasher.verify(phc, 'й'.normalize('NFC').repeat(12))).toBe(true)
})
