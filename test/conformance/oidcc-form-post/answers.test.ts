import { answerModules } from '../oidcc/answers.ts'

answerModules('form_post')
