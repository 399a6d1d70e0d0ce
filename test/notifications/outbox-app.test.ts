import { pino } from 'pino'
import request from 'supertest'
import { beforeEach, expect, test } from 'vitest'
import { loadConfig } from '#src/config/load.ts'
import { makeAssets } from '#src/http/assets.ts'
import { brandOf } from '#src/http/brand.ts'
import { en } from '#src/http/messages.en.ts'
import { ru } from '#src/http/messages.ru.ts'
import { joinMessages, makeTexts } from '#src/http/texts.ts'
import { makeViews } from '#src/http/views.ts'
import { makeSandboxChannels, type SandboxChannels } from '#src/notifications/sandbox-channel.ts'
import { makeOutboxApp } from '#src/sandbox/outbox.ts'
import { en as outboxEn } from '#src/sandbox/outbox-messages.en.ts'
import { ru as outboxRu } from '#src/sandbox/outbox-messages.ru.ts'
import { TestClock } from './rig.ts'

const log = pino({ level: 'silent' })
const brand = brandOf(loadConfig({}).brand)
const assets = makeAssets(brand)
const texts = makeTexts({ ru: joinMessages(ru, outboxRu), en: joinMessages(en, outboxEn) }, log)
const views = makeViews({ texts, assets, brand })
let sandboxChannels: SandboxChannels
let app: ReturnType<typeof request>

beforeEach(async () => {
  sandboxChannels = makeSandboxChannels({ clock: new TestClock() })
  app = request(
    makeOutboxApp({ origin: 'http://localhost:3003', sandboxChannels, log, views, texts, assets }).callback(),
  )
  await sandboxChannels.sms.send({ id: '1', recipient: '+79001234567', text: '493817 — код.\n@id.ru #493817' })
  await sandboxChannels.mail.send({ id: '2', recipient: 'a@example.org', subject: 'Тема', text: '<script>1</script>' })
})

test('the page lists the messages, newest first, escaped', async () => {
  const { text } = await app.get('/').expect(200)
  expect(text.indexOf('a@example.org')).toBeLessThan(text.indexOf('+79001234567'))
  expect(text).toContain('493817 — код.<br>@id.ru #493817')
  expect(text).toContain('&lt;script&gt;')
  expect(text).toContain('1 марта 2026')
})

test('the page shows the messages to one recipient, in English too', async () => {
  const { text } = await app.get('/?to=%2B7+900+123-45-67').set('Accept-Language', 'en').expect(200)
  expect(text).toContain('Outgoing messages of the sandbox')
  expect(text).toContain('493817')
  expect(text).toContain('value="+7 900 123-45-67"')
  expect(text).not.toContain('a@example.org')
})

test('a letter is a link to its PDF, found by a part of the name on it', async () => {
  const id = '0f8fad5b-d9cb-469f-a165-70867728950e'
  const pdf = Buffer.from('%PDF-1.3')
  await sandboxChannels.post.send({ id, recipient: 'Ветрова Ольга, г. Казань', text: '', pdf })
  const { text } = await app.get(`/?to=${encodeURIComponent('ветрова')}`).expect(200)
  expect(text).toContain(outboxRu['outbox.channel.post'])
  expect(text).toContain(`href="/letters/${id}.pdf"`)
  expect(text).not.toContain('a@example.org')
  const { body } = await app.get('/api/messages').query({ to: 'Ветрова' }).expect(200)
  expect(body).toEqual([
    {
      id,
      channel: 'post',
      to: 'Ветрова Ольга, г. Казань',
      text: '',
      at: '2026-03-01T09:00:00.000Z',
      link: `http://localhost:3003/letters/${id}.pdf`,
    },
  ])
  const opened = await app.get(`/letters/${id}.pdf`).expect(200).expect('Content-Type', 'application/pdf')
  expect(opened.body).toEqual(pdf)
})

test.each(['/letters/1.pdf', '/letters/00000000-0000-4000-8000-000000000000.pdf', '/letters/x'])(
  'there is no letter %s',
  async (path) => {
    await app.get(path).expect(404)
  },
)

test('the page says so when there is nothing', async () => {
  const { text } = await app.get('/?to=nobody@example.org').expect(200)
  expect(text).toContain(outboxRu['outbox.none_to'])
})

test('the API answers with JSON, newest first, also when a plus came as a space', async () => {
  const all = await app.get('/api/messages').expect(200)
  expect(all.body.map((message: { id: string }) => message.id)).toEqual(['2', '1'])
  const one = await app.get('/api/messages?to=+79001234567').expect(200)
  expect(one.body).toEqual([
    {
      id: '1',
      channel: 'sms',
      to: '+79001234567',
      text: '493817 — код.\n@id.ru #493817',
      at: '2026-03-01T09:00:00.000Z',
    },
  ])
})

test.each(['/?to=a&to=b', '/api/messages?to=a&to=b', '/?to=%00'])('refuses %s', async (path) => {
  const { status } = await app.get(path)
  expect(status).toBe(422)
})
