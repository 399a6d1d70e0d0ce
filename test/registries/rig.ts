import { Writable } from 'node:stream'
import { makeLog } from '#src/http/log.ts'
import { type Registries, RegistryUnavailable } from '#src/registries/registries.ts'
import type { CitizenRegistry, SandboxCitizen } from '#src/registries/sandbox/citizen.ts'
import { legalEntities, type SandboxLegalEntity } from '#src/registries/sandbox/legal-entities.ts'
import { sandboxCitizens } from '#src/registries/sandbox-citizens.ts'

export const citizenRegistries = ['person', 'document', 'snils', 'inn', 'address'] as const

export function citizen(code: string): SandboxCitizen {
  const found = sandboxCitizens.find((one) => one.code === code)
  if (!found) throw new Error(`no citizen ${code}`)
  return found
}

export function entity(code: string): SandboxLegalEntity {
  const found = legalEntities.find((one) => one.code === code)
  if (!found) throw new Error(`no legal entity ${code}`)
  return found
}

/** A log whose lines can be read. */
export function keptLog() {
  let text = ''
  const destination = new Writable({
    write(chunk, _encoding, done) {
      text += chunk
      done()
    },
  })
  const lines = () => text.split('\n').filter((line) => line !== '')
  return { log: makeLog({ level: 'trace', destination }), lines }
}

type Trouble = Pick<RegistryUnavailable, 'trouble' | 'detail' | 'retryAfterSeconds'>

/** The answer, or the trouble in its place; undefined where the citizen has nothing to ask by. Anything else thrown is a fault. */
export async function outcome(asked: Promise<unknown> | undefined): Promise<unknown> {
  return asked?.catch((fault: unknown) => {
    if (!(fault instanceof RegistryUnavailable)) throw fault
    const { trouble, detail, retryAfterSeconds } = fault
    return { trouble, detail, retryAfterSeconds } satisfies Trouble
  })
}

/** Asks one registry about a citizen just as they would fill in the forms. */
export function askAbout(
  registries: Registries,
  registry: CitizenRegistry,
  { name, birthDate, gender, snils, inn, document, address }: SandboxCitizen,
  reference: string = crypto.randomUUID(),
): Promise<unknown> | undefined {
  const person = { reference, name, birthDate }
  const known = { ...person, ...(snils !== undefined && { snils }) }
  switch (registry) {
    case 'person':
      return registries.person({ ...known, gender })
    case 'document':
      return document && registries.document({ ...known, gender, document })
    case 'snils':
      return snils === undefined ? undefined : registries.snils({ ...person, gender, snils })
    case 'inn':
      return inn === undefined ? undefined : registries.inn({ ...known, inn })
    case 'address':
      return address && registries.address({ ...known, address })
  }
}

/** Every value that a citizen types, for a search in what must hold none of them. */
export function valuesOf({ name, birthDate, snils, inn, document, address }: SandboxCitizen): readonly string[] {
  const paper = Object.entries(document ?? {}).flatMap(([member, value]) => (member === 'kind' ? [] : [value]))
  const parts = [...Object.values(name), birthDate, snils, inn, inn?.slice(-4), ...paper, address?.text]
  return parts.filter((value) => value !== undefined).filter((value) => value.length > 3)
}
