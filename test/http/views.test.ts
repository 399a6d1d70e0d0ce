import { expect, test } from 'vitest'
import { loadConfig } from '#src/config/load.ts'
import { makeAssets } from '#src/http/assets.ts'
import { brandCss, brandOf } from '#src/http/brand.ts'
import { en } from '#src/http/messages.en.ts'
import { ru } from '#src/http/messages.ru.ts'
import { makeTexts } from '#src/http/texts.ts'
import { makeViews } from '#src/http/views.ts'

const brand = brandOf(loadConfig({}).brand)
const texts = makeTexts({ ru, en }, { error: (line: unknown) => expect.fail(JSON.stringify(line)) })
const rendered: string[] = []
const views = makeViews({
  texts,
  brand,
  assets: makeAssets(brand),
  onRender: (view, locale) => rendered.push(`${view} ${locale}`),
})
const page = { locale: 'en', requestId: '7K2M', url: '/a?b=c', typed: {}, csrf: () => 'token' } as const

test('pages are named by their path; parts of pages are not listed', () => {
  expect(views.names).toContain('http/error')
  expect(views.names.filter((name) => name.split('/').some((part) => part.startsWith('_')))).toEqual([])
})

test('errors stand in the title and in a summary that links to the fields; one without a field has no link', () => {
  const errors = [
    { field: 'name', code: 'http.bad_characters' },
    { field: 'extra', code: 'http.unknown_field', values: { field: '<extra>' } },
  ]
  const html = views.render('http/error', { ...page, errors }, { title: 'Name' })
  expect(html).toContain('<title>Error: Name — Propusk</title>')
  expect(html).toContain(`<a href="#name">${en['http.bad_characters']}</a>`)
  expect(html).toContain('&lt;extra&gt;')
  expect(html).not.toContain('href="#extra"')
})

test('the relying party is named above the heading, and its name is text', () => {
  const html = views.render('http/error', { ...page, errors: [] }, { title: 'Name', client: { name: '<i>Pay' } })
  expect(html).toContain('You are signing in to <strong>“&lt;i&gt;Pay”</strong>')
  expect(html.indexOf('app-client')).toBeLessThan(html.indexOf('<h1'))
})

test('a page has no inline script or style, which the Content-Security-Policy would stop', () => {
  const html = views.render('http/error', { ...page, errors: [] }, { title: 'Name' })
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/)
})

test('who renders is told which page and language', () => {
  expect(rendered).toContain('http/error en')
})

test("an operator's colours and mark replace ours", () => {
  const own = brandOf(loadConfig({ BRAND_HEADER_COLOUR: '#4a148c', BRAND_NAME_EN: 'One sign-in' }).brand)
  expect(brandCss(own)).toContain('--app-header-colour: #4a148c')
  expect(own.name).toEqual({ ru: 'Пропуск', en: 'One sign-in' })
  expect(own.markSvg).toMatch(/^<svg /)
})
