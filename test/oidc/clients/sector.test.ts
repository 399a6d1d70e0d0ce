import { expect, test } from 'vitest'
import { makeOutboundFetch } from '#src/kernel/outbound.ts'
import { refused } from './checking.ts'

const uri = 'https://sector.example/list.json'
const pairwise = {
  subject_type: 'pairwise',
  redirect_uris: ['https://a.example/cb', 'https://b.example/cb'],
  sector_identifier_uri: uri,
}
const answering =
  (body: string, status = 200): typeof fetch =>
  async () =>
    new Response(status === 302 ? null : body, { status })

test.each<[string, typeof fetch]>([
  ['an answer that is no JSON', answering('<html>')],
  ['an answer that is no list', answering('{}')],
  ['a list of something else', answering('[1]')],
  ['an error', answering('[]', 500)],
  ['a redirect', answering('', 302)],
  ['an answer without end', answering(JSON.stringify(['x'.repeat(70_000)]))],
  ['no answer', async () => Promise.reject(new Error('refused'))],
])('%s says nothing about a sector', async (_title, fetch) => {
  expect(await refused(pairwise, fetch)).toEqual([
    'sector_identifier_uri: must answer 200 with a JSON array of addresses, without a redirect',
  ])
})

test('a client that its sector does not list does not join it', async () => {
  const fetch = answering(JSON.stringify(['https://a.example/cb']))
  expect(await refused(pairwise, fetch)).toEqual(['sector_identifier_uri: must list https://b.example/cb'])
})

test('a client that its sector lists joins it', async () => {
  const fetch = answering(JSON.stringify([...pairwise.redirect_uris, 'https://c.example/cb']))
  expect(await refused(pairwise, fetch)).toEqual([])
})

test.each([
  'https://localhost/x',
  'https://127.0.0.1/x',
  'https://[::1]/x',
  'https://10.0.0.1/x',
  'https://169.254.169.254/latest/meta-data',
])('nothing is asked of an address inside: %s', async (inside) => {
  const [fault] = await refused({ ...pairwise, sector_identifier_uri: inside }, makeOutboundFetch([]))
  expect(fault).toMatch(/^sector_identifier_uri: .*OUTBOUND_ORIGINS/)
})
