import { expect, test } from 'vitest'
import { onwardForm } from '#src/oidc/continue-page.ts'

const page = (form: string) => `<!DOCTYPE html>\n<html>\n<body>\n${form}\n</body>\n</html>`

test('the form of the provider is read back to what it was made of', () => {
  const html = page(`<form method="post" action="https://rp.example/cb?a=1&amp;b=2">
    <input type="hidden" name="code" value="x"/>
<input type="hidden" name="state" value="&quot;&gt;&lt;&amp;amp;&#39;"/>
  </form>`)
  expect(onwardForm(html)).toEqual({
    action: 'https://rp.example/cb?a=1&b=2',
    inputs: [
      { name: 'code', value: 'x' },
      { name: 'state', value: '"><&amp;\'' },
    ],
  })
})

test('a page of another shape is no page to guess about', () => {
  expect(() => onwardForm(page('<form action="/elsewhere"></form>'))).toThrow('no form that we know')
})
