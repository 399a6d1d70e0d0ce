import { requestModules } from '../oidcc/requests.ts'

requestModules('form_post')
