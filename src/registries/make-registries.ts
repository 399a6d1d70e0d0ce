import type { Config } from '#src/config/config.ts'
import { makeRegistriesOver, TransportFault } from './asking.ts'
import { type HttpDriverDeps, makeHttpRegistries } from './http-driver.ts'
import type { Registries } from './registries.ts'
import { makeSandboxRegistries } from './sandbox-driver.ts'

/**
 * The registries that this installation asks. Without an address in production nothing is ever confirmed: requests of citizens wait until
 * one is configured.
 */
export function makeRegistries(config: Pick<Config, 'mode' | 'registries'>, deps: HttpDriverDeps): Registries {
  if (config.mode === 'sandbox') return makeSandboxRegistries(deps)
  if (config.registries) return makeHttpRegistries(config.registries, deps)
  deps.log.warn('REGISTRIES_URL is not set: nothing that people say of themselves is compared with state registries')
  return makeRegistriesOver(notConfigured, { log: silent })
}

function notConfigured(): never {
  throw new TransportFault('not_configured', 'REGISTRIES_URL')
}

/** It was said once, at start. */
const silent = { warn: () => {}, error: () => {} }
