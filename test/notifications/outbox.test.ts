import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { NOBODY } from '#src/kernel/ids.ts'
import { Secret } from '#src/kernel/secret.ts'
import { DeliveryFailed, PermanentRefusal } from '#src/notifications/channels.ts'
import { openStore, type Store } from '#src/store/store.ts'
import { createDatabase } from '#test/setup/database.ts'
import { createEmbedded } from '#test/setup/embedded.ts'
import { type Rig, registrationCode, startRig, until } from './rig.ts'

const databases = {
  async PGlite() {
    const { folder, remove } = await createEmbedded()
    return { store: await openStore({ kind: 'pglite', folder }, () => {}), drop: remove }
  },
  async PostgreSQL() {
    const { url, drop } = await createDatabase()
    const config = { kind: 'postgres', url: new Secret(url), poolSize: 8, connectTimeoutMs: 5000 } as const
    return { store: await openStore(config, () => {}), drop }
  },
}

describe.each(Object.entries(databases))('outbox on %s', (_name, open) => {
  let store: Store
  let drop: () => Promise<void>
  let rig: Rig

  beforeAll(async () => {
    ;({ store, drop } = await open())
  })
  afterEach(async () => {
    await rig.stop()
    await store.script(`delete from messages; delete from pgboss.job where name like 'messages.%'`)
  })
  afterAll(async () => {
    await store.close()
    await drop()
  })

  test('a message leaves after the commit of its transaction', async () => {
    rig = await startRig(store)
    await rig.work()
    await rig.add()
    await until(() => rig.channels.sms.tries.length === 1)
    expect(rig.channels.sms.tries[0]).toMatchObject({
      recipient: '+79001234567',
      text: '493817 — код для регистрации. Никому его не сообщайте.',
    })
  })

  test('a transaction that is rolled back sends nothing', async () => {
    rig = await startRig(store)
    await rig.work()
    const failing = rig.store.tx(async (tx) => {
      await rig.outbox.add(tx, registrationCode)
      throw new Error('the change failed')
    })
    await expect(failing).rejects.toThrow('the change failed')
    await rig.add({ recipient: '+79007654321' })
    await until(() => rig.channels.sms.tries.length > 0)
    expect(rig.channels.sms.tries.map((message) => message.recipient)).toEqual(['+79007654321'])
    expect(await rig.rows()).toHaveLength(1)
  })

  test('a gateway that is down delays a message and loses none; every try has the same id', async () => {
    rig = await startRig(store)
    rig.channels.sms.answer = (_message, number) => {
      if (number <= 3) throw new DeliveryFailed('SMS gateway not reached: ECONNREFUSED')
    }
    await rig.work()
    await rig.add()
    await until(async () => {
      await rig.hurry()
      return (await rig.rows())[0]?.state === 'sent'
    })
    expect(rig.channels.sms.tries).toHaveLength(4)
    expect(new Set(rig.channels.sms.tries.map((message) => message.id)).size).toBe(1)
  })

  test('a permanent refusal is not tried again', async () => {
    rig = await startRig(store)
    rig.channels.sms.answer = () => {
      throw new PermanentRefusal('SMS gateway answered 422')
    }
    await rig.work()
    await rig.add()
    await until(async () => (await rig.jobs())[0]?.state === 'completed')
    await rig.hurry()
    expect(await rig.rows()).toMatchObject([{ state: 'refused', recipient: null, body: null }])
    expect(rig.channels.sms.tries).toHaveLength(1)
  })

  test('an expired message is never sent, and is blanked', async () => {
    rig = await startRig(store)
    await rig.add({ ttlSeconds: 300 })
    rig.clock.pass(300)
    await rig.work()
    await until(async () => (await rig.rows())[0]?.state === 'expired')
    expect(rig.channels.sms.tries).toHaveLength(0)
    expect(await rig.rows()).toMatchObject([{ state: 'expired', recipient: null, body: null }])
  })

  test('a message that no job comes back to is blanked by the sweep', async () => {
    rig = await startRig(store)
    await rig.add({ ttlSeconds: 300 })
    expect(await rig.messages.expireOverdue(store.db, rig.clock.now())).toBe(0)
    rig.clock.pass(301)
    expect(await rig.messages.expireOverdue(store.db, rig.clock.now())).toBe(1)
    expect(await rig.rows()).toMatchObject([{ state: 'expired', recipient: null, body: null }])
  })

  test('recipient and body are blanked once the message is sent', async () => {
    rig = await startRig(store)
    await rig.work()
    await rig.add()
    await until(async () => (await rig.rows())[0]?.state === 'sent')
    expect(await rig.rows()).toMatchObject([{ recipient: null, body: null, settled_at: rig.clock.now() }])
  })

  test('neither the row nor the job shows recipient, code or text, also after failures that quote them', async () => {
    rig = await startRig(store)
    rig.channels.sms.answer = ({ recipient, text }) => {
      throw Object.assign(new Error(`550 <${recipient}> rejected: ${text}`), { rejected: [recipient], text })
    }
    await rig.work()
    await rig.add()
    await until(async () => ((await rig.jobs())[0]?.retry_count ?? 0) > 0 || (await rig.jobs())[0]?.state === 'retry')
    const [row] = await rig.rows()
    const bytes = Buffer.concat([row!.recipient!, row!.body!])
    const dump = `${JSON.stringify([row, await rig.jobs()])} ${bytes.toString('latin1')} ${bytes.toString('utf8')}`
    for (const secret of ['79001234567', '493817', 'код для регистрации']) expect(dump).not.toContain(secret)
    expect((await rig.jobs())[0]!.data).toEqual({ oid: NOBODY, id: row!.id })
  })

  test('two workers send each message once', async () => {
    rig = await startRig(store, { workers: 2 })
    await rig.work()
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => rig.add({ recipient: `+790000010${String(n).padStart(2, '0')}` })),
    )
    await until(async () => {
      rig.wake()
      return (await rig.rows()).every((row) => row.state === 'sent')
    })
    expect(new Set(rig.channels.sms.tries.map((message) => message.id)).size).toBe(30)
    expect(rig.channels.sms.tries).toHaveLength(30)
  })

  test('a mail gateway that hangs does not hold up an SMS', async () => {
    rig = await startRig(store)
    let release = () => {}
    rig.channels.mail.answer = () => new Promise<void>((resolve) => (release = resolve))
    await rig.work()
    await rig.add({ channel: 'mail', recipient: 'anna@example.org' })
    await until(() => rig.channels.mail.tries.length === 1)
    await rig.add()
    await until(() => rig.channels.sms.tries.length === 1)
    release()
  })

  test('a letter waits sealed, is tried again, leaves as it came in, and is blanked then', async () => {
    rig = await startRig(store)
    rig.channels.post.answer = (_letter, number) => {
      if (number === 1) throw new DeliveryFailed('print service answered 503')
    }
    const pdf = Buffer.from('%PDF-1.3 K7QM0-2VX4T Баумана')
    const id = '0f8fad5b-d9cb-469f-a165-70867728950e'
    const letter = { oid: NOBODY, id, kind: 'letter', recipient: 'Ветрова Ольга, ул. Баумана, д. 1', ttlSeconds: 300 }
    await rig.store.tx((tx) => rig.outbox.post(tx, { ...letter, pdf }))
    const [row] = await rig.rows()
    const bytes = Buffer.concat([row!.recipient!, row!.body!])
    for (const secret of ['%PDF', 'K7QM0', 'Баумана', pdf.toString('base64').slice(0, 12)])
      expect(bytes.includes(secret)).toBe(false)
    expect(JSON.stringify(await rig.jobs())).not.toMatch(/Баумана|K7QM0|PDF/)
    await rig.work()
    await until(() => rig.channels.post.tries.length === 1)
    await until(async () => (await rig.jobs())[0]?.state === 'retry')
    await rig.hurry()
    await until(async () => (await rig.rows())[0]?.state === 'sent')
    expect(rig.channels.post.tries[1]).toEqual({ id, recipient: letter.recipient, text: '', pdf })
    expect(await rig.rows()).toMatchObject([{ id, recipient: null, body: null }])
  })

  test('a letter to more than one line is not taken', async () => {
    rig = await startRig(store)
    const letter = { oid: NOBODY, id: '0f8fad5b-d9cb-469f-a165-70867728950e', kind: 'letter', pdf: Buffer.from('') }
    for (const recipient of ['', 'Ветрова\nул. Баумана', 'а'.repeat(1001)])
      await expect(
        rig.store.tx((tx) => rig.outbox.post(tx, { ...letter, recipient, ttlSeconds: 300 })),
      ).rejects.toThrow('malformed post recipient')
  })

  test('a message to an account is sealed with the data key that its own transaction makes', async () => {
    rig = await startRig(store)
    await rig.work()
    const oid = 1_234_567_890
    await rig.store.tx(async (tx) => {
      await rig.dataKeys.create(tx, oid)
      await rig.outbox.add(tx, {
        ...registrationCode,
        oid,
        channel: 'mail',
        recipient: 'anna@example.org',
        locale: 'en',
      })
    })
    await until(() => rig.channels.mail.tries.length === 1)
    expect(rig.channels.mail.tries[0]).toMatchObject({
      subject: 'Your registration code',
      recipient: 'anna@example.org',
    })
    await store.script('delete from data_keys')
  })

  test.each([
    ['a line break in a number', { recipient: '+79001234567\r\nBcc: x' }],
    ['a header in an address', { channel: 'mail', recipient: 'anna@example.org\r\nBcc: all@example.org' }],
    ['two addresses', { channel: 'mail', recipient: 'anna@example.org,boris@example.org' }],
    ['a display name', { channel: 'mail', recipient: 'Anna <anna@example.org>' }],
    ['a line break in a value', { values: { code: '1\n@evil.example #1' } }],
    ['a kind without text', { kind: 'no_such_kind' }],
  ] as const)('refuses %s', async (_what, fault) => {
    rig = await startRig(store)
    await expect(rig.add(fault)).rejects.toThrow()
    expect(await rig.rows()).toEqual([])
    expect(await rig.jobs()).toEqual([])
  })
})
