import type { KeyEncryptionKey } from '../config.ts'
import * as parse from '../parsers.ts'
import { optional, settled } from '../variable.ts'

/** Where the process runs, what it listens on, reaches and keeps. */
export const serviceVariables = {
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
  LETTER_GATEWAY_URL: optional({
    meaning:
      'Address of the print service that registered letters are posted to as PDF; https unless its origin is in `OUTBOUND_ORIGINS`.',
    otherwise: 'identity is not proven by letter; sandbox: letters stay in the outbox',
    example: 'https://print.example.org/letters',
    parser: parse.httpUrl,
  }),
  LETTER_GATEWAY_TOKEN: optional({
    meaning: 'Bearer token for the print service.',
    otherwise: 'required with `LETTER_GATEWAY_URL`',
    example: '…',
    parser: parse.secretText(8),
    secret: true,
  }),
  LETTER_SENDER: optional({
    meaning:
      'Address that an undelivered letter comes back to, its lines separated by semicolons; printed below the name of the service.',
    otherwise: 'required with `LETTER_GATEWAY_URL`; sandbox: none',
    example: 'Удостоверяющий центр;101000, г. Москва, а/я 15',
    parser: parse.addressLines,
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
}
