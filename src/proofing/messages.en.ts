export const en = {
  'message.request_confirmed': 'Request {{number}}: your data is checked and confirmed.',
  'message.request_confirmed.subject': 'Your data is confirmed',
  'message.request_confirmed.mail':
    'We have checked the data of your request {{number}}: it is confirmed.\n\nWhat has changed is shown in your personal account, under "My requests".',
  'message.identity_changed': 'Request {{number}} has changed the data about you. Not you? {{link}}',
  'message.identity_changed.subject': 'The data about you has changed',
  'message.identity_changed.mail':
    'The registers have confirmed the data of request {{number}}, and it stands in your account now.\n\n' +
    'What has changed is written in your personal account, under “History”.\n\n' +
    'If you did not make the request, end that session and check your account:\n{{link}}',
  'message.request_refused':
    'Request {{number}}: your data is not confirmed. See your personal account for the reason.',
  'message.request_refused.subject': 'Your data is not confirmed',
  'message.request_refused.mail':
    'We have checked the data of your request {{number}}: it could not be confirmed.\n\nWhy, and what to do, is written in your personal account, under "My requests". What you entered is kept for 30 days: you can correct it and send it again.',
  'message.request_recalled': 'Request {{number}} was withdrawn: it came from a sign-in of somebody else.',
  'message.request_recalled.subject': 'A request from a sign-in of somebody else was withdrawn',
  'message.request_recalled.mail':
    'Request {{number}} was withdrawn: it was made in a session that you reported as not yours.\n\nIf you want it all the same, make a new one in your personal account.',
  'message.identity_clashed':
    'Somebody has given your SNILS or document as theirs. Check the sign-ins in your personal account.',
  'message.identity_clashed.subject': 'Somebody has given your SNILS or document as theirs',
  'message.identity_clashed.mail':
    'A SNILS or document that is confirmed as yours was given in another account. It is still yours.\n\n' +
    'If that was not you, somebody knows your data: check in your personal account who has signed in. ' +
    'If you have made a second account, use this one.',
  'requests.reason.person.name_differs':
    'The population register has another name. Compare your names with the passport.',
  'requests.reason.person.birth_date_differs':
    'The population register has another date of birth. Compare it with the passport.',
  'requests.reason.person.gender_differs': 'The population register has another sex. Check what you chose.',
  'requests.reason.person.snils_differs': 'The population register has another SNILS for you. Check the number.',
  'requests.reason.person.not_found':
    'The population register has nobody of this name and date of birth. Compare them with the passport; if they are right, turn to the Ministry of Internal Affairs.',
  'requests.reason.person.deceased':
    'The register says that this person has died. If that is a mistake, turn to the civil registry office.',
  'requests.reason.document.name_differs':
    'The document was issued in another name. Compare your names with the document.',
  'requests.reason.document.birth_date_differs':
    'The document has another date of birth. Compare it with the document.',
  'requests.reason.document.gender_differs': 'The document has another sex. Check what you chose.',
  'requests.reason.document.snils_differs':
    'The holder of the document has another SNILS. Check the SNILS, then series and number of the document.',
  'requests.reason.document.differs':
    'The details of the document differ from the register. Compare series, number, date of issue and department code.',
  'requests.reason.document.not_found':
    'The register has no such document. Compare series and number; a new document takes a few days to appear there.',
  'requests.reason.document.expired': 'The document has expired. Enter the new one.',
  'requests.reason.document.lost': 'The document was reported lost. Enter the one that was issued in its place.',
  'requests.reason.document.replaced': 'A new document was issued in place of this one. Enter the new one.',
  'requests.reason.document.withdrawn':
    'The document was withdrawn. Turn to whoever issued it, or enter another document.',
  'requests.reason.document.taken':
    'The document could not be connected with this account. Come with it to a service centre and prove your identity there.',
  'requests.reason.snils.name_differs':
    'This SNILS has another name. Check the number; if you changed your name, tell the Social Fund.',
  'requests.reason.snils.birth_date_differs':
    'This SNILS has another date of birth. Check number and date; if they are right, turn to the Social Fund.',
  'requests.reason.snils.gender_differs':
    'This SNILS has another sex. Check the number; if it is right, turn to the Social Fund.',
  'requests.reason.snils.not_found': 'The register has no such SNILS. Check the number.',
  'requests.reason.snils.suspended': 'This SNILS is suspended. Turn to the Social Fund.',
  'requests.reason.snils.annulled':
    'This SNILS is annulled. Ask the Social Fund for the one that is in force and enter it.',
  'requests.reason.snils.taken':
    'The SNILS could not be connected with this account. Come to a service centre with your passport and prove your identity there.',
  'requests.reason.inn.name_differs':
    'This INN has another name. Check the number; if you changed your name, tell the tax office.',
  'requests.reason.inn.birth_date_differs': 'This INN has another date of birth. Check the number.',
  'requests.reason.inn.differs': 'Your INN is another one. Check the number.',
  'requests.reason.inn.snils_differs': 'Your INN is another one. Check the number.',
  'requests.reason.inn.not_found': 'The register has no such INN. Check the number.',
  'requests.reason.inn.ambiguous': 'The last four digits do not tell which INN is yours. Enter all twelve.',
  'requests.reason.address.name_differs': 'The address has another name. Check the address.',
  'requests.reason.address.birth_date_differs': 'The address has another date of birth. Check the address.',
  'requests.reason.address.differs':
    'You are registered at another address. Compare it with the stamp in your passport.',
  'requests.reason.address.not_found':
    'The register has no registration of yours. Compare the address with the stamp in your passport.',
  'requests.reason.session.not_me':
    'The request was made in a session that was reported as somebody else’s. If you want it, make a new one.',
  'requests.reason.registry.slow':
    'A state register has not answered yet. We will ask again; you need not enter anything anew.',
}
