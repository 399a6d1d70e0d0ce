import { beforeEach, describe, expect, test, vi } from 'vitest'
import { allTexts } from '#src/all-texts.ts'
import { loadConfig } from '#src/config/load.ts'
import { makeAssets } from '#src/http/assets.ts'
import { brandOf } from '#src/http/brand.ts'
import type { Ctx, PageGlobals } from '#src/http/context.ts'
import { makeMoulds } from '#src/http/moulds.ts'
import { makeViews } from '#src/http/views.ts'
import { locales } from '#src/kernel/locale.ts'
import type { Interaction } from '#src/login/interaction.ts'
import { makeLoginPages } from '#src/login/pages.ts'

const brand = brandOf(loadConfig({}).brand)
const texts = allTexts({ error: (fault: unknown) => expect.fail(JSON.stringify(fault)) } as never)
/** Called once for each page that is rendered whole. */
const translator = vi.fn(texts.translator)
const makePages = () => makeViews({ texts: { translator }, brand, assets: makeAssets(brand) })
let views = makePages()
beforeEach(() => {
  views = makePages()
  translator.mockClear()
})

const HOSTILE = `"><script>alert('1')</script>\\ & &amp; {{ 7 * 7 }} {% raw %} \` $& $1 ёж 🦔`
const client = { id: 'pay', name: 'Pay & Co', purpose: undefined }

function globals(of: Partial<PageGlobals> = {}): PageGlobals {
  return { locale: 'ru', requestId: '7K2M', url: '/login/1', errors: [], typed: {}, csrf: () => 'token', ...of }
}
const model = (base: string, more: Record<string, unknown> = {}) => ({ again: false, client, base, ...more })
const whole = (of: PageGlobals, shown: Record<string, unknown>) => makePages().render('login/password', of, shown)
const cast = (of: PageGlobals, shown: Record<string, unknown>) => views.render('login/password', of, shown, ['base'])

describe('a cast page is, byte for byte, the page rendered whole', () => {
  describe.each(locales)('in %s', (locale) => {
    test.each([
      ['plain words', 'plain'],
      ['hostile ones', HOSTILE],
      ['nothing', ''],
      ['every character of ASCII', String.fromCharCode(...Array.from({ length: 127 }, (_, code) => code + 1))],
    ])('with %s in its holes', (_what, text) => {
      const of = globals({ locale, requestId: text, url: `/login/${text}`, csrf: () => text })
      const [first, second] = [cast(globals({ locale }), model('/login/other')), cast(of, model(text))]
      expect(second).toBe(whole(of, model(text)))
      expect(first).toBe(whole(globals({ locale }), model('/login/other')))
    })

    test('whether the mould was there or is made for it', () => {
      const of = globals({ locale })
      const pages = [1, 2, 3].map(() => cast(of, model(HOSTILE)))
      expect(new Set(pages)).toEqual(new Set([whole(of, model(HOSTILE))]))
    })

    test('in each state of the page', () => {
      for (const more of [{ again: true }, { again: false }, { client: { ...client, name: HOSTILE } }])
        for (const base of ['/login/1', '/login/2'])
          expect(cast(globals({ locale }), model(base, more))).toBe(whole(globals({ locale }), model(base, more)))
    })
  })

  test('with the address of the language link as it was given', () => {
    const of = (otherLocaleHref: string) => globals({ otherLocaleHref })
    for (const href of ['/language/en?return=%2Fa', '/b?c&d'])
      expect(cast(of(href), model('/1'))).toBe(whole(of(href), model('/1')))
  })

  test('also where one of its strings is missing', () => {
    cast(globals(), model('/1'))
    const { base: _, ...without } = model('/1')
    expect(cast(globals(), without)).toBe(whole(globals(), without))
  })
})

test('no script comes out of a hole', () => {
  cast(globals(), model('/1'))
  const page = cast(globals({ requestId: HOSTILE, csrf: () => HOSTILE, url: `/${HOSTILE}` }), model(HOSTILE))
  expect(page).toContain('&lt;script&gt;')
  expect(page).not.toContain('<script>')
})

test('a page is rendered whole once in each language and state, whoever asks', () => {
  for (let n = 0; n < 20; n++) for (const locale of locales) cast(globals({ locale }), model(`/login/${n}`))
  expect(translator).toHaveBeenCalledTimes(2)
  cast(globals(), model('/login/1', { again: true }))
  cast(globals(), model('/login/1', { client: { ...client, name: 'Other' } }))
  expect(translator).toHaveBeenCalledTimes(4)
})

