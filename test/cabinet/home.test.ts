import { expect, test } from 'vitest'
import { saying } from '../saying.ts'
import { worldOfFile } from '../world.ts'
import { inCabinet, pathOf } from './cabinet.ts'

const world = worldOfFile()

test('nobody sees a page without a sign-in', async () => {
  const browser = world.browser()
  for (const path of ['/account', '/settings', '/services', '/services/x', '/requests']) {
    await browser.open(path)
    expect(world.view).toBe('login/password')
  }
})

test('the root leads to the own data: who one is, the number, the state, the level', async () => {
  const citizen = await world.citizen()
  const browser = await inCabinet(world, citizen, '/')
  expect([world.view, pathOf(browser)]).toEqual(['cabinet/home', '/account'])
  for (const shown of ['Ветрова Ольга Игоревна', '12.04.1990', String(citizen.oid)])
    expect(browser.page.html).toContain(shown)
  expect(browser.page.html).toMatch(saying('accounts.state.active'))
  expect(browser.page.html).toMatch(saying('accounts.level.simplified'))
})

test('number and state stand beside the name on every page', async () => {
  const citizen = await world.citizen()
  const { page } = await inCabinet(world, citizen, '/settings')
  const [who = ''] = /<p class="app-account__who">.*?<\/p>/s.exec(page.html) ?? []
  for (const shown of ['Ольга Ветрова', String(citizen.oid)]) expect(who).toContain(shown)
  expect(who).toMatch(saying('accounts.state.active'))
})

test('contacts are masked', async () => {
  const citizen = await world.citizen()
  const { page } = await inCabinet(world, citizen)
  expect(page.html.replace(/\D/g, '')).not.toContain(citizen.phone.slice(2))
  expect(page.html).not.toContain(citizen.email)
  expect(page.html).toContain('@')
})

test('the section and the page that are open are marked, on the way to a page below them too', async () => {
  const citizen = await world.citizen()
  const browser = await inCabinet(world, citizen, '/settings')
  const current = () =>
    [...browser.page.html.matchAll(/href="([^"]*)" aria-current="(\w+)"/g)].map(([, href, kind]) => `${href} ${kind}`)
  expect(current()).toEqual(['/account true', '/settings page'])
  await browser.open('/account')
  expect(current()).toEqual(['/account page', '/account page'])
})

test('the page says until when it stays open, and another request keeps it open', async () => {
  const citizen = await world.citizen()
  const browser = await inCabinet(world, citizen)
  const until = () => saying('cabinet.open_until', { time: moscow(Date.now() + 600_000) })
  expect(browser.page.html).toMatch(until())
  const { hidden } = browser.form('/stay')
  world.travel(500)
  const { html, headers } = await browser.post('/stay', new URLSearchParams(hidden).toString())
  expect(headers['content-type']).toContain('application/json')
  expect(JSON.parse(html)).toEqual({ seconds: 600, until: moscow(Date.now() + 600_000) })
  world.travel(500)
  await browser.open('/account')
  expect(world.view).toBe('cabinet/home')
  world.travel(601)
  await browser.post('/stay', new URLSearchParams(hidden).toString())
  expect(world.view).toBe('login/password')
})

test('a foreign page keeps nothing open', async () => {
  const browser = await inCabinet(world, await world.citizen())
  await browser.post('/stay', '')
  expect(browser.page.status).toBe(403)
})

const moscow = (at: number) =>
  new Intl.DateTimeFormat('ru', { timeStyle: 'short', timeZone: 'Europe/Moscow' }).format(new Date(at))
