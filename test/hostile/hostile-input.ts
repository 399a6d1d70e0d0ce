import fc from 'fast-check'

/** Pieces of a query or body as they go over the wire: what decodes badly, is too long, or means something to a library. */
const values = fc.oneof(
  fc.constantFrom(
    '',
    '%00',
    'a%00b',
    '%ED%A0%80',
    '%ED%B0%80%ED%A0%80',
    '%FF%FE',
    '%C0%AF',
    '%',
    '%zz',
    '%E0%A4%A',
    '\\ud800',
    '..%2f..%2f..%2fetc%2fpasswd',
    '%0d%0aSet-Cookie:%20a=b',
    'javascript:alert(1)',
    '%7B%7B7*7%7D%7D',
    '%7B%22id_token%22%3Anull%7D',
    '%7B%22id_token%22%3A%7B%22acr%22%3A%7B%22essential%22%3Atrue%2C%22values%22%3A%5Bnull%2C%7B%7D%5D%7D%7D%7D',
    '%5B%5D',
    'null',
    '-1',
    '1e309',
    '99999999999999999999',
    '%E2%80%AE%D0%B0',
    '%F0%9F%98%80',
    'eyJhbGciOiJub25lIn0.e30.',
    '+7(916)1000001',
    '000000',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.integer({ min: 1_000, max: 6_000 }).map((length) => 'x'.repeat(length)),
)

const names = fc.constantFrom(
  ...`client_id redirect_uri scope state nonce response_type response_mode code_challenge code_challenge_method prompt max_age acr_values
    claims ui_locales login_hint id_token_hint post_logout_redirect_uri request request_uri grant_type code code_verifier refresh_token
    client_secret client_assertion access_token logout xsrf csrf identifier password decision phone email skip familyName givenName
    patronymic birthDate gender version consent with return to sent offline`.split(/\s+/),
  '__proto__',
  'constructor',
  'toString',
  '%00',
  '%ED%A0%80',
  '',
)

/** A key as parsers of nested keys read it. */
const bracketed = fc
  .tuple(names, fc.constantFrom('', '', '', '[]', '[b]', '[__proto__]', '[0][a][b][c][d][e]', '%5B%5D', '['))
  .map(([name, brackets]) => `${name}${brackets}`)

export const pairs = fc
  .array(fc.tuple(bracketed, values), { maxLength: 4 })
  .map((list) => list.map(([name, value]) => `${name}=${value}`))

export const rawBytes = fc.constantFrom<Buffer>(
  Buffer.alloc(0),
  Buffer.alloc(0),
  Buffer.alloc(0),
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0x00]),
  Buffer.from('/../..//;a=b'),
  Buffer.from('%2e%2e%5c'),
)

export const contentTypes = fc.constantFrom(
  ...Array<string>(6).fill('application/x-www-form-urlencoded'),
  'application/x-www-form-urlencoded; charset=utf-16',
  'application/json',
  'multipart/form-data; boundary=x',
  'text/plain',
  'nonsense',
  '',
)

/** What stands in the `Cookie` header in place of, or around, the live one. */
export const cookieTricks: fc.Arbitrary<(live: string) => string> = fc.constantFrom(
  ...Array<(live: string) => string>(6).fill((live) => live),
  () => '',
  (live) => live.slice(0, Math.floor(live.length / 2)),
  (live) => live.replace(/\.sig=[^;]*/g, '.sig=AAAAAAAAAAAAAAAAAAAAAAAAAAA'),
  (live) => live.replace(/=[^;]*/g, '=%ED%A0%80'),
  (live) => `${live}; ${live}`,
  (live) => `${live}; locale=\xff\xfe; csrf; =; ;;; __proto__=1`,
  (live) => `${live}; long=${'c'.repeat(7_000)}`,
  () => `session=${'s'.repeat(43)}; session.sig=${'x'.repeat(27)}; draft=${'d'.repeat(43)}; interaction=\\"`,
)

export const headers: fc.Arbitrary<Record<string, string | string[]>> = fc.constantFrom<
  Record<string, string | string[]>
>(
  ...Array<Record<string, string>>(4).fill({}),
  { 'Accept-Language': `${'en;q=0.1,'.repeat(300)}\xff` },
  { 'Accept-Language': '*;q=nan,,;;;' },
  { 'X-Forwarded-For': '999.999.999.999, ::::, [::1]:99999, \xff' },
  { 'X-Forwarded-For': `${'1.2.3.4, '.repeat(400)}64:ff9b::192.0.2.1` },
  { Host: 'evil.example:99999' },
  { Host: '' },
  { Origin: 'null' },
  { Origin: ['https://evil.example', 'https://evil.example'] },
  { Referer: 'http://[::1' },
  { Accept: 'application/json' },
  { Accept: `${'a/b,'.repeat(800)}` },
  { Authorization: 'Basic \xff\xff' },
  { Authorization: 'Basic OiU=' },
  { Authorization: `Bearer ${'%00'.repeat(50)}` },
  { Authorization: 'Bearer' },
  { 'User-Agent': `\x01\x7f\xff${'u'.repeat(2_000)}` },
  { 'Content-Encoding': 'gzip' },
  { 'Transfer-Encoding': 'chunked, chunked' },
  { Expect: '100-continue' },
  { 'Sec-Fetch-Site': 'cross-site' },
  { Range: 'bytes=0-1,5-' },
)

/** Mostly the door's own. */
export function methods(own: string): fc.Arbitrary<string> {
  return fc.constantFrom(...Array<string>(8).fill(own), 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND', 'get')
}
