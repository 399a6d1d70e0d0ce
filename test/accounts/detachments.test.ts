import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { worldOfFile } from '../world.ts'
import { detaching, THREE_DAYS } from './detachment-rig.ts'

const DAY = 24 * 3600

const world = worldOfFile()
// Between two codes to one number is a pause.
beforeEach(() => world.travel(61))

const { clashed, requested, mails, keepLink, eventsOf, typesOf, ownerOf, rows, threeDaysLater } = detaching(() => world)

describe('asking for a number', () => {
  test('takes the code of that number: before it, nothing is asked', async () => {
    const citizen = await world.citizen()
    const browser = world.browser()
    await browser.open('/registration')
    await browser.submit({})
    await browser.submit({ phone: citizen.phone })
    const { csrf } = browser.form().hidden
    await browser.post('/registration/clash/detach', `csrf=${csrf}`)
    expect(world.view).toBe('registration/start')
    await browser.post('/registration/clash/detach', `csrf=${csrf}&phone=${encodeURIComponent(citizen.phone)}`)
    expect(await rows(citizen)).toEqual([])
  })

  test('works in the browser alone that entered the code, and only by its form', async () => {
    const citizen = await world.citizen()
    const browser = await clashed(citizen.phone)
    const stranger = world.browser()
    await stranger.open('/registration')
    await stranger.post('/registration/clash/detach', `csrf=${stranger.form().hidden.csrf}`)
    expect(world.view).toBe('registration/start')
    await browser.post('/registration/clash/detach', '')
    expect(browser.page.status).toBe(403)
    await browser.open('/registration/clash/detach')
    expect(browser.page.status).toBe(405)
    expect(await rows(citizen)).toEqual([])
  })

  test('tells the day in words and Moscow time, and the same one when asked again', async () => {
    const citizen = await world.citizen()
    const at = new Date(Date.now() + THREE_DAYS * 1000)
    const browser = await requested(citizen)
    const date = new Intl.DateTimeFormat('ru', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Moscow' })
    expect(browser.page.html).toContain(`Номер освободится ${date.format(at)} по московскому времени`)
    const shown = /Номер освободится [^<]*/.exec(browser.page.html)![0]
    world.travel(3600)
    const again = await clashed(citizen.phone)
    expect(again.page.html).toContain(shown)
    await again.open('/registration')
    await again.post('/registration/clash/detach', `csrf=${again.form().hidden.csrf}`)
    expect(again.page.html).toContain(shown)
    expect(await rows(citizen)).toEqual(['waiting'])
    expect(await typesOf(citizen)).toEqual(['contact.detachment_requested'])
  })

  test('tells the owner by mail only, and nothing of the owner to whoever asks', async () => {
    const citizen = await world.citizen()
    const lonely = await world.citizen({ email: null })
    const pages: string[] = []
    for (const owner of [citizen, lonely]) {
      const { page } = await requested(owner)
      pages.push(page.html.replaceAll(/\+7[^<]*/g, '').replaceAll(/name="csrf" value="[^"]*"/g, ''))
    }
    expect(pages[0]).toBe(pages[1])
    expect(pages[0]).not.toMatch(/example\.org|Ветрова|Ольга/)
    expect(await keepLink(citizen)).toContain(`${world.origin}/contact/keep/`)
    expect(mails(citizen)[0]!.text).not.toContain(citizen.phone.slice(2, 8))
    const toPhones = world.sent.filter(({ recipient }) => [citizen.phone, lonely.phone].includes(recipient))
    expect(toPhones.filter(({ text }) => text.includes('/contact/') || text.includes('отвяз'))).toEqual([])
  })

  test('in parallel makes one request and one notice', async () => {
    const citizen = await world.citizen()
    const browser = await clashed(citizen.phone)
    const body = `csrf=${browser.form('/detach').hidden.csrf}`
    const answers = await Promise.all(Array.from({ length: 6 }, () => browser.post('/registration/clash/detach', body)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
    expect(await rows(citizen)).toEqual(['waiting'])
    expect(await typesOf(citizen)).toEqual(['contact.detachment_requested'])
    await keepLink(citizen)
    expect(mails(citizen)).toHaveLength(1)
  })

  test('is refused the fourth time in 30 days, with an explanation', async () => {
    const citizen = await world.citizen()
    for (let time = 1; time <= 3; time++) {
      await requested(citizen)
      await world.house.store.script(`update detachments set state = 'cancelled' where oid = ${citizen.oid}`)
      world.travel(61)
    }
    const browser = await clashed(citizen.phone)
    await browser.submit({}, '/detach')
    expect(world.view).toBe('registration/clash')
    expect(browser.page.status).toBe(429)
    expect(browser.page.html).toContain('уже трижды')
    expect(await rows(citizen)).toHaveLength(3)
    world.travel(30 * DAY)
    await requested(citizen)
    expect(await rows(citizen)).toHaveLength(4)
  })

  test('leaves no number in the table', async () => {
    const citizen = await world.citizen()
    await requested(citizen)
    const { rows: dump } = await sql<{ row: string }>`select detachments::text as row from detachments`.execute(
      world.house.store.db,
    )
    const link = await keepLink(citizen)
    expect(dump.length).toBeGreaterThan(0)
    for (const { row } of dump) {
      expect(row).not.toContain(citizen.phone.slice(2))
      expect(row).not.toContain(link.split('/').at(-1))
    }
  })
})

describe('the link of the notice', () => {
  test('does nothing when it is opened, and keeps the number by its button, once', async () => {
    const citizen = await world.citizen()
    await requested(citizen)
    const link = await keepLink(citizen)
    const owner = world.browser()
    for (let scan = 1; scan <= 3; scan++) await owner.open(link)
    expect(world.view).toBe('accounts/keep')
    expect(await rows(citizen)).toEqual(['waiting'])
    await owner.post(link, '')
    expect(owner.page.status).toBe(403)
    expect(await rows(citizen)).toEqual(['waiting'])
    await owner.open(link)
    const body = `csrf=${owner.form().hidden.csrf}`
    await owner.submit({})
    expect(world.view).toBe('accounts/kept')
    expect(await rows(citizen)).toEqual(['cancelled'])
    expect((await eventsOf(citizen))[0]).toMatchObject({
      type: 'contact.detachment_cancelled',
      fields: { reason: 'objected' },
    })
    await owner.post(link, body)
    expect(world.view).toBe('accounts/keep-gone')
    await threeDaysLater()
    expect(await ownerOf(citizen)).toBe(citizen.oid)
    expect(await typesOf(citizen)).not.toContain('contact.detached')
  })

  test('wrong, of another request, or too late shows one plain page', async () => {
    const citizen = await world.citizen()
    const other = await world.citizen()
    await requested(citizen)
    await requested(other)
    const link = await keepLink(citizen)
    const browser = world.browser()
    await browser.open(link)
    const body = `csrf=${browser.form().hidden.csrf}`
    const gone = async (address: string) => {
      const shown = [await browser.open(address), await browser.post(address, body)]
      return shown.map(({ status, html }) => ({ status, html: html.replaceAll(/return=[^"]*/g, '') }))
    }
    const wrong = await gone(`${link.slice(0, -1)}_`)
    expect(world.view).toBe('accounts/keep-gone')
    expect(wrong[0]!.status).toBe(404)
    expect(await rows(citizen)).toEqual(['waiting'])
    await browser.post(link, body)
    expect(await rows(other)).toEqual(['waiting'])
    expect(await gone(link)).toEqual(wrong)
    await threeDaysLater()
    expect(await rows(other)).toEqual(['done'])
    expect(await gone(await keepLink(other))).toEqual(wrong)
  })
})
