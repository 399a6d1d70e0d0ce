import { describe, expect, test } from 'vitest'
import type { Evidence } from '#src/factors/factor.ts'
import type { Acr } from '#src/kernel/levels.ts'
import { demandOf } from '#src/login/assurance.ts'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { reachableAcrs, reportedAcr, requirementOf } from '#src/oidc/requirement.ts'

type Client = Pick<RelyingParty, 'minimum_acr' | 'acr_policy'>
const acr = (member: unknown) => JSON.stringify({ id_token: { acr: member } })

describe('requirementOf', () => {
  const none = { demand: demandOf('aal1'), wish: undefined, asked: [], impossible: false }
  test.each<[string, { acr_values?: string; claims?: string }, Client, object]>([
    ['nothing asked', {}, {}, none],
    ['an empty value', { acr_values: '' }, {}, none],
    ['one level', { acr_values: 'aal2' }, {}, { demand: demandOf('aal2'), asked: ['aal2'], impossible: false }],
    [
      'any of several: the lowest lets it succeed',
      { acr_values: 'aal3 aal1' },
      {},
      { demand: demandOf('aal1'), asked: ['aal3', 'aal1'] },
    ],
    ['the order of the client is kept', { acr_values: 'aal1 aal2' }, {}, { asked: ['aal1', 'aal2'] }],
    [
      'an unknown value beside a known one',
      { acr_values: 'gold aal2' },
      {},
      { demand: demandOf('aal2'), asked: ['aal2'], impossible: false },
    ],
    ['only unknown values', { acr_values: 'gold silver' }, {}, { impossible: true }],
    ['only unknown values, voluntary', { acr_values: 'gold' }, { acr_policy: 'voluntary' }, none],
    [
      'a level, voluntary',
      { acr_values: 'aal3' },
      { acr_policy: 'voluntary' },
      { demand: demandOf('aal1'), asked: ['aal3'], impossible: false },
    ],
    ['the client has a floor', {}, { minimum_acr: 'aal2' }, { demand: demandOf('aal2'), asked: [] }],
    [
      'a floor above what is asked',
      { acr_values: 'aal1' },
      { minimum_acr: 'aal2' },
      { demand: demandOf('aal2'), asked: ['aal1'] },
    ],
    ['a floor under what is asked', { acr_values: 'aal3' }, { minimum_acr: 'aal2' }, { demand: demandOf('aal3') }],
    [
      'a floor holds for voluntary clients too',
      { acr_values: 'aal3' },
      { minimum_acr: 'aal2', acr_policy: 'voluntary' },
      { demand: demandOf('aal2') },
    ],
    [
      'values that are no list',
      { claims: acr({ essential: true, values: 'aal3' }) },
      {},
      { demand: demandOf('aal3'), asked: ['aal3'] },
    ],
    [
      'values that are nonsense',
      { claims: acr({ essential: true, values: { is: 'aal3' } }) },
      {},
      { impossible: true },
    ],
    [
      'essential value',
      { claims: acr({ essential: true, value: 'aal2' }) },
      {},
      { demand: demandOf('aal2'), asked: ['aal2'] },
    ],
    [
      'essential values',
      { claims: acr({ essential: true, values: ['aal3', 'aal2'] }) },
      {},
      { demand: demandOf('aal2'), asked: ['aal3', 'aal2'] },
    ],
    [
      'essential binds voluntary clients',
      { claims: acr({ essential: true, value: 'aal2' }) },
      { acr_policy: 'voluntary' },
      { demand: demandOf('aal2') },
    ],
    ['essential and unknown', { claims: acr({ essential: true, value: 'gold' }) }, {}, { impossible: true }],
    ['essential without a value', { claims: acr({ essential: true }) }, {}, none],
    [
      'a claim that is not essential is a wish',
      { claims: acr({ value: 'aal3' }) },
      {},
      { demand: demandOf('aal1'), asked: ['aal3'], impossible: false },
    ],
    [
      'the claim goes before acr_values',
      { acr_values: 'aal1', claims: acr({ essential: true, value: 'aal2' }) },
      {},
      { demand: demandOf('aal2'), asked: ['aal2'] },
    ],
    ['null claim', { acr_values: 'aal2', claims: acr(null) }, {}, { demand: demandOf('aal2'), asked: ['aal2'] }],
    ['claims that are no JSON', { claims: '{' }, {}, none],
  ])('%s', (_what, params, client, expected) => {
    expect(requirementOf(params, client)).toMatchObject(expected)
  })
})

