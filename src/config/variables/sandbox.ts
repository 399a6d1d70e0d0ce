import * as parse from '../parsers.ts'
import { optional, settled } from '../variable.ts'

/** Of the sandbox alone; refused in production. */
export const sandboxVariables = {
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
