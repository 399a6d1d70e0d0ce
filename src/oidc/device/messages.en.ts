import type { ru } from './messages.ru.ts'

export const en: Record<keyof typeof ru, string> = {
  'device.title': 'Sign in on another device',
  'device.code': 'Code from the screen of the device',
  'device.code_hint': 'For example, BCDF-GHJK. Capital or small letters do not matter',
  'device.continue': 'Continue',
  'device.before': 'The code is shown by the device or program where you began to sign in, such as a television.',
  'device.confirm_title': 'Sign in on this device?',
  'device.confirm_code': 'Code on the screen of the device',
  'device.confirm_service': 'Service or program',
  'device.confirm_device': 'Device',
  'device.confirm_network': 'From where',
  'device.unknown': 'did not name itself',
  'device.network_same': 'the same network as yours now',
  'device.network_other': 'another network than yours now',
  'device.warning':
    'Allow this only if you began the sign-in yourself and see this code before you. If somebody sent or told you the code, it is fraud.',
  'device.network_hint': 'The networks also differ when your phone is connected through its mobile operator.',
  'device.allow': 'Allow the sign-in',
  'device.deny': 'This is not me',
  'device.done_title': 'The sign-in is allowed',
  'device.done_text': 'Go back to the device: in a few seconds it is signed in by itself.',
  'device.done_advice': 'You can close this page.',
  'device.refused_title': 'The sign-in is not allowed',
  'device.refused_text': 'The device got no access to your account and none of your data.',
  'device.refused_advice': 'If somebody sent or told you the code, do not answer that person any more.',
  'device.failed_title': 'The sign-in did not work',
  'device.failed_text':
    'The device asks for a stronger sign-in than the ways that your account has allow, or for that of another person.',
  'device.failed_advice': 'Begin again on the device, or ask the support of the service.',
  'device.code_missing': 'Enter the code from the screen of the device',
  'device.code_wrong':
    'No device waits under this code. Check whether you typed it correctly, or get a new one on the device',
  'device.too_fast': 'Too many wrong codes. Wait {{seconds}}\u00a0s and try again',
  'device.stale': 'The page is too old. Enter the code once more, or get a new one on the device',
}
