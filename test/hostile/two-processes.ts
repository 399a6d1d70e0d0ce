import { type Citizen, startWorld, type World } from '../world.ts'
import { type Exchanged, type PreparedForm, send } from './raw-http.ts'
import { startBeside } from './second-process.ts'

export interface TwoProcesses {
  readonly world: World
  /** Origins that the world and the second process listen on. */
  readonly both: readonly [string, string]
  /** Sends forms at the same moment, to the one and the other in turn. */
  raced(forms: readonly PreparedForm[]): Promise<Exchanged[]>
  /** How many events of a type the journal of an account has. */
  count(account: Pick<Citizen, 'oid'>, type: string): Promise<number>
  stop(): Promise<void>
}

/** A world and a second process of the house on its database, for what only one of two may get. */
export async function startTwoProcesses(): Promise<TwoProcesses> {
  const world = await startWorld()
  const second = await startBeside(world).catch(async (fault: unknown) => {
    await world.stop()
    throw fault
  })
  const both = [world.listens, second.listens] as const
  return {
    world,
    both,
    raced: (forms) => Promise.all(forms.map((form, index) => send(both[index % 2]!, form))),
    count: async ({ oid }, type) => (await world.journal(oid)).filter((event) => event.type === type).length,
    async stop() {
      await second.stop()
      await world.stop()
    },
  }
}

/** Sorted, as nobody knows who is first. */
export const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).sort()
