import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { prove } from '../proving.ts'
import type { ActingParty } from '../relying-party.ts'
import { signedIn } from '../signing-in.ts'
import { type Citizen, startWorld, type World } from '../world.ts'

/** What relying parties quote can be resolved in an audit, by who says why. */

let world: World
let citizen: Citizen
beforeAll(async () => {
  world = await startWorld({ env: { SIGNAL_MANY_ACCOUNTS: 'off' } })
})
beforeEach(async () => {
  citizen = await world.citizen()
  await prove(world, citizen, 'standard')
})
afterAll(() => world.stop())

const run = (...argv: string[]) =>
  runCommand(['accounts', 'proof', ...argv], { store: world.house.store, house: async () => world.house })
const because = ['--reason', 'Спор 12-345']
const pairwise = (host: string) =>
  world.relyingParty({ subject_type: 'pairwise', redirect_uris: [`https://${host}/cb`] })

/** The references that a party is told. */
async function quotedBy(party: ActingParty): Promise<string[]> {
  const evidence = [{ type: { value: 'electronic_record' }, check_details: [{ check_id: null }] }]
  const verified_claims = {
    verification: { trust_framework: null, verification_process: null, evidence },
    claims: { given_name: null },
  }
  const parameters = { scope: 'openid', claims: JSON.stringify({ id_token: { verified_claims } }) }
  const { tokens } = await signedIn(world, { party, citizen, parameters })
  const { verification } = (await party.claims(tokens.id_token)).verified_claims as Told
  return [
    verification.verification_process,
    ...verification.evidence.map(({ check_details: [check] }) => check.check_id),
  ]
}

interface Told {
  readonly verification: {
    readonly verification_process: string
    readonly evidence: readonly { readonly check_details: readonly [{ readonly check_id: string }] }[]
  }
}

const revealed = async () => (await world.journal(citizen.oid)).filter(({ type }) => type === 'account.revealed')

describe('refused with what is wrong', () => {
  test.each([
    [[], /what the relying party quotes/],
    [['x'], /--reason/],
    [['x', ...because], /no proof x; .*--client/],
    [["' or true --", ...because], /no proof/],
    [['00000000-0000-4000-8000-000000000000', ...because], /no proof/],
    [['x', ...because, '--client', 'nobody'], /no client nobody/],
  ])('%j', async (argv, fault) => {
    const { output, exitCode } = await run(...argv)
    expect(output).toMatch(fault)
    expect(exitCode).toBeGreaterThan(0)
  })
  test('what another sector quotes, or nobody in particular', async () => {
    const [one, two] = [await pairwise('one.example'), await pairwise('two.example')]
    const [reference] = await quotedBy(one)
    const other = await run(reference!, ...because, '--client', two.registration.client_id)
    const none = await run(reference!, ...because)
    expect([other.exitCode, none.exitCode]).toEqual([1, 1])
    expect(await revealed()).toEqual([])
  })
})

test('what a client with public subjects quotes', async () => {
  const references = await quotedBy(await world.relyingParty())
  expect(references.length).toBeGreaterThan(1)
  for (const reference of references) {
    const { output, exitCode } = await run(reference, ...because)
    expect(exitCode).toBe(0)
    expect(output).toMatch(new RegExp(`account\\s+${citizen.oid}`))
    expect(output).toMatch(/verifier\s+state_registries/)
  }
  expect(await revealed()).toHaveLength(references.length)
  expect((await revealed())[0]).toMatchObject({ fields: { reason: 'Спор 12-345' } })
})

test('what a client with pairwise subjects quotes', async () => {
  const party = await pairwise('three.example')
  for (const reference of await quotedBy(party)) {
    const { output } = await run(reference, ...because, '--client', party.registration.client_id)
    expect(output).toMatch(new RegExp(`account\\s+${citizen.oid}`))
  }
  expect((await revealed()).length).toBeGreaterThan(1)
})
