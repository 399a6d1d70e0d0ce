import { describe, expect, test } from 'vitest'
import type { AuthLevel } from '#src/kernel/levels.ts'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { freshFrom, reportedAcr, requirementOf, worthOfSession } from '#src/oidc/policy.ts'

type Client = Pick<RelyingParty, 'minimum_acr' | 'acr_policy'>
const acr = (member: unknown) => JSON.stringify({ id_token: { acr: member } })

describe('requirementOf', () => {
  const none = { level: 'aal1', asked: [], impossible: false }
  test.each<[string, { acr_values?: string; claims?: string }, Client, object]>([
    ['nothing asked', {}, {}, none],
    ['an empty value', { acr_values: '' }, {}, none],
    ['one level', { acr_values: 'aal2' }, {}, { level: 'aal2', asked: ['aal2'], impossible: false }],
    [
      'any of several: the lowest lets it succeed',
      { acr_values: 'aal3 aal1' },
      {},
      { level: 'aal1', asked: ['aal3', 'aal1'] },
    ],
    ['the order of the client is kept', { acr_values: 'aal1 aal2' }, {}, { asked: ['aal1', 'aal2'] }],
    [
      'an unknown value beside a known one',
      { acr_values: 'gold aal2' },
      {},
      { level: 'aal2', asked: ['aal2'], impossible: false },
    ],
    ['only unknown values', { acr_values: 'gold silver' }, {}, { impossible: true }],
    ['only unknown values, voluntary', { acr_values: 'gold' }, { acr_policy: 'voluntary' }, none],
    [
      'a level, voluntary',
      { acr_values: 'aal3' },
      { acr_policy: 'voluntary' },
      { level: 'aal1', asked: ['aal3'], impossible: false },
    ],
    ['the client has a floor', {}, { minimum_acr: 'aal2' }, { level: 'aal2', asked: [] }],
    [
      'a floor above what is asked',
      { acr_values: 'aal1' },
      { minimum_acr: 'aal2' },
      { level: 'aal2', asked: ['aal1'] },
    ],
    ['a floor under what is asked', { acr_values: 'aal3' }, { minimum_acr: 'aal2' }, { level: 'aal3' }],
    [
      'a floor holds for voluntary clients too',
      { acr_values: 'aal3' },
      { minimum_acr: 'aal2', acr_policy: 'voluntary' },
      { level: 'aal2' },
    ],
    [
      'values that are no list',
      { claims: acr({ essential: true, values: 'aal3' }) },
      {},
      { level: 'aal3', asked: ['aal3'] },
    ],
    [
      'values that are nonsense',
      { claims: acr({ essential: true, values: { is: 'aal3' } }) },
      {},
      { impossible: true },
    ],
    ['essential value', { claims: acr({ essential: true, value: 'aal2' }) }, {}, { level: 'aal2', asked: ['aal2'] }],
    [
      'essential values',
      { claims: acr({ essential: true, values: ['aal3', 'aal2'] }) },
      {},
      { level: 'aal2', asked: ['aal3', 'aal2'] },
    ],
    [
      'essential binds voluntary clients',
      { claims: acr({ essential: true, value: 'aal2' }) },
      { acr_policy: 'voluntary' },
      { level: 'aal2' },
    ],
    ['essential and unknown', { claims: acr({ essential: true, value: 'gold' }) }, {}, { impossible: true }],
    ['essential without a value', { claims: acr({ essential: true }) }, {}, none],
    [
      'a claim that is not essential is a wish',
      { claims: acr({ value: 'aal3' }) },
      {},
      { level: 'aal1', asked: ['aal3'], impossible: false },
    ],
    [
      'the claim goes before acr_values',
      { acr_values: 'aal1', claims: acr({ essential: true, value: 'aal2' }) },
      {},
      { level: 'aal2', asked: ['aal2'] },
    ],
    ['null claim', { acr_values: 'aal2', claims: acr(null) }, {}, { level: 'aal2', asked: ['aal2'] }],
    ['claims that are no JSON', { claims: '{' }, {}, none],
  ])('%s', (_what, params, client, expected) => {
    expect(requirementOf(params, client)).toMatchObject(expected)
  })
})

describe('reportedAcr', () => {
  test.each<[AuthLevel[], AuthLevel, AuthLevel]>([
    [[], 'aal2', 'aal2'],
    [['aal1'], 'aal2', 'aal1'],
    [['aal1', 'aal2'], 'aal2', 'aal2'],
    [['aal3', 'aal1'], 'aal2', 'aal1'],
    [['aal3'], 'aal1', 'aal1'],
  ])('asked for %j, reached %s: %s', (asked, level, reported) => {
    expect(reportedAcr(asked, level)).toBe(reported)
  })
})

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
