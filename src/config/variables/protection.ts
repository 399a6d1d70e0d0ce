import { realms } from '#src/kernel/realms.ts'
import * as parse from '../parsers.ts'
import { byRealm, optional, settled } from '../variable.ts'

const HOUR = 3600

const reaction = parse.oneOf('off', 'notice', 'step_up', 'block')

/** How people sign in, and what stands in the way of those who guess. */
export const protectionVariables = {
  SESSION_IDLE_SECONDS: settled({
    meaning:
      'How long single sign-on lives on without a visit to a service; pages of the personal account do not prolong it.',
    default: String(HOUR),
    example: '1800',
    parser: parse.integer(60, 12 * HOUR, 'seconds'),
  }),
  SESSION_ABSOLUTE_SECONDS: settled({
    meaning: 'How long single sign-on lives at most, counted from the first sign-in.',
    default: String(12 * HOUR),
    example: '28800',
    parser: parse.integer(300, 24 * HOUR, 'seconds'),
  }),
  CABINET_IDLE_SECONDS: settled({
    meaning:
      'How long a page of the personal account may stay unused before it asks to sign in again; its owner may choose less, from 5 minutes on.',
    default: '600',
    example: '300',
    parser: parse.integer(60, 24 * HOUR, 'seconds'),
  }),
  CONSENT_DAYS: settled({
    meaning: 'How long a consent to a relying party is remembered.',
    default: '365',
    example: '180',
    parser: parse.integer(1, 3650, 'days'),
  }),
  SIGNING_KEY_DAYS: settled({
    meaning: 'How long a key signs tokens before the next one takes its place.',
    default: '90',
    example: '30',
    parser: parse.integer(1, 730, 'days'),
  }),
  CODE_TTL_SECONDS: settled({
    meaning: 'How long a one-time code is good.',
    default: '300',
    example: '600',
    parser: parse.integer(60, 900, 'seconds'),
  }),
  CODE_TRIES: settled({
    meaning: 'Wrong answers after which a one-time code is spent.',
    default: '5',
    example: '3',
    parser: parse.integer(1, 10),
  }),
  CODE_RESEND_SECONDS: settled({
    meaning: 'Wait before another code can be sent.',
    default: '60',
    example: '90',
    parser: parse.integer(0, 900, 'seconds'),
  }),
  CODES_PER_CONTACT_PER_DAY: settled({
    meaning:
      'One-time codes of one kind (registration, sign-in, recovery, approval with or without a message of the service) sent to one phone or e-mail address in 24 hours at most, and first messages of requests for approval to one person.',
    default: '10',
    example: '20',
    parser: parse.integer(1, 1000),
  }),
  CODES_PER_ACCOUNT_PER_DAY: settled({
    meaning: 'One-time codes sent on behalf of one account in 24 hours at most, whatever for and by whatever channel.',
    default: '40',
    example: '20',
    parser: parse.integer(1, 1000),
  }),
  CODES_PER_NETWORK_PER_HOUR: settled({
    meaning:
      'One-time codes that one network (/24, /56) can ask for in an hour; beyond them codes go on no faster than that on average.',
    default: '300',
    example: '100',
    parser: parse.integer(1, 1_000_000),
  }),
  CODES_PER_PREFIX_PER_HOUR: settled({
    meaning:
      'One-time codes by SMS and call in an hour to phones that begin alike (country and three digits), against pumping; beyond them codes go on no faster than that on average.',
    default: '3000',
    example: '500',
    parser: parse.integer(1, 10_000_000),
  }),
  CODES_PER_HOUR: settled({
    meaning:
      'One-time codes by SMS and call in an hour of the whole installation; beyond them codes go on no faster than that on average, and the log warns.',
    default: '20000',
    example: '100000',
    parser: parse.integer(1, 100_000_000),
  }),
  WRONG_ANSWERS_PER_NETWORK: settled({
    meaning:
      'Wrong answers at sign-in from one network (/24, /56) in ten minutes that nobody in it is slowed for; soon after come a proof of work, and at three times as many a rest of ten minutes.',
    default: '100',
    example: '500',
    parser: parse.integer(10, 100_000),
  }),
  LOCK_SECONDS: settled({
    meaning: 'How long passwords are refused after too many wrong ones, except on devices that the account knows.',
    default: '900',
    example: '1800',
    parser: parse.integer(60, 24 * HOUR, 'seconds'),
  }),
  PROOF_OF_WORK_COST: settled({
    meaning:
      'How hard the work is that a browser proves after many wrong passwords: iterations of each of up to 384 derivations of a key, up to sixteen times as many for the hardest; 5000 is about a second on a phone.',
    default: '5000',
    example: '10000',
    parser: parse.integer(1, 1_000_000),
  }),
  PASSWORD_MIN_LENGTH: settled({
    meaning: 'Characters that a password has at least.',
    default: '12',
    example: '14',
    parser: parse.integer(8, 64, 'characters'),
  }),
  ...byRealm('PASSWORD_PROFILE', (whose) =>
    settled({
      meaning: `Rules for the passwords of ${whose}: \`nist\` (length, dictionaries, leaked list) or \`fstec\` (also capital and small letters, digits and other signs, none of the last five).`,
      default: 'nist',
      example: 'fstec',
      parser: parse.oneOf('nist', 'fstec'),
    }),
  ),
  ...byRealm('PASSWORD_ROTATION', (whose) =>
    settled({
      meaning: `What happens at sign-in with an old password of ${whose}: nothing, a reminder, or a change before the sign-in ends; needs the profile \`fstec\`.`,
      default: 'off',
      example: 'require',
      parser: parse.oneOf('off', 'advise', 'require'),
    }),
  ),
  PASSWORD_ROTATION_DAYS: settled({
    meaning: 'Days after which a password counts as old.',
    default: '180',
    example: '90',
    parser: parse.integer(30, 730, 'days'),
  }),
  SIGNAL_NEW_NETWORK: settled({
    meaning:
      'A sign-in from a network (/24 or /56) that no known device of the account was in: `off`, `notice` to the owner, `step_up` to a second factor, or `block`.',
    default: 'notice',
    example: 'off',
    parser: reaction,
  }),
  SIGNAL_IMPOSSIBLE_TRAVEL: settled({
    meaning: 'The same for a sign-in from another country within two hours of the last one, where both are known.',
    default: 'step_up',
    example: 'block',
    parser: reaction,
  }),
  SIGNAL_MANY_ACCOUNTS: settled({
    meaning:
      'The same for the 31st account and further ones that one network signs in to within an hour, in browsers that are new there, while as many of its answers in ten minutes are wrong; from the 3001st on in any case.',
    default: 'step_up',
    example: 'notice',
    parser: reaction,
  }),
  LEAKED_PASSWORDS_FOLDER: optional({
    meaning: 'Folder of the list of leaked passwords, which `passwords import` makes and every process reads.',
    otherwise: 'new passwords are not looked up in such a list',
    example: '/var/lib/propusk/leaked',
    parser: parse.text(1000),
  }),
  ...byRealm('SECOND_FACTOR', (whose, realm) =>
    settled({
      meaning: `Whether each sign-in of ${whose} takes two factors by itself, beyond what services ask for: never, as each of them chooses (on once the identity is verified; an e-mail is one), always (\`aal2\`, for which an e-mail does not do).`,
      default: realm === 'citizen' ? 'optional' : 'required',
      example: realm === 'citizen' ? 'required' : 'optional',
      parser: parse.oneOf('off', 'optional', 'required'),
    }),
  ),
  ENROL_AT_SIGN_IN: settled({
    meaning:
      'Realms, separated by commas, whose people may add in a sign-in what it lacks, such as a first second factor or a security key; others are told what is missing.',
    default: realms.join(','),
    example: 'citizen,institution',
    parser: parse.wordsOf(...realms),
  }),
  EMAIL_REQUIRED: settled({
    meaning: 'Whether registration asks for an e-mail address that cannot be skipped.',
    default: 'false',
    example: 'true',
    parser: parse.yesOrNo,
  }),
  WEBAUTHN_RELATED_ORIGINS: settled({
    meaning:
      'Further origins, separated by commas, on which passkeys of this installation may be used (Related Origin Requests); browsers allow five sites.',
    default: '',
    example: 'https://id.example.com',
    parser: parse.origins,
  }),
  JOURNAL_DAYS: settled({
    meaning: 'How long the journal is kept.',
    default: '365',
    example: '1095',
    parser: parse.integer(30, 36_500, 'days'),
  }),
}
