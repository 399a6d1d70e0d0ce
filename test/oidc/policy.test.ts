import { describe, expect, test } from 'vitest'
import { freshFrom, worthOfSession } from '#src/oidc/policy.ts'

describe('worthOfSession', () => {
  test.each<[string[], { max_age?: unknown }, string]>([
    [['no_session'], {}, 'counts'],
    [['authentication_level'], {}, 'counts'],
    [['max_age'], { max_age: '60' }, 'counts'],
    [['max_age'], { max_age: '0' }, 'proves_nothing'],
    [['login_prompt'], {}, 'proves_nothing'],
    [['id_token_hint'], {}, 'proves_nothing'],
    [['claims_id_token_sub_value'], {}, 'proves_nothing'],
    [['account_gone', 'login_prompt'], {}, 'gone'],
  ])('prompted because of %j with %j: %s', (reasons, params, worth) => {
    expect(worthOfSession(reasons, params)).toBe(worth)
  })
})

test('max_age is counted in whole seconds, as the interactions of the provider are', () => {
  expect(freshFrom(new Date('2026-03-01T12:00:00.900Z'), 60)).toEqual(new Date('2026-03-01T11:59:00Z'))
})
