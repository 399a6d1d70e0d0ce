import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkAccessibility, checkHtml, noSidewaysScroll, openBrowser, type TestBrowser } from '../browser.ts'

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"

const files: Readonly<Record<string, { type: string; body: string }>> = {
  '/': {
    type: 'text/html; charset=utf-8',
    body: `<!DOCTYPE html>
<html lang="ru">
  <head>
    <meta charset="utf-8">
    <title>Вход</title>
    <link rel="stylesheet" href="/page.css">
    <script src="/page.js" defer></script>
  </head>
  <body>
    <main><h1>Вход</h1><p id="told">без скриптов</p></main>
  </body>
</html>
`,
  },
  '/page.css': { type: 'text/css', body: 'h1 { font: 32px system-ui, sans-serif }' },
  '/page.js': { type: 'text/javascript', body: "document.getElementById('told').textContent = 'со скриптами'" },
  '/faults': {
    type: 'text/html; charset=utf-8',
    body: `<!DOCTYPE html>
<html lang="ru">
  <head>
    <meta charset="utf-8">
    <title>Ошибки</title>
  </head>
  <body><main><h1>Ошибки</h1><input><p><pre>${'длинно'.repeat(200)}</pre></p></main></body>
</html>
`,
  },
}

let server: Server
let baseUrl: string
let browser: TestBrowser

beforeAll(async () => {
  server = createServer((request, response) => {
    const file = files[request.url ?? '']
    response.writeHead(file ? 200 : 404, {
      'content-type': file?.type ?? 'text/plain',
      'content-security-policy': POLICY,
    })
    response.end(file?.body)
  }).listen(0, '127.0.0.1')
  browser = await openBrowser()
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  await browser.close()
  server.close()
})

describe.each([
  { javaScript: true, says: 'со скриптами' },
  { javaScript: false, says: 'без скриптов' },
])('Chromium, scripts: $javaScript', ({ javaScript, says }) => {
  test('opens a page, measures it and finds it accessible', async () => {
    const page = await browser.newPage({ javaScript, width: 320, locale: 'ru', baseUrl })
    await page.goto('/')
    expect(await page.textContent('#told')).toBe(says)
    await noSidewaysScroll(page)
    await checkAccessibility(page)
    await checkHtml(await (await page.request.get('/')).text())
    await page.context().close()
  })

  test('finds the faults of a bad page', async () => {
    const page = await browser.newPage({ javaScript, width: 320, locale: 'ru', baseUrl })
    await page.goto('/faults')
    await expect(noSidewaysScroll(page)).rejects.toThrow('in a window of 320 px')
    await expect(checkAccessibility(page)).rejects.toMatchObject({ actual: [expect.stringMatching(/^label:/)] })
    await expect(checkHtml(files['/faults']!.body)).rejects.toThrow('faults of the HTML')
    await page.context().close()
  })
})

test('Russian letters are painted, each with its own shape', async () => {
  const page = await browser.newPage({ javaScript: true, width: 480, locale: 'ru', baseUrl })
  await page.goto('/')
  const painted = new Set<string>()
  // A font without Cyrillic paints the same empty box for every letter.
  for (const letters of ['Ж', 'Щ', 'Ы', 'ё', '№', ' ']) {
    await page.locator('h1').evaluate((heading, text) => {
      heading.textContent = text
    }, letters)
    painted.add((await page.screenshot({ clip: { x: 0, y: 0, width: 200, height: 100 } })).toString('base64'))
  }
  expect(painted.size).toBe(6)
  await page.context().close()
})

test('the browser asks nobody outside this machine', async () => {
  const page = await browser.newPage({ javaScript: true, width: 480, locale: 'en', baseUrl })
  await expect(page.goto('http://example.com/')).rejects.toThrow('ERR_NAME_NOT_RESOLVED')
  await page.context().close()
})
