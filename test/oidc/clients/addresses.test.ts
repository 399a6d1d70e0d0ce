import { expect, test } from 'vitest'
import { refused } from './checking.ts'
import { type Case, faulty } from './faulty.ts'

const list = (...words: string[]) => words

const web = (uri: string, remedy: string): Case => [{ redirect_uris: [uri] }, 'redirect_uris[0]', remedy]
const native = (uri: string, remedy: string): Case => [
  { application_type: 'native', redirect_uris: [uri] },
  'redirect_uris[0]',
  remedy,
]

faulty('addresses of a web application', [
  web('rp.example/cb', 'absolute https'),
  web('http://rp.example/cb', 'absolute https'),
  web('http://localhost.example/cb', 'absolute https'),
  web('https:rp.example', 'absolute https'),
  web('javascript:alert(1)', 'absolute https'),
  web('com.example.app:/cb', 'absolute https'),
  web('https://rp.example/cb#', 'fragment'),
  web('https://rp.example/cb#a', 'fragment'),
  web('https://user@rp.example/', 'user name'),
  web('https://rp.example@evil.example/', 'user name'),
  web('https://@rp.example/', 'user name'),
  web('https://rp.example\\@evil.example/', 'characters'),
  web('https://rp.example/a b', 'characters'),
  web('https://rp.example/\tcb', 'characters'),
  web('https://рп.example/', 'characters'),
  web('https://*.rp.example/cb', 'wildcard'),
  web('https://rp.example/*', 'wildcard'),
  web('https://rp.example/a/../cb', 'normal form: https://rp.example/cb'),
  web('https://rp.example/a/%2E%2e/cb', 'normal form'),
  web('https://RP.example/cb', 'normal form'),
  web('https://rp.example:443/cb', 'normal form'),
  web('http://127.1/cb', 'normal form'),
  web('https://rp.example/%', 'hexadecimal'),
  web(`https://rp.example/${'x'.repeat(2000)}`, '2000'),
  [{ redirect_uris: [] }, 'redirect_uris', 'sent back'],
  [{ redirect_uris: list('https://a.example/', 'https://a.example/') }, 'redirect_uris[1]', 'twice'],
  [{ post_logout_redirect_uris: ['javascript:1'] }, 'post_logout_redirect_uris[0]', 'https'],
  ...['client_uri', 'logo_uri', 'policy_uri', 'tos_uri', 'backchannel_logout_uri', 'jwks_uri'].flatMap(
    (field): Case[] => [
      [{ [field]: 'javascript:alert(1)' }, field, 'https'],
      [{ [field]: 'data:text/html,x' }, field, 'https'],
      [{ [field]: 'http://rp.example/' }, field, 'https'],
      [{ [field]: 'https://u:p@rp.example/' }, field, 'user name'],
    ],
  ),
  [{ jwks_uri: 'https://rp.example/keys#1' }, 'jwks_uri', 'fragment'],
  ...(
    [
      ['http://localhost/login', 'https'],
      ['http://rp.example/login', 'https'],
      ['https://user@rp.example/login', 'user name'],
      ['https://rp.example/login#top', 'fragment'],
      ['https://phishing.example/login', 'the host of one of redirect_uris'],
      ['https://rp.example.phishing.example/login', 'the host of one of redirect_uris'],
      ['https://sub.rp.example/login', 'the host of one of redirect_uris'],
      ['https://rp.example:8443/login', 'the host of one of redirect_uris'],
    ] as const
  ).map(([uri, remedy]): Case => [{ initiate_login_uri: uri }, 'initiate_login_uri', remedy]),
  [
    { application_type: 'native', redirect_uris: ['com.example.app:/cb'], initiate_login_uri: 'https://app.example/' },
    'initiate_login_uri',
    'the host of one of redirect_uris',
  ],
  [{ cors_origins: ['*'] }, 'cors_origins[0]', 'https'],
  [{ cors_origins: ['null'] }, 'cors_origins[0]', 'https'],
  [{ cors_origins: ['https://rp.example/'] }, 'cors_origins[0]', 'without a path, such as https://rp.example'],
])

faulty('addresses of an application on the device', [
  native('myapp:/cb', 'reversed domain'),
  native('javascript:/cb', 'reversed domain'),
  native('file:///etc/passwd', 'reversed domain'),
  native('com.example.app:cb', 'slash'),
  native('com.example.app:/cb#x', 'fragment'),
  native('com.example.app:/*', 'wildcard'),
  native('http://rp.example/cb', 'https'),
  native('https://localhost/cb', 'http for this machine'),
])

test('the usual addresses are taken', async () => {
  const redirect_uris = list(
    'https://rp.example',
    'https://rp.example/cb?a=1&b=2',
    'http://localhost:3001/',
    'http://[::1]:9/cb',
  )
  expect(await refused({ redirect_uris })).toEqual([])
  const app = list('com.example.app:/cb', 'com.example.app://host/cb', 'http://127.0.0.1/cb', 'https://app.example/cb')
  expect(await refused({ application_type: 'native', redirect_uris: app })).toEqual([])
  expect(await refused({ policy_uri: 'https://rp.example/legal#privacy' })).toEqual([])
})

test('nothing of what is only linked to is fetched', async () => {
  const links = [
    'client_uri',
    'logo_uri',
    'policy_uri',
    'tos_uri',
    'jwks_uri',
    'initiate_login_uri',
    'backchannel_logout_uri',
  ]
  const set = Object.fromEntries(links.map((field) => [field, 'https://rp.example/x']))
  expect(await refused(set)).toEqual([])
})
