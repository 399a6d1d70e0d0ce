import { expect, test } from 'vitest'
import type { Evidence } from '#src/factors/factor.ts'
import type { Ctx } from '#src/http/context.ts'
import { type AnsweringDeps, makeAnswering } from '#src/login/answering.ts'
import type { Interaction } from '#src/login/interaction.ts'
import type { Situation } from '#src/login/login.ts'

const piece: Evidence = {
  kind: 'bank',
  proof: 'federated',
  multiFactor: false,
  hardware: false,
  phishingResistant: false,
  ceiling: 'aal1',
  amr: ['fed'],
  at: new Date(0),
}
const due: Situation = {
  oid: 1_000_000_001,
  proven: [],
  due: { kind: 'factor', factors: ['bank'], wanted: 'aal2', why: 'service' },
}

test('a right answer after which the same factor is still due is said to be not enough, and kept', async () => {
  const kept: Evidence[] = []
  const nothing = async () => {}
  const answering = makeAnswering({
    factors: { bank: { ...piece, fields: ['answer'] } },
    attempts: { enterFactor: async () => ({}), answer: async () => ({ ok: true, evidence: piece }) },
    journal: { note: nothing },
    authenticators: { used: nothing },
    signals: { weigh: async () => false },
    evidence: { add: async (_uid: string, _oid: number, added: Evidence) => void kept.push(added) },
    login: { after: async () => due },
  } as unknown as AnsweringDeps)
  const ctx = { state: { page: { browser: () => 'browser' }, address: '192.0.2.1' }, get: () => '' } as unknown as Ctx
  const at = { uid: 'abc', client: { id: 'rp' } } as Interaction
  expect(await answering.factor(ctx, at, due, 'bank', { answer: 'yes' })).toMatchObject({
    ok: false,
    status: 422,
    error: { field: 'answer', code: 'login.not_enough' },
  })
  expect(kept).toEqual([piece])
})
