import * as parse from '../parsers.ts'
import { optional, settled } from '../variable.ts'

/** The state registries that what people type is compared with. */
export const registryVariables = {
  REGISTRIES_URL: optional({
    meaning:
      'Address below which the state registries answer as the operator’s guide says; https unless its origin is in `OUTBOUND_ORIGINS`.',
    otherwise: 'requests of citizens wait; sandbox: its own made-up registries in any case',
    example: 'https://registries.example.org/v1',
    parser: parse.httpUrl.refine((url) => new URL(url).search === '', 'an http or https URL without query'),
  }),
  REGISTRIES_TOKEN: optional({
    meaning: 'Bearer token for the registries.',
    otherwise: 'required with `REGISTRIES_URL`',
    example: '…',
    parser: parse.secretText(8),
    secret: true,
  }),
  REGISTRIES_TIMEOUT_SECONDS: settled({
    meaning: 'How long one answer of a registry may take as a whole before the question is put again later.',
    default: '10',
    example: '30',
    // Shorter than a process may keep a request to itself: another one would put the question again meanwhile.
    parser: parse.integer(1, 45, 'seconds'),
  }),
}