describe('what belongs to one request', () => {
  test('never stands in the page of another', () => {
    const own = { requestId: 'MARKER1', url: '/marker2', csrf: () => 'marker3' }
    expect(cast(globals(own), model('/marker4'))).toMatch(/marker2[\s\S]*marker4[\s\S]*marker3/)
    for (const locale of locales) {
      expect(cast(globals({ locale }), model('/2'))).not.toMatch(/marker/i)
      expect(views.render('http/error', globals({ locale }), { title: 'Name' }, [])).not.toMatch(/marker/i)
    }
  })

  test('is filled in as it is, even where it names a hole', () => {
    const page = cast(globals({ csrf: () => 'base' }), model('csrf'))
    expect(page).toContain('name="csrf" value="base"')
    expect(page).toContain('action="csrf/identify"')
  })

  test('is asked for only where the page shows it: a page without a form makes no CSRF token, and so no cookie', () => {
    const csrf = vi.fn(() => 'token')
    for (let n = 0; n < 3; n++) views.render('http/error', globals({ csrf }), { title: 'Name' }, [])
    expect(csrf).not.toHaveBeenCalled()
    for (let n = 0; n < 3; n++) cast(globals({ csrf }), model('/1'))
    // One with a password, one with a passkey.
    expect(csrf).toHaveBeenCalledTimes(3 * 2)
  })
})

describe('what somebody typed is not kept', () => {
  test.each([
    ['typed values', { typed: { identifier: 'anna@example.org' } }],
    ['errors', { errors: [{ field: 'identifier', code: 'login.identifier_missing' }] }],
  ])('a page with %s is rendered whole each time', (_what, own) => {
    for (let n = 0; n < 3; n++) expect(cast(globals(own), model('/1'))).toBe(whole(globals(own), model('/1')))
    expect(translator).toHaveBeenCalledTimes(6)
    expect(cast(globals(), model('/1'))).toBe(whole(globals(), model('/1')))
  })

  test.each([
    ['as everybody sees it', undefined, undefined, ['base']],
    ['with the identifier that the relying party hinted at', 'anna@example.org', undefined, undefined],
    ['with what was typed', undefined, { identifier: 'anna' }, undefined],
  ])('the sign-in page %s', (_how, loginHint, typed, perRequest) => {
    const render = vi.fn()
    const none = {} as never
    const unused = { accounts: none, settings: none, factors: none, lastFactor: none, requests: none }
    const pages = makeLoginPages({ ...unused, consentDays: 1 })
    const ctx = { state: { page: { render } } } as unknown as Ctx
    const now = { oid: undefined, proven: [], due: { kind: 'identify' } } as const
    pages.identify(ctx, { uid: 'abc', client, loginHint } as Interaction, now, typed && { typed })
    expect(render).toHaveBeenCalledTimes(1)
    expect(render.mock.calls[0]![2].perRequest).toEqual(perRequest)
  })
})

describe('moulds', () => {
  const render = vi.fn((view: string, { requestId }: { requestId: string }, shown: Readonly<Record<string, unknown>>) =>
    [view, requestId, shown.base, String(shown.text).length].join(' '),
  )
  const shown = { ...globals(), otherLocaleHref: '/language/en' }
  let moulds = makeMoulds()
  beforeEach(() => {
    moulds = makeMoulds()
    render.mockClear()
  })
  const castText = (text: string, base = '/1') => moulds.cast('page', shown, { text, base }, ['base'], render)
  /** How many pages are rendered whole meanwhile. */
  function rendered(work: () => void): number {
    render.mockClear()
    work()
    return render.mock.calls.length
  }

  test('are of a bounded number: the oldest go', () => {
    for (let n = 0; n < 1000; n++) castText(`text ${n}`)
    const again = (from: number, to: number) => () => {
      for (let n = from; n < to; n++) castText(`text ${n}`)
    }
    expect(rendered(again(800, 1000))).toBe(0)
    expect(rendered(again(0, 200))).toBe(200)
  })

  test('are not made for large models', () => {
    const large = 'x'.repeat(5_000)
    expect(rendered(() => [1, 2, 3].map((n) => expect(castText(large, `/${n}`)).toBe(`page 7K2M /${n} 5000`)))).toBe(3)
    expect(rendered(() => castText('small'))).toBe(1)
    expect(rendered(() => castText('small'))).toBe(0)
  })

  test('of the same model with other strings per request are others', () => {
    castText('a')
    expect(moulds.cast('page', shown, { text: 'a' }, [], render)).toBe('page 7K2M  1')
    expect(castText('a', '/2')).toBe('page 7K2M /2 1')
  })
})
