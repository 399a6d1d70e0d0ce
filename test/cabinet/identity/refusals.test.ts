import { describe, expect, test } from 'vitest'
import { addSeconds } from '#src/kernel/clock.ts'
import { wordedMoment } from '#src/kernel/locale.ts'
import { citizen as madeUp } from '../../proofing/rig.ts'
import { prove } from '../../proving.ts'
import { saying } from '../../saying.ts'
import { worldOfFile } from '../../world.ts'
import { fieldsOf, inCabinet, pathOf, signInAgain } from '../cabinet.ts'
import { answering, arriving, documentFields, identified, strongly } from './rig.ts'

const world = worldOfFile()

describe('a field that its rule refuses is named with the remedy, and what was typed stays', () => {
  test.each([
    ['name', { familyName: 'Иванова1', givenName: 'Мария', patronymic: '' }, ['fields.family_name_letters']],
    ['birth-date', { birthDate: '31.02.1985' }, ['fields.birth_date_calendar']],
    ['snils', { snils: '900-000-101 86' }, ['fields.snils_checksum']],
    ['inn', { inn: '12345' }, ['fields.inn_length']],
    ['address', { text: 'дом', postcode: '1' }, ['fields.address_too_short', 'fields.postcode_length']],
    [
      'document/passport_rf',
      { series: '451', number: '12345', issuedOn: '2010', departmentCode: '7', issuer: '', birthPlace: 'г. Казань' },
      [
        'fields.passport_series_length',
        'fields.passport_number_length',
        'documents.issued_on_format',
        'fields.department_code_length',
        'fields.issuer_missing',
      ],
    ],
  ])('%s', async (path, typed, codes) => {
    const { browser, citizen } = await arriving(world, 'maria')
    await prove(world, citizen, 'standard')
    await browser.open(`/account/identity/${path}`)
    await browser.submit(typed)
    expect(browser.page.status).toBe(422)
    for (const code of codes) expect(browser.page.html).toMatch(saying(code))
    expect(fieldsOf(browser)).toMatchObject(typed)
    expect(await world.house.drafts.read(citizen.oid, 'identity')).toEqual({})
  })

  test('fields of another kind of document, unknown and repeated ones', async () => {
    const { browser } = await arriving(world, 'maria', '/account/identity/snils')
    const { hidden } = browser.form('/snils')
    const csrf = new URLSearchParams(hidden).toString()
    for (const body of ['snils=1&snils=2', 'snils=90000010185&oid=1000000000']) {
      await browser.post('/account/identity/snils', `${csrf}&${body}`)
      expect(browser.page.status).toBe(422)
    }
  })

  test('a document whose letters do not fit the name is refused before its fields are filled in', async () => {
    const { browser } = await arriving(world, 'maria', '/account/identity/document')
    await browser.submit({ kind: 'foreign_passport' })
    expect(browser.page.html).toMatch(saying('documents.kind_latin'))
  })
})

