import { describe, expect, test } from 'vitest'
import type { IdentityLevel } from '#src/kernel/levels.ts'
import { identityLevelWanted, namesNoLevel } from '#src/oidc/identity-level/demand.ts'

/** How well a person has to be proven for a request. */

const wanted = (userinfo: unknown, idToken?: unknown, minimum_identity_level?: IdentityLevel) =>
  identityLevelWanted(
    JSON.stringify({ userinfo: { identity_level: userinfo }, id_token: { identity_level: idToken } }),
    minimum_identity_level === undefined ? {} : { minimum_identity_level },
  )

describe('nothing is demanded', () => {
  test.each<[string, unknown]>([
    ['by a claim that is voluntary', { value: 'verified' }],
    ['by null', null],
    ['by an essential claim without a value', { essential: true }],
    ['by what only looks essential', { essential: 'true', value: 'verified' }],
    ['by the level that everybody has', { essential: true, value: 'simplified' }],
    ['where the lowest will do too', { essential: true, values: ['verified', 'simplified'] }],
  ])('%s', (_why, asked) => expect(wanted(asked)).toBeUndefined())
  test('by a request without the parameter', () => expect(identityLevelWanted(undefined, {})).toBeUndefined())
  test('by a client whose floor is the lowest', () => expect(wanted(null, null, 'simplified')).toBeUndefined())
})

describe('demanded is', () => {
  test.each<[string, unknown, unknown, IdentityLevel | undefined, IdentityLevel]>([
    ['the value', { essential: true, value: 'standard' }, undefined, undefined, 'standard'],
    [
      'the least of the values',
      { essential: true, values: ['verified', 'standard', 'gold'] },
      null,
      undefined,
      'standard',
    ],
    ['what the id_token is to hold', null, { essential: true, value: 'verified' }, undefined, 'verified'],
    [
      'the highest of both',
      { essential: true, value: 'verified' },
      { essential: true, value: 'standard' },
      undefined,
      'verified',
    ],
    ["the client's floor", null, null, 'standard', 'standard'],
    ['the floor above the claim', { essential: true, value: 'standard' }, null, 'verified', 'verified'],
    ['the claim above the floor', { essential: true, value: 'verified' }, null, 'standard', 'verified'],
  ])('%s', (_what, userinfo, idToken, floor, level) => expect(wanted(userinfo, idToken, floor)).toBe(level))
})

test.each<[unknown, boolean]>([
  [{ essential: true, value: 'gold' }, true],
  [{ essential: true, values: ['aal2', 3] }, true],
  [{ essential: true, values: [] }, false],
  [{ essential: false, value: 'gold' }, false],
  [{ essential: true, values: ['gold', 'verified'] }, false],
  [null, false],
])('%j names no level there is: %s', (asked, expected) => expect(namesNoLevel(asked)).toBe(expected))
