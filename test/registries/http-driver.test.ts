import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { makeOutboundFetch } from '#src/kernel/outbound.ts'
import { Secret } from '#src/kernel/secret.ts'
import { makeHttpRegistries } from '#src/registries/http-driver.ts'
import { RegistryUnavailable } from '#src/registries/registries.ts'
import { citizen, keptLog, outcome, valuesOf } from './rig.ts'
import { answerJson, NOW, startRegistry, TOKEN } from './server.ts'

const maria = citizen('maria')
const reference = '0f8fad5b-d9cb-469f-a165-70867728950e'
const question = {
  reference,
  name: maria.name,
  birthDate: maria.birthDate,
  gender: maria.gender,
  snils: maria.snils!,
}
const matches = { reference, verdict: 'matches', state: 'active' }

type Started = Awaited<ReturnType<typeof startRegistry>>
let started: Started | undefined

afterEach(() => started?.stop())

async function start(...args: Parameters<typeof startRegistry>): Promise<Started> {
  started = await startRegistry(...args)
  return started
}

/** What comes of the question about Maria's SNILS, having seen that nothing of it got into the log or the error. */
async function askedOf({ registries, logged }: Pick<Started, 'registries' | 'logged'>): Promise<unknown> {
  const error: unknown = await registries.snils(question).catch((fault: unknown) => fault)
  const told = [...logged(), error instanceof Error ? `${error.stack} ${JSON.stringify(error)} ${error.cause}` : '']
  for (const value of [...valuesOf(maria), TOKEN]) expect(told.join('\n')).not.toContain(value)
  return outcome(error instanceof Error ? Promise.reject(error) : Promise.resolve(error))
}

