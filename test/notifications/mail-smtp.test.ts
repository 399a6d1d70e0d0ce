import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Secret } from '#src/kernel/secret.ts'
import { type Channel, DeliveryFailed, PermanentRefusal } from '#src/notifications/channels.ts'
import { makeMailSmtp } from '#src/notifications/mail-smtp.ts'
import { type SmtpServer, startSmtpServer } from './smtp-server.ts'

const message = {
  id: '0f8fad5b-d9cb-469f-a165-70867728950e',
  recipient: 'anna@example.org',
  subject: 'Код для входа',
  text: '493817 — код для входа.\n\nНикому его не сообщайте.',
}
let server: SmtpServer
let channel: Channel

beforeAll(async () => {
  server = await startSmtpServer()
  channel = makeMailSmtp({ smtpUrl: new Secret(server.url), from: 'Propusk <noreply@id.example.ru>' })
})
beforeEach(() => {
  server.received.length = 0
  for (const command of Object.keys(server.answers) as (keyof typeof server.answers)[]) delete server.answers[command]
})
afterAll(() => server.close())

test('hands the mail over with a Message-ID that stays the same over all tries', async () => {
  await channel.send(message)
  await channel.send(message)
  expect(server.received).toHaveLength(2)
  for (const { from, to, data } of server.received) {
    expect(from).toContain('<noreply@id.example.ru>')
    expect(to).toEqual(['RCPT TO:<anna@example.org>'])
    expect(data).toContain(`Message-ID: <${message.id}@id.example.ru>`)
    expect(data).toContain('Auto-Submitted: auto-generated')
    expect(data).toMatch(/Subject: =\?UTF-8\?/)
  }
})

test.each([
  ['RCPT', '550 5.1.1 <anna@example.org> unknown', PermanentRefusal],
  ['RCPT', '450 4.2.1 <anna@example.org> busy', DeliveryFailed],
  ['DATA', '554 5.7.1 content of 493817 refused', PermanentRefusal],
  ['DATA', '451 4.3.0 later', DeliveryFailed],
  ['MAIL', '553 5.7.1 sender not allowed', DeliveryFailed],
] as const)('an answer to %s: "%s"', async (command, answer, expected) => {
  server.answers[command] = answer
  const error = await channel.send(message).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(expected)
  expect((error as Error).message).toContain(answer.slice(0, 3))
  expect(String((error as Error).stack)).not.toMatch(/anna@|493817/)
})

test('a server that does not listen is tried again', async () => {
  const closed = makeMailSmtp({ smtpUrl: new Secret('smtp://127.0.0.1:1'), from: 'noreply@id.example.ru' })
  await expect(closed.send(message)).rejects.toBeInstanceOf(DeliveryFailed)
})

test.each([{ subject: 'Code\r\nBcc: all@example.org' }, { recipient: 'anna@example.org\r\nRCPT TO:<b@example.org>' }])(
  'a line break cannot forge a header: %o',
  async (fault) => {
    await expect(channel.send({ ...message, ...fault })).rejects.toBeInstanceOf(PermanentRefusal)
    expect(server.received).toEqual([])
  },
)
