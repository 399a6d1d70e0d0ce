import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { makeLog } from '#src/http/log.ts'
import { Secret } from '#src/kernel/secret.ts'

function logged(write: (log: ReturnType<typeof makeLog>) => void): string {
  let text = ''
  const destination = new Writable({
    write(chunk, _encoding, done) {
      text += chunk
      done()
    },
  })
  write(makeLog({ level: 'info', destination }))
  return text
}

test.each([
  { password: 'MARK' },
  { headers: { authorization: 'Bearer MARK', cookie: 'a=MARK', 'set-cookie': ['a=MARK'] } },
  { request: { body: { code: 'MARK', phone: 'MARK', email: 'MARK', client_secret: 'MARK' } } },
  { key: new Secret('MARK') },
])('%j hides its secrets', (line) => {
  const text = logged((log) => log.info(line, 'something'))
  expect(text).toContain('something')
  expect(text).not.toContain('MARK')
})

test('an error shows type, code, stack and causes, but nothing else that a driver put into it', () => {
  const cause = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (phone)=(MARK)',
    parameters: ['MARK'],
  })
  const text = logged((log) => log.error({ err: new Error('not stored', { cause }) }, 'failed'))
  expect(text).not.toContain('MARK')
  expect(JSON.parse(text).err).toMatchObject({ type: 'Error', cause: { errorCode: '23505' } })
  expect(JSON.parse(text).err.stack).toContain('not stored')
})
