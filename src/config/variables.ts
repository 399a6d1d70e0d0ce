import { realms } from '#src/kernel/realms.ts'
import type { KeyEncryptionKey } from './config.ts'
import * as parse from './parsers.ts'
import { byRealm, optional, type Settled, settled, type Variable } from './variable.ts'

const HOUR = 3600

/** Every variable that the process reads, in the order of the README's table. */
export const variables = {
  MODE: optional({
    meaning: 'Whether this is a trial on one machine or the real thing.',
    otherwise:
      '`production` if `DATABASE_URL`, `ISSUER` or `KEY_ENCRYPTION_KEYS` is set or `NODE_ENV` is `production`, else `sandbox`',
    example: 'production',
    parser: parse.oneOf('sandbox', 'production'),
  }),
  ISSUER: optional({
    meaning: 'Public origin of the provider, the `iss` of every token; https in production.',
    otherwise: 'required in production; sandbox: `http://localhost:PORT`',
    example: 'https://id.example.org',
    parser: parse.origin,
  }),
  HOST: optional({
    meaning: 'Address that the process listens on.',
    otherwise: '`0.0.0.0`; sandbox: `127.0.0.1`',
    example: '127.0.0.1',
    parser: parse.text(255),
  }),
  PORT: settled({ meaning: 'Port that the process listens on.', default: '3000', example: '8080', parser: parse.port }),
  WORKERS: settled({
    meaning: 'Processes that share the port, one for each core; 1 in the sandbox.',
    default: '1',
    example: '4',
    parser: parse.integer(1, 256),
  }),
  TRUSTED_PROXIES: settled({
    meaning: 'Addresses and CIDR blocks, separated by commas, whose `X-Forwarded-For` is believed.',
    default: '',
    example: '10.0.0.0/8,192.0.2.7',
    parser: parse.cidrBlocks,
  }),
  COUNTRY_TABLE_FILE: optional({
    meaning:
      'Table in MaxMind’s format that tells the country of an address, for lists of sessions and notices to owners.',
    otherwise: 'the table that comes with Propusk, as old as the release',
    example: '/etc/propusk/countries.mmdb',
    parser: parse.countryTable,
  }),
  MTLS_CERTIFICATE_HEADER: optional({
    meaning:
      'Header in which a proxy of `TRUSTED_PROXIES` hands over the certificate that a client showed: RFC 9440, or PEM with URL encoding.',
    otherwise: 'client certificates are not taken',
    example: 'Client-Cert',
    parser: parse.headerName,
  }),
  MTLS_CA_FILE: optional({
    meaning: 'Certificate authorities, in PEM, that client certificates of `tls_client_auth` come from.',
    otherwise: 'only certificates that a client has registered serve to authenticate it',
    example: '/etc/propusk/client-authorities.pem',
    parser: parse.certificateFile,
  }),
  MTLS_ORIGIN: optional({
    meaning: 'Public origin whose proxy asks clients for certificates, if another than `ISSUER`; told in discovery.',
    otherwise: 'the same as `ISSUER`',
    example: 'https://mtls.id.example.org',
    parser: parse.origin,
  }),
  DATABASE_URL: optional({
    meaning: 'PostgreSQL to keep everything in.',
    otherwise: 'required in production; sandbox: an embedded database in `SANDBOX_FOLDER`',
    example: 'postgres://propusk:…@db.internal/propusk',
    parser: parse.urlWithSecret('a URL like postgres://user:password@host:5432/name', 'postgres:', 'postgresql:'),
    secret: true,
  }),
  DATABASE_POOL_SIZE: settled({
    meaning: 'Connections that one process opens to PostgreSQL at most.',
    default: '10',
    example: '20',
    parser: parse.integer(2, 200),
  }),
  KEY_ENCRYPTION_KEYS: optional<KeyEncryptionKey[]>({
    meaning:
      'Keys of 32 bytes that wrap all other keys, as `id:base64` separated by commas; the first wraps what is new.',
    otherwise: 'required in production; sandbox: made on first start in `keys/kek.json`',
    example: 'k2:…,k1:…',
    parser: parse.keyEncryptionKeys,
    secret: true,
  }),
  SMS_GATEWAY_URL: optional({
    meaning:
      'Address of the HTTP gateway that text messages are posted to; https unless its origin is in `OUTBOUND_ORIGINS`.',
    otherwise: 'required in production; sandbox: messages stay in the outbox',
    example: 'https://sms.example.org/messages',
    parser: parse.httpUrl,
  }),
  SMS_GATEWAY_TOKEN: optional({
    meaning: 'Bearer token for the gateway.',
    otherwise: 'required with `SMS_GATEWAY_URL`',
    example: '…',
    parser: parse.secretText(8),
    secret: true,
  }),
  VOICE_GATEWAY_URL: optional({
    meaning:
      'Address of the HTTP gateway that calls and speaks one-time codes; https unless its origin is in `OUTBOUND_ORIGINS`.',
    otherwise: 'codes are not spoken; sandbox: calls stay in the outbox',
    example: 'https://voice.example.org/calls',
    parser: parse.httpUrl,
  }),
  VOICE_GATEWAY_TOKEN: optional({
    meaning: 'Bearer token for the gateway of calls.',
    otherwise: 'required with `VOICE_GATEWAY_URL`',
    example: '…',
    parser: parse.secretText(8),
    secret: true,
  }),
  SMTP_URL: optional({
    meaning: 'Mail server, with user and password if it wants them.',
    otherwise: 'required in production; sandbox: mail stays in the outbox',
    example: 'smtps://propusk:…@mail.example.org',
    parser: parse.urlWithSecret('a URL like smtps://user:password@host', 'smtp:', 'smtps:'),
    secret: true,
  }),
  MAIL_FROM: optional({
    meaning: 'Sender of the mail.',
    otherwise: 'required with `SMTP_URL`',
    example: 'Propusk <no-reply@example.org>',
    parser: parse.sender,
  }),
  OUTBOUND_ORIGINS: settled({
    meaning: 'Origins on loopback or private addresses, separated by commas, that outgoing requests may reach.',
    default: '',
    example: 'http://10.1.2.3:8080',
    parser: parse.origins,
  }),
  LOG_LEVEL: settled({
    meaning: 'Least severe log lines to write.',
    default: 'info',
    example: 'warn',
    parser: parse.oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent'),
  }),
  DRAIN_SECONDS: settled({
    meaning: 'How long requests in flight may take to finish after a signal to stop.',
    default: '20',
    example: '60',
    parser: parse.integer(0, 300, 'seconds'),
  }),
  BRAND_NAME_RU: settled({
    meaning: 'Name of the service on Russian pages and in messages.',
    default: 'Пропуск',
    example: 'Единый вход',
    parser: parse.text(60),
  }),
  BRAND_NAME_EN: settled({
    meaning: 'Name of the service on English pages and in messages.',
    default: 'Propusk',
    example: 'One sign-in',
    parser: parse.text(60),
  }),
  BRAND_HEADER_COLOUR: settled({
    meaning: 'Ground of the header; contrast with white at least 4.5:1.',
    default: '#12395b',
    example: '#4a148c',
    parser: parse.colourAgainstWhite,
  }),
  BRAND_LINK_COLOUR: settled({
    meaning: 'Links; contrast with white at least 4.5:1.',
    default: '#0b5c8a',
    example: '#6a1b9a',
    parser: parse.colourAgainstWhite,
  }),
  BRAND_BUTTON_COLOUR: settled({
    meaning: 'Main button; contrast with white at least 4.5:1.',
    default: '#0f6f5c',
    example: '#6a1b9a',
    parser: parse.colourAgainstWhite,
  }),
  BRAND_FOCUS_COLOUR: settled({
    meaning: 'Ground of what has the focus; contrast with black at least 4.5:1.',
    default: '#ffce45',
    example: '#ffdd00',
    parser: parse.colourUnderBlack,
  }),
  BRAND_MARK_FILE: optional({
    meaning: 'SVG file shown in the header in place of our mark, drawn for a dark ground.',
    otherwise: "Propusk's mark",
    example: '/etc/propusk/mark.svg',
    parser: parse.svgFile,
  }),
  SESSION_IDLE_SECONDS: settled({
    meaning: 'How long single sign-on lives on without use.',
    default: String(HOUR),
    example: '1800',
    parser: parse.integer(60, 12 * HOUR, 'seconds'),
  }),
  SESSION_ABSOLUTE_SECONDS: settled({
    meaning: 'How long single sign-on lives at most, counted from the first sign-in.',
    default: String(12 * HOUR),
    example: '28800',
    parser: parse.integer(300, 24 * HOUR, 'seconds'),
  }),
  CABINET_IDLE_SECONDS: settled({
    meaning:
      'How long a page of the personal account may stay unused before it asks to sign in again; its owner may choose less, from 5 minutes on.',
    default: '600',
    example: '300',
    parser: parse.integer(60, 24 * HOUR, 'seconds'),
  }),
  CONSENT_DAYS: settled({
    meaning: 'How long a consent to a relying party is remembered.',
    default: '365',
    example: '180',
    parser: parse.integer(1, 3650, 'days'),
  }),
  SIGNING_KEY_DAYS: settled({
    meaning: 'How long a key signs tokens before the next one takes its place.',
    default: '90',
    example: '30',
    parser: parse.integer(1, 730, 'days'),
  }),
  CODE_TTL_SECONDS: settled({
    meaning: 'How long a one-time code is good.',
    default: '300',
    example: '600',
    parser: parse.integer(60, 900, 'seconds'),
  }),
  CODE_TRIES: settled({
    meaning: 'Wrong answers after which a one-time code is spent.',
    default: '5',
    example: '3',
    parser: parse.integer(1, 10),
  }),
  CODE_RESEND_SECONDS: settled({
    meaning: 'Wait before another code can be sent.',
    default: '60',
    example: '90',
    parser: parse.integer(0, 900, 'seconds'),
  }),
  CODES_PER_CONTACT_PER_DAY: settled({
    meaning:
      'One-time codes of one kind (registration, sign-in, recovery, approval with or without a message of the service) sent to one phone or e-mail address in 24 hours at most, and first messages of requests for approval to one person.',
    default: '10',
    example: '20',
    parser: parse.integer(1, 1000),
  }),
  CODES_PER_ACCOUNT_PER_DAY: settled({
    meaning: 'One-time codes sent on behalf of one account in 24 hours at most, whatever for and by whatever channel.',
    default: '40',
    example: '20',
    parser: parse.integer(1, 1000),
  }),
  CODES_PER_NETWORK_PER_HOUR: settled({
    meaning:
      'One-time codes that one network (/24, /56) can ask for in an hour; beyond them codes go on no faster than that on average.',
    default: '300',
    example: '100',
    parser: parse.integer(1, 1_000_000),
  }),
  CODES_PER_PREFIX_PER_HOUR: settled({
    meaning:
      'One-time codes by SMS and call in an hour to phones that begin alike (country and three digits), against pumping; beyond them codes go on no faster than that on average.',
    default: '3000',
    example: '500',
    parser: parse.integer(1, 10_000_000),
  }),
  CODES_PER_HOUR: settled({
    meaning:
      'One-time codes by SMS and call in an hour of the whole installation; beyond them codes go on no faster than that on average, and the log warns.',
    default: '20000',
    example: '100000',
    parser: parse.integer(1, 100_000_000),
  }),
  WRONG_ANSWERS_PER_NETWORK: settled({
    meaning:
      'Wrong answers at sign-in from one network (/24, /56) in ten minutes that nobody in it is slowed for; soon after come a proof of work, and at three times as many a rest of ten minutes.',
    default: '100',
    example: '500',
    parser: parse.integer(10, 100_000),
  }),
  LOCK_SECONDS: settled({
    meaning: 'How long passwords are refused after too many wrong ones, except on devices that the account knows.',
    default: '900',
    example: '1800',
    parser: parse.integer(60, 24 * HOUR, 'seconds'),
  }),
  PROOF_OF_WORK_COST: settled({
    meaning:
      'How hard the work is that a browser proves after many wrong passwords: iterations of each of up to 384 derivations of a key, up to sixteen times as many for the hardest; 5000 is about a second on a phone.',
    default: '5000',
    example: '10000',
    parser: parse.integer(1, 1_000_000),
  }),
  PASSWORD_MIN_LENGTH: settled({
    meaning: 'Characters that a password has at least.',
    default: '12',
    example: '14',
    parser: parse.integer(8, 64, 'characters'),
  }),
  ...byRealm('PASSWORD_PROFILE', (whose) =>
    settled({
      meaning: `Rules for the passwords of ${whose}: \`nist\` (length, dictionaries, leaked list) or \`fstec\` (also capital and small letters, digits and other signs, none of the last five).`,
      default: 'nist',
      example: 'fstec',
      parser: parse.oneOf('nist', 'fstec'),
    }),
  ),
  ...byRealm('PASSWORD_ROTATION', (whose) =>
    settled({
      meaning: `What happens at sign-in with an old password of ${whose}: nothing, a reminder, or a change before the sign-in ends; needs the profile \`fstec\`.`,
      default: 'off',
      example: 'require',
      parser: parse.oneOf('off', 'advise', 'require'),
    }),
  ),
  PASSWORD_ROTATION_DAYS: settled({
    meaning: 'Days after which a password counts as old.',
    default: '180',
    example: '90',
    parser: parse.integer(30, 730, 'days'),
  }),
  LEAKED_PASSWORDS_FOLDER: optional({
    meaning: 'Folder of the list of leaked passwords, which `passwords import` makes and every process reads.',
    otherwise: 'new passwords are not looked up in such a list',
    example: '/var/lib/propusk/leaked',
    parser: parse.text(1000),
  }),
  ...byRealm('SECOND_FACTOR', (whose, realm) =>
    settled({
      meaning: `Whether each sign-in of ${whose} takes two factors by itself, beyond what services ask for: never, as each of them chooses (on once the identity is verified), always.`,
      default: realm === 'citizen' ? 'optional' : 'required',
      example: realm === 'citizen' ? 'required' : 'optional',
      parser: parse.oneOf('off', 'optional', 'required'),
    }),
  ),
  ENROL_AT_SIGN_IN: settled({
    meaning:
      'Realms, separated by commas, whose people may add in a sign-in what it lacks, such as a first second factor or a security key; others are told what is missing.',
    default: realms.join(','),
    example: 'citizen,institution',
    parser: parse.wordsOf(...realms),
  }),
  EMAIL_REQUIRED: settled({
    meaning: 'Whether registration asks for an e-mail address that cannot be skipped.',
    default: 'false',
    example: 'true',
    parser: parse.yesOrNo,
  }),
  WEBAUTHN_RELATED_ORIGINS: settled({
    meaning:
      'Further origins, separated by commas, on which passkeys of this installation may be used (Related Origin Requests); browsers allow five sites.',
    default: '',
    example: 'https://id.example.com',
    parser: parse.origins,
  }),
  JOURNAL_DAYS: settled({
    meaning: 'How long the journal is kept.',
    default: '365',
    example: '1095',
    parser: parse.integer(30, 36_500, 'days'),
  }),
  SANDBOX_FOLDER: settled({
    meaning: 'Folder of the embedded database and the socket of a running sandbox; refused in production.',
    default: '.data',
    example: '/tmp/propusk',
    parser: parse.text(1000),
  }),
  SANDBOX_RELYING_PARTY_PORT: settled({
    meaning: 'Port of the demo relying party; refused in production.',
    default: '3001',
    example: '4001',
    parser: parse.port,
  }),
  SANDBOX_OUTBOX_PORT: settled({
    meaning: 'Port of the pages that show what would have been sent; refused in production.',
    default: '3003',
    example: '4003',
    parser: parse.port,
  }),
  SANDBOX_RELYING_PARTY_ORIGINS: optional({
    meaning: 'Origins of the demo relying party as browsers see it, separated by commas; refused in production.',
    otherwise: '`http://localhost` and `http://127.0.0.1` with its port',
    example: 'http://demo.test:3001',
    parser: parse.origins,
  }),
  SANDBOX_OUTBOX_ORIGIN: optional({
    meaning: 'Origin of the outbox as browsers see it; refused in production.',
    otherwise: '`http://localhost` with its port',
    example: 'http://outbox.test:3003',
    parser: parse.origin,
  }),
}

export type VariableName = keyof typeof variables

/** The value of each variable: undefined only for those whose default depends on others. */
export type Values = {
  readonly [K in VariableName]: (typeof variables)[K] extends Settled<infer T>
    ? T
    : (typeof variables)[K] extends Variable<infer T>
      ? T | undefined
      : never
}

/** The README's table of configuration, in Markdown. */
export function configurationTable(): string {
  const rows = Object.entries<Variable>(variables).map(([name, { meaning, default: fallback, otherwise, example }]) => {
    const unset = otherwise ?? (fallback === '' ? 'none' : `\`${fallback}\``)
    return `| \`${name}\` | ${meaning} | ${unset} | \`${example}\` |`
  })
  return ['| Variable | Meaning | If unset | Example |', '|---|---|---|---|', ...rows, ''].join('\n')
}
