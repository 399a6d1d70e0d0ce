import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files of minutes. Begun last, one of them would be waited for alone. */
const LONGEST = ['test/views/longest.test.ts', 'test/views/walk.test.ts']

/** The longest files first, also on a machine that has not run them yet; then those that share a process, then the others. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ moduleId, project }: TestSpecification) => {
      const place = LONGEST.findIndex((file) => moduleId.endsWith(file))
      if (place >= 0) return place
      return LONGEST.length + (project.config.isolate ? 1 : 0)
    }
    return sorted.sort((a, b) => rank(a) - rank(b))
  }
}
