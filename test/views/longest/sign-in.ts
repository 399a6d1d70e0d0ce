import { asks, base, client, consentItems, email, type Fixture, name, phone, purpose, service, token } from './words.ts'

/** A challenge that any first key answers. */
const solvable = JSON.stringify({
  parameters: { nonce: '00', salt: '00', cost: 1, keyLength: 32, keyPrefix: '' },
  signature: token,
})

/** What stands between a relying party and the person who comes from it, recovery and the pages of factors included. */
export const signInFixtures: Readonly<Record<string, readonly Fixture[]>> = {
  'factors/password/renew': [
    {
      model: { client, base, required: true, mayNow: true, exposed: true, minLength: 64, composed: true },
      errors: [{ field: 'password', code: 'password.composition' }],
    },
    { state: 'advised', model: { client, base } },
  ],
  'factors/recovery-codes/code': [
    {
      model: { client, base, kind: 'recovery_code', others: ['code', 'totp'], mayRestart: true },
      typed: { code: 'W'.repeat(80) },
      errors: [{ field: 'code', code: 'recovery_code.wrong' }],
    },
  ],
  'factors/recovery-codes/codes': [
    {
      model: {
        number: 2_147_483_647,
        hints: [phone, email],
        site: 'id.example.org',
        madeOn: '22 сентября 2026 г.',
        codes: Array(10).fill('WWWW-WWWW-WWWW-WWWW'),
        back: '/security',
      },
    },
  ],
  'factors/recovery-codes/enrol': [
    { model: { base, challenge: token, left: 3 }, errors: [{ field: '', code: 'recovery_code.renewed' }] },
  ],
  'factors/totp/code': [
    {
      model: { client, base, kind: 'totp', others: ['code', 'recovery_code'], mayRestart: true },
      typed: { code: '1'.repeat(80) },
      errors: [{ field: 'code', code: 'totp.wrong' }],
    },
  ],
  'factors/totp/enrol': [
    {
      model: {
        base,
        picture: 'data:image/svg+xml,%3Csvg/%3E',
        uri: 'otpauth://totp/x',
        key: Array(8).fill('WWWW'),
        tokens: true,
      },
      typed: { code: '1'.repeat(80), name, serial: token },
      errors: [{ field: 'code', code: 'totp.enrolment_over' }],
    },
  ],
  'factors/webauthn/enrol': [
    {
      model: { base: '/security/add/webauthn', options: '{}' },
      typed: { name: 'Щ'.repeat(60) },
      errors: [{ field: 'credential', code: 'webauthn.unverified' }],
    },
  ],
  'factors/webauthn/prove': [
    {
      model: {
        client,
        base,
        options: '{}',
        kind: 'webauthn',
        others: ['code', 'totp'],
        mayRestart: true,
        mayTrust: true,
      },
      errors: [{ field: 'credential', code: 'webauthn.copied' }],
    },
    { state: 'alone', model: { client, base, options: '{}', kind: 'webauthn', others: [] } },
  ],
  'login/password': [
    {
      model: { client, base, loginHint: email },
      typed: { identifier: email },
      errors: [
        { field: 'identifier', code: 'login.identifier_missing' },
        { field: 'password', code: 'login.password_missing' },
      ],
    },
    {
      state: 'locked',
      model: { client, base },
      errors: [{ field: '', code: 'login.locked', values: { minutes: 30 } }],
    },
    { state: 'idle', model: { client, base, again: true, idle: 'kept' } },
    {
      state: 'proof',
      model: { client, base, challenge: { payload: solvable, seconds: 480 } },
      typed: { identifier: email },
      errors: [{ field: '', code: 'login.proof_needed' }],
    },
  ],
  'login/code': [
    {
      model: {
        client,
        base,
        channel: 'sms',
        contact: phone,
        otherChannels: ['voice', 'mail'],
        kind: 'code',
        others: ['totp', 'webauthn', 'recovery_code'],
        why: 'service',
        demandedBy: name,
        mayTrust: true,
        mayRestart: true,
        ...asks(2),
      },
      typed: { code: '1'.repeat(64) },
      errors: [{ field: 'code', code: 'code.wrong', values: { left: 1 } }],
    },
    {
      state: 'none left today',
      model: {
        client,
        base,
        channel: 'mail',
        contact: email,
        otherChannels: [],
        kind: 'code',
        others: [],
        refusal: { code: 'code.too_many' },
      },
      errors: [{ field: 'code', code: 'code.too_many' }],
    },
  ],
  'login/consent': [
    { model: { client, base, items: consentItems, offline: true, ...asks(1095) } },
    { state: 'no purpose', model: { client: { name: service }, base, items: [], offline: false, ...asks(1) } },
    {
      state: 'for resource servers',
      model: {
        client,
        base,
        items: consentItems,
        resources: [{ name, titles: [name, purpose] }],
        details: [
          { title: name, rows: consentItems },
          { title: 'W', rows: [] },
        ],
        ...asks(180),
      },
    },
  ],
  'login/identity': [
    {
      model: {
        client,
        base,
        required: 'verified',
        level: 'simplified',
        lacks: ['snils', 'document', 'proof', 'proof_again', 'core_change'],
        demandedBy: name,
      },
    },
  ],
  'login/unmet': [
    {
      model: { client, base, enrol: ['totp', 'webauthn'], lacking: 'hardware', added: ['webauthn'], demandedBy: name },
    },
    { state: 'stronger', model: { client, base, enrol: ['totp', 'webauthn'], lacking: 'strength', added: [] } },
    { state: 'nothing to add', model: { client, base, enrol: [], lacking: 'trust', added: [] } },
  ],
  'oidc/approve': [
    {
      model: {
        client,
        bindingMessage: 'Ж'.repeat(40),
        level: 'aal1',
        data: ['sub', 'name', 'birthdate', 'gender', 'phone', 'email'].map((item) => `consent.item.${item}`),
        days: 1095,
        offline: true,
        base: '/approve/ticket',
        code: true,
      },
      errors: [{ field: 'code', code: 'code.too_many' }],
      typed: { code: '1'.repeat(64) },
    },
    { state: 'no purpose', model: { client: { name: service }, level: 'aal3', data: [], base: '/approve/ticket' } },
    { state: 'no code in the message', model: { client, level: 'aal1', data: [], base: '/approve/ticket' } },
  ],
  'oidc/approve-done': [{ model: { outcome: 'below_level' } }, { state: 'approved', model: { outcome: 'approved' } }],
  'oidc/approve-gone': [{}],
  'oidc/continue': [
    { model: { action: '/oauth2/logout', inputs: [{ name: 'state', value: token }], service } },
    { state: 'at home', model: { action: '/oauth2/logout', inputs: [] } },
  ],
  'oidc/device': [
    {
      model: { action: '/device', xsrf: token },
      errors: [{ field: 'user_code', code: 'device.too_fast', values: { seconds: 60 } }],
      typed: { user_code: 'W'.repeat(80) },
    },
  ],
  'oidc/device-confirm': [
    { model: { action: '/device', xsrf: token, service, device: 'W'.repeat(40), userCode: 'WWWW-WWWW' } },
    { state: 'unnamed', model: { action: '/device', xsrf: token, service, sameNetwork: true, userCode: 'WWWW-WWWW' } },
  ],
  'oidc/device-decided': [
    { model: { titleKey: 'device.failed_title', text: 'device.failed_text', advice: 'device.failed_advice' } },
  ],
  'oidc/error': [
    {
      model: { code: 'oidc.invalid_redirect_uri', explanation: { error: token, description: token, detail: token } },
    },
    { state: 'fault', model: { code: 'oidc.server_error' } },
    { state: 'too late', model: { code: 'oidc.session_not_found' } },
  ],
  'oidc/logout': [{ model: { action: '/oauth2/logout/confirm', xsrf: token, service } }],
  'oidc/signed-out': [{ model: { service } }],
  'recovery/start': [
    {
      model: { over: true, login: 'x'.repeat(43) },
      typed: { identifier: email },
      errors: [{ field: 'identifier', code: 'recovery.too_many', values: { minutes: 15 } }],
    },
    { state: 'over', model: { over: true } },
  ],
  'recovery/code': [
    {
      model: { contact: { kind: 'email', text: email }, sentAgain: true, waitSeconds: 59 },
      typed: { code: '1'.repeat(64) },
      errors: [{ field: 'code', code: 'code.wrong', values: { left: 1 } }],
    },
    { state: 'phone', model: { contact: { kind: 'phone', text: phone } } },
  ],
  'recovery/link': [{ model: { ticket: 'x'.repeat(43), contact: { kind: 'email', text: email } } }],
  'recovery/link-elsewhere': [{ model: { code: '123456' } }],
  'recovery/link-gone': [{}],
  'recovery/ways': [
    {
      model: {
        base: '/recovery/further',
        ways: [
          { kind: 'code', contact: { kind: 'email', text: email } },
          { kind: 'code', contact: { kind: 'phone', text: phone } },
          { kind: 'totp' },
        ],
      },
      errors: [{ field: '', code: 'recovery.way_missing' }],
    },
  ],
  'recovery/other-code': [
    {
      model: {
        base: '/recovery/further',
        kind: 'code',
        others: ['totp', 'recovery_list'],
        contact: email,
        sent: true,
        ...asks(59),
      },
      errors: [{ field: 'code', code: 'code.too_many' }],
    },
    {
      state: 'offered',
      model: { base: '/recovery/further', kind: 'code', others: [], contact: phone, contactKind: 'phone' },
    },
  ],
  'recovery/waiting': [
    { model: { askedAt: '25 сентября 2026 г. в 15:31', dueAt: '28 сентября 2026 г. в 15:31', more: true } },
    { state: 'own', model: { dueAt: '28 сентября 2026 г. в 15:31', own: true } },
    {
      state: 'closed',
      model: { dueAt: '28 сентября 2026 г. в 15:31', own: true, closedUntil: '25 сентября 2026 г. в 15:31' },
    },
    { state: 'over' },
  ],
  'recovery/password': [
    {
      model: { enough: true, minLength: 12, composed: true },
      errors: [{ field: 'password', code: 'password.too_short', values: { min: 12 } }],
    },
    { state: 'later', model: { minLength: 12 } },
  ],
  'recovery/done': [
    { model: { secondFactor: true, contacts: `${phone}, ${email}`, signInHref: '/account' } },
    { state: 'no second factor', model: { contacts: phone, signInHref: '/account' } },
    { state: 'closed', model: { signInHref: '/account', closedUntil: '25 сентября 2026 г. в 15:31' } },
  ],
}
