import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { faultOfProof, parseProofs } from '#src/journal/sealer/proof.ts'
import { type Noun, parseWordAndOptions } from './command.ts'

/** These commands need no database: whoever has got a proof has no other part of the installation. */
export const journalProofCommands: Noun<unknown> = {
  usage: `  journal check-proof FILE --key KEY
                                 whether the events of a proof were sealed so, by the published key (--key several times for several)
`,
  verbs: { 'check-proof': async (args) => check(args) },
}

const Check = z.strictObject({
  key: z.array(z.string().regex(/^[\w-]{43}$/, 'must be a public key as "journal keys" prints it')).min(1),
})

function check(args: readonly string[]): string {
  const { word: file, options } = parseWordAndOptions('the file of the proof, or - for standard input', Check, args)
  const told = parseProofs(readFileSync(file === '-' ? 0 : file, 'utf8')).map((proof) => {
    const { event, root } = proof
    const key = options.key.find((one) => one === root.key) ?? options.key[0]!
    const fault = faultOfProof(proof, key)
    if (fault) throw new Error(`event ${event.seq} ${fault}: the proof is worth nothing`)
    return `event ${event.seq}, ${event.at}, ${event.type}, account ${event.account}: in root ${root.number} of ${root.at}\n`
  })
  return `${told.join('')}All of this was sealed so.\n`
}
