import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files of minutes. Begun last, one of them would be waited for alone. */
const LONGEST = ['test/views/longest.test.ts', 'test/views/walk.test.ts']

/** The longest files first, also on a machine that has not run them yet. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((file) => moduleId.endsWith(file))
      return place >= 0 ? place : LONGEST.length
    }
    return sorted.sort((a, b) => rank(a) - rank(b))
  }
}
