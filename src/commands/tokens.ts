import { z } from 'zod'
import type { HardwareTokens } from '#src/factors/totp/hardware-tokens.ts'
import { parseSeeds } from '#src/factors/totp/seeds.ts'
import { type Noun, one, parseOptions, UsageError } from './command.ts'

export interface TokenCommandDeps {
  readonly hardwareTokens: Pick<HardwareTokens, 'import'>
}

export const tokenCommands: Noun<TokenCommandDeps> = {
  usage: `  tokens import --seeds FILE     OATH hardware tokens (six digits, SHA-1, 30 s): lines "serial,Base32 key", or PSKC (RFC 6030) without
                                 encryption; who holds one adds it by its serial number and a code; - reads standard input
`,
  verbs: {
    async import(args, { hardwareTokens }) {
      const { seeds: text } = parseOptions(Import, args)
      const seeds = seedsOf(text)
      const added = await hardwareTokens.import(seeds, ACTOR)
      const known = seeds.length - added
      return `${added} tokens imported${known > 0 ? `, ${known} were known already and stay as they were` : ''}\n`
    },
  },
}

/** Who imports, for the journal. */
const ACTOR = 'cli'
const Import = z.strictObject({ seeds: one(z.string()) })

function seedsOf(text: string) {
  try {
    return parseSeeds(text)
  } catch (fault) {
    throw new UsageError(`--seeds: ${(fault as Error).message}`)
  }
}
