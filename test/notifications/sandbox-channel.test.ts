import { beforeEach, expect, test } from 'vitest'
import { DeliveryFailed, PermanentRefusal } from '#src/notifications/channels.ts'
import { makeSandboxChannels, type SandboxChannels } from '#src/notifications/sandbox-channel.ts'
import { TestClock } from './rig.ts'

let channels: SandboxChannels
let number = 0
const sms = (recipient: string) => ({ id: String(++number), recipient, text: 'text' })

beforeEach(() => {
  channels = makeSandboxChannels({ clock: new TestClock() })
})

test('keeps what was sent, newest first', async () => {
  await channels.sms.send({ id: '1', recipient: '+79001234567', text: 'first' })
  await channels.mail.send({ id: '2', recipient: 'anna@example.org', subject: 'About', text: 'second' })
  expect(channels.messages()).toMatchObject([
    { id: '2', channel: 'mail', to: 'anna@example.org', subject: 'About', text: 'second' },
    { id: '1', channel: 'sms', to: '+79001234567', subject: undefined, text: 'first' },
  ])
})

test.each([
  ['+79001234567', '+7 (900) 123-45-67'],
  ['+79001234567', ' 79001234567'],
  ['anna@example.org', 'Anna@Example.org'],
])('finds the messages to %s by "%s"', async (recipient, to) => {
  await channels.sms.send(sms(recipient))
  await channels.sms.send(sms('+79007654321'))
  expect(channels.messages({ to })).toHaveLength(1)
})

test('takes the same id once, as a gateway with idempotency keys does', async () => {
  const message = sms('+79001234567')
  await channels.sms.send(message)
  await channels.sms.send(message)
  expect(channels.messages()).toHaveLength(1)
})

test.each(['+79001230000', 'anna0000@example.org'])('refuses %s for good', async (recipient) => {
  await expect(channels.mail.send(sms(recipient))).rejects.toBeInstanceOf(PermanentRefusal)
})

test('fails the first two tries of each message to a recipient that ends in 0001', async () => {
  for (const message of [sms('+79001230001'), sms('+79001230001')]) {
    await expect(channels.sms.send(message)).rejects.toBeInstanceOf(DeliveryFailed)
    await expect(channels.sms.send(message)).rejects.toBeInstanceOf(DeliveryFailed)
    await channels.sms.send(message)
  }
  expect(channels.messages()).toHaveLength(2)
})

test('keeps the newest thousand', async () => {
  for (let sent = 0; sent < 1005; sent++) await channels.sms.send(sms('+79001234567'))
  expect(channels.messages()).toHaveLength(1000)
  expect(channels.messages()[0]!.id).toBe(String(number))
})
