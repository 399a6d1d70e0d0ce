import { type Fixture, name, purpose as padded, phone, place, summary } from './words.ts'

/** See `momentInWords`. */
const moment = '22\u00a0сентября\u00a02026\u00a0г. в\u00a023:59\u00a0МСК'
const purpose = padded.trim()
const action = '/account/identity/name'
const back = '/account/identity'
const id = 'f'.repeat(36)
const number = '9999\u00a0999\u00a0999'
const request = { id, number, kind: purpose, state: 'Не подтверждено', colour: 'red', created: moment }
const field = { name: 'number', label: name, hint: purpose, width: '10' }
const drawn = [
  { ...field, control: 'digits' },
  { ...field, name: 'issuedOn', control: 'date' },
  { ...field, name: 'country', control: 'country', options: [{ value: 'XXX', text: name }] },
  { ...field, name: 'unlimited', control: 'checkbox' },
]

/** The way to the next level, requests and the history of the record. */
export const identityFixtures: Readonly<Record<string, readonly Fixture[]>> = {
  'cabinet/identity/tasks': [
    {
      model: {
        level: name,
        opens: purpose,
        unproven: true,
        next: { text: purpose, button: 'Щ'.repeat(20), href: back },
        tasks: [
          { title: name, hint: purpose, status: 'Введено, не отправлено', colour: 'yellow', href: back },
          { title: purpose, status: 'Пока рано' },
        ],
        forgettable: true,
        forgotten: true,
      },
    },
  ],
  'cabinet/identity/name': [
    {
      model: { familyName: name, givenName: name, patronymic: name, action, back },
      errors: [{ field: 'familyName', code: 'fields.family_name_letters' }],
    },
  ],
  'cabinet/identity/birth-date': [
    {
      model: { action, back },
      typed: { birthDate: '9'.repeat(80) },
      errors: [{ field: 'birthDate', code: 'fields.birth_date_format' }],
    },
  ],
  'cabinet/identity/gender': [
    { model: { gender: 'male', action, back }, errors: [{ field: 'gender', code: 'fields.gender_missing' }] },
  ],
  'cabinet/identity/snils': [
    {
      model: { action, back },
      typed: { snils: '9'.repeat(80) },
      errors: [{ field: 'snils', code: 'fields.snils_length' }],
    },
  ],
  'cabinet/identity/inn': [
    { model: { action, back }, typed: { inn: '9'.repeat(80) }, errors: [{ field: 'inn', code: 'fields.inn_length' }] },
  ],
  'cabinet/identity/address': [
    {
      model: { kind: 'registered', suggestions: '/specimen', postcode: '420111', text: name + name, action, back },
      errors: [
        { field: 'text', code: 'fields.address_characters' },
        { field: 'postcode', code: 'fields.postcode_length' },
      ],
    },
  ],
  'cabinet/identity/document-kind': [
    {
      model: { kinds: [{ value: 'passport_rf', text: name }], kind: 'passport_rf', action, back },
      errors: [{ field: 'kind', code: 'documents.kind_cyrillic' }],
    },
  ],
  'cabinet/identity/document': [
    {
      model: {
        title: 'Щ'.repeat(40),
        drawn,
        values: { number: name, issuedOn: '9'.repeat(60), country: 'XXX', unlimited: 'yes' },
        action,
        back,
      },
      errors: drawn.map((one) => ({ field: one.name, code: 'documents.valid_until_too_late', values: { months: 6 } })),
    },
  ],
  'cabinet/identity/check': [
    {
      model: { rows: summary, action, isCore: true, back },
      errors: [{ field: '', code: 'identity.too_many', values: { moment } }],
    },
  ],
  'cabinet/identity/requests': [
    {
      model: {
        requests: [request, { ...request, colour: 'grey' }],
        earlier: id,
        later: true,
        changes: [{ what: purpose, requested: moment, due: moment }],
        done: 'withdrawn',
      },
    },
  ],
  'cabinet/identity/request': [
    {
      state: 'refused',
      model: {
        request: { ...request, refused: true },
        reasons: [purpose, name],
        steps: [{ text: purpose, reasons: [purpose, name], at: moment }],
        path: `/account/requests/${id}`,
        correctable: true,
        withdrawable: true,
      },
    },
    {
      state: 'checking',
      model: {
        request: { ...request, checking: true },
        reasons: [],
        due: '22 сентября 2026 г.',
        retry: moment,
        steps: [{ text: purpose, reasons: [], at: moment }],
        path: `/account/requests/${id}`,
        refreshes: true,
        refreshable: true,
        seconds: 10,
        withdrawable: true,
      },
    },
    {
      state: 'letter',
      model: {
        request: { ...request, letter: true },
        reasons: [],
        steps: [{ text: name, reasons: [], at: moment }],
        path: `/account/requests/${id}`,
        redeemable: true,
        withdrawable: true,
      },
    },
  ],
  'cabinet/identity/history': [
    {
      model: {
        changes: [
          {
            field: name,
            before: name,
            after: purpose,
            by: purpose,
            at: moment,
            from: place,
            openHref: '/account/history?open=1',
            undoHref: '/account/history/1',
          },
          { field: phone, before: phone, after: name, by: name, at: moment, from: '' },
        ],
        earlier: '9'.repeat(18),
        later: true,
      },
    },
  ],
  'cabinet/identity/undo': [
    {
      model: {
        changes: [{ field: name, before: name, after: purpose }],
        action: '/account/history/1/undo',
        back: '/account/history',
      },
      errors: [{ field: '', code: 'identity.already_open', values: { number } }],
    },
  ],
  'cabinet/identity/letter': [
    {
      model: { address: name + name, back },
      errors: [{ field: '', code: 'identity.too_many_letters', values: { date: moment } }],
    },
    { state: 'without an address', model: { obstacle: 'no_address', back } },
    { state: 'on its way', model: { address: name, open: request, obstacle: 'open', back } },
  ],
  'cabinet/identity/letter-code': [
    {
      model: { request, action: `/account/requests/${id}/code` },
      typed: { code: '9'.repeat(80) },
      errors: [{ field: 'code', code: 'identity.code_wrong', values: { count: 4 } }],
    },
  ],
}
