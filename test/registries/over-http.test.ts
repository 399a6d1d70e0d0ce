import { afterAll, beforeAll, expect, test } from 'vitest'
import { contract, type RegistryName, registryNames } from '#src/registries/contract.ts'
import { legalEntities } from '#src/registries/sandbox/legal-entities.ts'
import { sandboxCitizens } from '#src/registries/sandbox-citizens.ts'
import { makeSandboxRegistries, makeSandboxTransport } from '#src/registries/sandbox-driver.ts'
import { askAbout, citizenRegistries, keptLog, outcome, valuesOf } from './rig.ts'
import { answerJson, NOW, startRegistry, TOKEN } from './server.ts'

const clock = { now: () => NOW }
const { log, lines } = keptLog()
const inside = makeSandboxRegistries({ clock, log })
let served: Awaited<ReturnType<typeof startRegistry>>

/** What stands in the contract, strictly: a question with more or less in it gets 400. */
beforeAll(async () => {
  const transport = makeSandboxTransport({ clock })
  served = await startRegistry(async (response, { url, headers, body }) => {
    const registry = registryNames.find((name) => `/v1${contract[name].path}` === url)
    if (headers.authorization !== `Bearer ${TOKEN}` || registry === undefined) return answerJson(response, {}, 404)
    const question = read(registry, body)
    if (question === undefined || headers['idempotency-key'] !== question.reference)
      return answerJson(response, {}, 400)
    const { status, body: answer = {}, retryAfterSeconds } = await transport(registry, question)
    const wait: Record<string, string> =
      retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
    answerJson(response, answer, status, wait)
  })
})
afterAll(() => served.stop())

function read(registry: RegistryName, body: string) {
  const parsed = contract[registry].question.safeParse(JSON.parse(body))
  return parsed.success && JSON.stringify(parsed.data) === JSON.stringify(JSON.parse(body)) ? parsed.data : undefined
}

test.each(sandboxCitizens.map((citizen) => [citizen.code, citizen] as const))(
  '%s gets the same answers over HTTP',
  async (_code, citizen) => {
    for (const registry of citizenRegistries) {
      const reference = crypto.randomUUID()
      // Four times, as slow registries change their answer.
      for (let turn = 1; turn <= 4; turn++) {
        const here = await outcome(askAbout(inside, registry, citizen, reference))
        const there = await outcome(askAbout(served.registries, registry, citizen, reference))
        expect([registry, turn, there]).toEqual([registry, turn, here])
      }
    }
  },
)

test('suggestions, endings of INNs and legal entities too', async () => {
  expect(await served.registries.suggestAddresses('Садовая')).toEqual(await inside.suggestAddresses('Садовая'))
  for (const { name, birthDate, inn } of sandboxCitizens) {
    if (inn === undefined) continue
    const query = { reference: crypto.randomUUID(), name, birthDate, innEnding: inn.slice(-4) }
    expect(await outcome(served.registries.inn(query))).toEqual(await outcome(inside.inn(query)))
  }
  for (const { ogrn, inn, head } of legalEntities) {
    const { name } = sandboxCitizens.find(({ code }) => code === head)!
    const query = { reference: crypto.randomUUID(), ogrn, inn, head: { name } }
    expect(await served.registries.legalEntity(query)).toEqual(await inside.legalEntity(query))
  }
})

test('after all that, no log line and no address holds anything of anybody', () => {
  const told = [...lines(), ...served.logged(), ...served.received.map(({ url }) => url)].join('\n')
  expect(told).toContain('nonsense')
  for (const citizen of sandboxCitizens) for (const value of valuesOf(citizen)) expect(told).not.toContain(`"${value}`)
  expect(told).not.toMatch(/[а-яё]/i)
})