describe('nothing is sent', () => {
  test('by an empty form that skips the questions', async () => {
    const { citizen, browser } = await arriving(world, 'maria')
    await browser.open('/account/identity/check')
    await strongly(world, browser, citizen)
    expect(pathOf(browser)).toBe('/account/identity')
    const { hidden } = browser.form('/stay')
    await browser.post('/account/identity/check', new URLSearchParams(hidden).toString())
    expect(await world.house.requests.list(citizen.oid, { limit: 5 })).toEqual([])
  })

  test('before every question is answered', async () => {
    const { citizen, browser } = await arriving(world, 'maria', '/account/identity/snils')
    await browser.submit({ snils: madeUp('maria').snils! }, '/snils')
    expect(pathOf(browser)).toBe('/account/identity/document')
    await browser.open('/account/identity/check')
    await strongly(world, browser, citizen)
    expect(pathOf(browser)).toBe('/account/identity/document')
  })

  test('by a sign-in with a password alone', async () => {
    const { citizen, browser } = await arriving(world, 'maria', '/account/identity/actual-address')
    await browser.submit({ text: 'г. Казань, ул. Баумана, д. 1', postcode: '' }, '/actual-address')
    expect(world.view).toBe('login/code')
    expect(await world.house.requests.list(citizen.oid, { limit: 5 })).toEqual([])
    await strongly(world, browser, citizen)
    expect(pathOf(browser)).toBe('/account/identity/actual-address/check')
  })

  test('about INN and registered address before the SNILS is confirmed: they would be a namesake’s, or a stranger’s to find out', async () => {
    const { citizen, browser } = await arriving(world, 'maria')
    await browser.open('/account/identity/name')
    const { hidden } = browser.form('/name')
    for (const [path, fields] of [
      ['inn', { inn: '0137' }],
      ['address', { text: 'г. Казань, ул. Баумана, д. 1', postcode: '' }],
    ] as const) {
      for (const page of [path, `${path}/check`]) {
        await browser.open(`/account/identity/${page}`)
        await strongly(world, browser, citizen)
        expect(pathOf(browser)).toBe('/account/identity')
      }
      await browser.post(`/account/identity/${path}`, new URLSearchParams({ ...hidden, ...fields }).toString())
      await browser.post(`/account/identity/${path}/check`, new URLSearchParams(hidden).toString())
    }
    expect(await world.house.requests.list(citizen.oid, { limit: 5 })).toEqual([])
    for (const kind of ['inn', 'address']) expect(await world.house.drafts.read(citizen.oid, kind)).toEqual({})
  })

  test('twice by a double click', async () => {
    const { citizen, browser } = await arriving(world, 'namesake-elder')
    await answering(world, browser, citizen, 'namesake-elder')
    const { hidden } = browser.form('/check')
    const body = new URLSearchParams(hidden).toString()
    await browser.post('/account/identity/check', body)
    await browser.post('/account/identity/check', body)
    expect(await world.house.requests.list(citizen.oid, { limit: 5 })).toHaveLength(1)
  })

  test('by a foreign page', async () => {
    const { citizen, browser } = await arriving(world, 'maria')
    await answering(world, browser, citizen, 'maria')
    await browser.post('/account/identity/check', '')
    expect(browser.page.status).toBe(403)
    expect(await world.house.requests.list(citizen.oid, { limit: 5 })).toEqual([])
  })
})

test('the sixth try of a day is refused with the moment of the next, and what was typed stays', async () => {
  const { citizen, browser } = await arriving(world, 'snils-unknown')
  for (let n = 0; n < 6; n++) {
    await answering(world, browser, citizen, 'snils-unknown')
    await browser.submit({}, '/check')
  }
  expect(browser.page.status).toBe(429)
  expect(world.view).toBe('cabinet/identity/check')
  expect(browser.page.html).toContain(documentFields('snils-unknown').number)
  const { tried_at } = await world.house.store.db
    .selectFrom('proofing_tries')
    .select('tried_at')
    .where('key', '=', `account:${citizen.oid}`)
    .executeTakeFirstOrThrow()
  const moment = wordedMoment(addSeconds(tried_at.at(-1)!, 86_400), 'ru')
  expect(browser.page.html).toMatch(saying('identity.too_many', { moment }))
  expect(await world.house.requests.list(citizen.oid, { limit: 10 })).toHaveLength(5)
})

test('the requests of others are not there for anybody, and that somebody looked is journalled', async () => {
  const { citizen: owner } = await identified(world, 'snils-annulled')
  const [request] = await world.house.requests.list(owner.oid, { limit: 1 })
  const { citizen: stranger, browser } = await arriving(world, 'maria', '/account/requests')
  const { hidden } = browser.form('/stay')
  const body = new URLSearchParams(hidden).toString()
  for (const id of [request!.id, 'nonsense', '00000000-0000-4000-8000-000000000000']) {
    await browser.open(`/account/requests/${id}`)
    expect(browser.page.status).toBe(404)
  }
  for (const step of ['correct', 'withdraw', 'code']) {
    await browser.post(`/account/requests/${request!.id}/${step}`, body)
    if (world.view === 'login/code') {
      await strongly(world, browser, stranger)
      await browser.post(`/account/requests/${request!.id}/${step}`, body)
    }
    expect(browser.page.status).toBe(404)
  }
  const tried = (await world.journal(stranger.oid)).filter(({ type }) => type === 'cabinet.reference_refused')
  expect(tried.length).toBeGreaterThanOrEqual(5)
  expect((await world.house.requests.find(owner.oid, request!.id))!.state).toBe('refused')
})

test('what was typed survives a sign-in that was idle for too long', async () => {
  const citizen = await world.citizen()
  const browser = await inCabinet(world, citizen, '/account/identity/snils')
  world.travel(601)
  await browser.submit({ snils: '900-000-101 85' }, '/snils')
  await signInAgain(browser, citizen)
  expect(pathOf(browser)).toBe('/account/identity/snils')
  expect(fieldsOf(browser)).toMatchObject({ snils: '900-000-101 85' })
})
