import type { Middleware } from 'koa'
import type { State } from '#src/http/context.ts'
import { AppError, kernelErrors } from '#src/kernel/errors.ts'
import { makeJoiner } from '#src/store/joiner.ts'
import type { Store } from '#src/store/store.ts'
import { Unit, UnitLost, units } from '#src/store/unit.ts'
import { oidcErrors } from './errors.ts'

/**
 * Buffers what a request writes and stores it with one statement, shared with others that are ready, before the response leaves, so
 * that an answer never promises what is not stored. OAuth errors are flushed too: a replayed code or token revokes, then answers 400.
 * @param afterLoss what a request that lost a single-use value owes, in a fresh unit
 */
export function unitOfWork(
  store: Store,
  afterLoss: (ctx: Parameters<Middleware<State>>[0]) => Promise<void>,
): Middleware<State> {
  const joiner = makeJoiner(store)

  async function stored(work: () => Promise<unknown>): Promise<void> {
    const unit = new Unit()
    await units.run(unit, async () => {
      await work()
      await joiner.flush(unit)
    })
  }

  return async (ctx, next) => {
    try {
      await stored(next).catch(async (fault) => {
        if (!(fault instanceof UnitLost)) throw fault
        await stored(() => afterLoss(ctx))
        ctx.remove('Set-Cookie')
        ctx.remove('Location')
        throw new AppError(oidcErrors.replayed)
      })
    } catch (fault) {
      if (fault instanceof AppError) throw fault
      throw new AppError(kernelErrors.unavailable, {}, { cause: fault })
    }
  }
}