const text = (status: number, type: string, body: string) => (response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': type }).end(body)
const json = (body: unknown) => (response: ServerResponse) => answerJson(response, body)
const bare =
  (status: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, headers).end(JSON.stringify(matches))

describe('no verdict', () => {
  test.each([
    ['an error of the registry', bare(500), { trouble: 'failed', detail: 'status 500' }],
    ['a bad gateway', bare(502), { trouble: 'failed', detail: 'status 502' }],
    ['too many questions', bare(429, { 'retry-after': '120' }), { trouble: 'busy', retryAfterSeconds: 120 }],
    ['out of service', bare(503), { trouble: 'busy', retryAfterSeconds: undefined }],
    [
      'out of service until a date',
      bare(503, { 'retry-after': new Date(NOW.getTime() + 90_000).toUTCString() }),
      { trouble: 'busy', retryAfterSeconds: 90 },
    ],
    ['a rest of years', bare(503, { 'retry-after': '99999999' }), { trouble: 'busy', retryAfterSeconds: 86_400 }],
    ['a rest in words', bare(429, { 'retry-after': 'soon' }), { trouble: 'busy', retryAfterSeconds: undefined }],
    [
      'a moment that has passed',
      bare(429, { 'retry-after': 'Mon, 01 Jan 2024 00:00:00 GMT' }),
      { retryAfterSeconds: 0 },
    ],
    ['still working', bare(202, { 'retry-after': '30' }), { trouble: 'working', retryAfterSeconds: 30 }],
    ['a match that says it is no answer yet', bare(202), { trouble: 'working' }],
    ['a question that is refused', bare(400), { trouble: 'refused', detail: 'status 400' }],
    ['a token that has expired', bare(401), { trouble: 'refused', detail: 'status 401' }],
    ['an address that there is not', bare(404), { trouble: 'refused', detail: 'status 404' }],
    ['no content', bare(204), { trouble: 'nonsense', detail: 'status 204' }],
    ['a page', text(200, 'text/html', '<h1>Иванова, works</h1>'), { trouble: 'nonsense', detail: 'content type' }],
    ['JSON called something else', text(200, 'text/plain', JSON.stringify(matches)), { detail: 'content type' }],
    ['half an answer', text(200, 'application/json', '{"verdict":"mat'), { trouble: 'nonsense', detail: 'not JSON' }],
    ['nothing', text(200, 'application/json', ''), { trouble: 'nonsense', detail: 'not JSON' }],
    ['null', json(null), { trouble: 'nonsense', detail: 'schema' }],
    ['a list of answers', json([matches]), { trouble: 'nonsense', detail: 'schema' }],
    ['an unknown verdict', json({ reference, verdict: 'probably' }), { trouble: 'nonsense', detail: 'schema' }],
    ['a verdict in other letters', json({ ...matches, verdict: 'MATCHES' }), { detail: 'schema' }],
    ['more than was agreed', json({ ...matches, hint: 'Иванова' }), { trouble: 'nonsense', detail: 'schema' }],
    ['less than was agreed', json({ reference, verdict: 'matches' }), { trouble: 'nonsense', detail: 'schema' }],
    ['an unknown state', json({ ...matches, state: 'suspended' }), { trouble: 'nonsense', detail: 'schema' }],
    ['no reference', json({ verdict: 'matches', state: 'active' }), { trouble: 'nonsense', detail: 'schema' }],
    [
      'the answer to another question',
      json({ ...matches, reference: '00000000-0000-4000-8000-000000000000' }),
      { trouble: 'nonsense', detail: 'reference' },
    ],
    ['a match that names what differs', json({ ...matches, groups: ['name'] }), { trouble: 'nonsense' }],
    ['a difference in nothing', json({ reference, verdict: 'differs', groups: [] }), { detail: 'schema' }],
    [
      'a group that is not of this registry',
      json({ reference, verdict: 'differs', groups: ['inn'] }),
      { detail: 'schema' },
    ],
    [
      'a group named twice',
      json({ reference, verdict: 'differs', groups: ['name', 'name'] }),
      { trouble: 'nonsense', detail: 'group named twice' },
    ],
    ['a reason of another registry', json({ reference, verdict: 'invalid', reason: 'lost' }), { detail: 'schema' }],
    ['a prototype', text(200, 'application/json', '{"__proto__":{"verdict":"matches"}}'), { detail: 'schema' }],
    [
      'an answer that is too large',
      (response: ServerResponse) => answerJson(response, { ...matches, padding: 'x'.repeat(70_000) }),
      { trouble: 'nonsense', detail: 'too large' },
    ],
    ['a connection cut', (response: ServerResponse) => void response.destroy(), { trouble: 'unreachable' }],
  ])('from %s', async (_what, answer, expected) => {
    expect(await askedOf(await start(answer))).toMatchObject(expected)
  })

  test('from letters that are not UTF-8', async () => {
    const broken = Buffer.concat([Buffer.from(JSON.stringify(matches)), Buffer.from([0xff])])
    const registry = await start(
      (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(broken),
    )
    expect(await askedOf(registry)).toMatchObject({ trouble: 'nonsense', detail: 'not JSON' })
  })

  test('from silence', async () => {
    const registry = await start(() => {}, { timeoutSeconds: 1 })
    expect(await askedOf(registry)).toMatchObject({ trouble: 'timeout', detail: '1 s' })
  })

  test('from an answer that drips in for ever', async () => {
    const registry = await start(
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        const drip = setInterval(() => response.write(' '), 50)
        response.on('close', () => clearInterval(drip))
      },
      { timeoutSeconds: 1 },
    )
    expect(await askedOf(registry)).toMatchObject({ trouble: 'timeout' })
  })

  test('from a redirect, which is not followed: token and data stay here', async () => {
    const registry = await start((response, { url }) =>
      url.startsWith('/elsewhere')
        ? answerJson(response, matches)
        : void response.writeHead(307, { location: '/elsewhere' }).end(),
    )
    expect(await askedOf(registry)).toMatchObject({ trouble: 'refused', detail: 'status 307' })
    expect(registry.received).toHaveLength(1)
  })

  test('from nobody', async () => {
    const { log, lines } = keptLog()
    const url = 'http://127.0.0.1:1/v1'
    const config = { url, token: new Secret(TOKEN), timeoutSeconds: 5 }
    const clock = { now: () => NOW }
    const listed = makeHttpRegistries(config, { fetch: makeOutboundFetch(['http://127.0.0.1:1']), clock, log })
    expect(await askedOf({ registries: listed, logged: lines })).toMatchObject({ trouble: 'unreachable' })
    const unlisted = makeHttpRegistries(config, { fetch: makeOutboundFetch([]), clock, log })
    expect(await askedOf({ registries: unlisted, logged: lines })).toMatchObject({ trouble: 'unreachable' })
  })

  test('a question outside the contract is never sent', async () => {
    const registry = await start(json(matches))
    const wrong = registry.registries.snils({ ...question, snils: '123' })
    expect(await outcome(wrong)).toMatchObject({ trouble: 'refused', detail: 'question' })
    expect(registry.received).toEqual([])
  })
})

test('an error says registry and trouble, and the log the reference by which the registry can look it up', async () => {
  const registry = await start(bare(502))
  const error = await registry.registries.snils(question).catch((fault: unknown) => fault)
  expect(error).toBeInstanceOf(RegistryUnavailable)
  expect(error).toMatchObject({ registry: 'snils', message: 'registry snils: failed (status 502)' })
  expect(registry.logged().map((line) => JSON.parse(line))).toMatchObject([
    { level: 40, registry: 'snils', trouble: 'failed', detail: 'status 502', reference },
  ])
})

test.each([
  ['nonsense', json({ ...matches, verdict: 'yes' }), [50]],
  ['a refused question', bare(403), [50]],
  ['an outage', bare(500), [40]],
  ['an answer that takes its time', bare(202), []],
])('%s is logged as loud as it is for somebody to mend', async (_what, answer, levels) => {
  const registry = await start(answer)
  await outcome(registry.registries.snils(question))
  expect(registry.logged().map((line) => JSON.parse(line).level)).toEqual(levels)
})

describe('a question', () => {
  test('is posted as the contract says, with the token, and nothing of it stands in the address', async () => {
    const registry = await start(json(matches))
    expect(await registry.registries.snils(question)).toEqual({ verdict: 'matches', state: 'active' })
    const [{ url, method, headers, body }] = registry.received as [(typeof registry.received)[number]]
    expect([method, url]).toEqual(['POST', '/v1/snils'])
    expect(headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      'idempotency-key': reference,
    })
    expect(JSON.parse(body)).toEqual(question)
    for (const value of valuesOf(maria)) expect(`${url} ${JSON.stringify(headers)}`).not.toContain(value)
    expect(registry.logged()).toEqual([])
  })

  test('leaves at home what the registry need not know', async () => {
    const registry = await start(json({ reference, verdict: 'matches' }))
    const { snils: _snils, ...person } = question
    const document = { ...maria.document!, issuer: 'ОВД', birthPlace: 'г. Тверь' }
    const name = { ...maria.name, formerFamilyName: 'Петрова' }
    await registry.registries.document({ ...person, name, document, phone: '+79000000011' } as typeof person & {
      document: NonNullable<typeof maria.document>
    })
    expect(JSON.parse(registry.received[0]!.body)).toEqual({ ...person, document: maria.document })
  })

  test('may come back with its reference in capital letters', async () => {
    const registry = await start(json({ ...matches, reference: reference.toUpperCase() }))
    expect(await registry.registries.snils(question)).toEqual({ verdict: 'matches', state: 'active' })
  })
})
