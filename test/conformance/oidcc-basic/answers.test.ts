import { answerModules } from '../oidcc/answers.ts'

answerModules('query')
