import type { Settled, Variable } from './variable.ts'
import { brandVariables } from './variables/brand.ts'
import { identityVariables } from './variables/identity.ts'
import { protectionVariables } from './variables/protection.ts'
import { registryVariables } from './variables/registries.ts'
import { sandboxVariables } from './variables/sandbox.ts'
import { serviceVariables } from './variables/service.ts'

/** Every variable that the process reads, in the order of the README's table. */
export const variables = {
  ...serviceVariables,
  ...registryVariables,
  ...brandVariables,
  ...protectionVariables,
  ...identityVariables,
  ...sandboxVariables,
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