describe('requirementOf, values that are no level', () => {
  const anyOf = (level: 'aal1' | 'aal2', ...values: Acr[]) => ({ level, anyOf: values })
  test.each<[string, { acr_values?: string; claims?: string }, Client, object]>([
    ['phr alone', { acr_values: 'phr' }, {}, { demand: anyOf('aal1', 'phr'), asked: ['phr'], impossible: false }],
    ['phr or a level', { acr_values: 'phr aal2' }, {}, { demand: anyOf('aal1', 'phr', 'aal2') }],
    ['a level or phrh: the order is kept', { acr_values: 'aal3 phrh' }, {}, { asked: ['aal3', 'phrh'] }],
    [
      'beside the floor of the client, not instead of it',
      { acr_values: 'phr' },
      { minimum_acr: 'aal2' },
      { demand: anyOf('aal2', 'phr') },
    ],
    ['said twice', { acr_values: 'phr phr' }, {}, { demand: anyOf('aal1', 'phr') }],
    [
      'voluntary',
      { acr_values: 'phr' },
      { acr_policy: 'voluntary', minimum_acr: 'aal2' },
      { demand: demandOf('aal2'), wish: anyOf('aal2', 'phr') },
    ],
    [
      'essential',
      { claims: acr({ essential: true, values: ['phrh', 'aal3'] }) },
      {},
      { demand: anyOf('aal1', 'phrh', 'aal3') },
    ],
    [
      'as a claim that is not essential',
      { claims: acr({ value: 'phr' }) },
      {},
      { demand: demandOf('aal1'), wish: anyOf('aal1', 'phr') },
    ],
    [
      'beside one that nobody knows',
      { acr_values: 'gold phr' },
      {},
      { demand: anyOf('aal1', 'phr'), impossible: false },
    ],
  ])('%s', (_what, params, client, expected) => {
    expect(requirementOf(params, client)).toMatchObject(expected)
  })
})

const base = { at: new Date(0), amr: [], multiFactor: false, hardware: false, phishingResistant: false } as const
const password: Evidence = { ...base, kind: 'password', proof: 'knowledge', ceiling: 'aal2' }
const sms: Evidence = { ...base, kind: 'code', proof: 'possession', ceiling: 'aal2' }
const passkey: Evidence = { ...sms, kind: 'webauthn', multiFactor: true, phishingResistant: true }
const hardware: Evidence = { ...passkey, hardware: true, ceiling: 'aal3' }
const touched: Evidence = { ...hardware, multiFactor: false }

describe('reportedAcr', () => {
  test.each<[Acr[], Evidence[], Acr]>([
    // Nothing was asked for: one's own level.
    [[], [password], 'aal1'],
    [[], [password, sms], 'aal2'],
    [[], [hardware], 'aal3'],
    // Levels only: the strongest one asked for that was reached, whatever the order.
    [['aal1'], [password, sms], 'aal1'],
    [['aal1', 'aal2'], [password, sms], 'aal2'],
    [['aal2', 'aal1'], [password, sms], 'aal2'],
    [['aal3', 'aal1'], [password, sms], 'aal1'],
    [['aal3'], [password], 'aal1'],
    // With one among them that has no order: the first that was reached.
    [['phr'], [passkey], 'phr'],
    [['phrh'], [hardware], 'phrh'],
    [['phrh', 'phr'], [passkey], 'phr'],
    [['phr', 'phrh'], [hardware], 'phr'],
    [['phrh', 'phr'], [hardware], 'phrh'],
    [['aal1', 'phr', 'aal3'], [hardware], 'aal1'],
    [['aal3', 'phr'], [passkey], 'phr'],
    [['phr', 'aal2'], [password, sms], 'aal2'],
    [['phr'], [touched], 'phr'],
    // Nothing of it was reached, as a voluntary client may hear.
    [['phr'], [password, sms], 'aal2'],
    [['phrh', 'aal3'], [passkey], 'aal2'],
  ])('asked for %j, %#: %s', (asked, evidence, reported) => {
    expect(reportedAcr(asked, evidence)).toBe(reported)
  })
})

test.each<[string, Evidence[], Acr[]]>([
  ['nothing', [], []],
  ['passwords', [password], ['aal1']],
  ['passwords and codes', [password, sms], ['aal1', 'aal2']],
  ['synced passkeys', [password, passkey], ['aal1', 'aal2', 'phr']],
  ['hardware keys', [password, hardware], ['aal1', 'aal2', 'aal3', 'phr', 'phrh']],
])('with %s some sign-in can reach %j', (_what, best, values) => {
  expect(reachableAcrs(best)).toEqual(values)
})
