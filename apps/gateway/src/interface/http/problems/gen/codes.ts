// Written by tools/generate/problem-codes.mjs from the sources. Do not edit.
/** What a code means: which of the seven refusals it is, and what is said with it (… where something is put in). */
export interface KnownCode {
  readonly refusals: readonly string[];
  readonly sentences: readonly string[];
}

/** Every code that a refusal of ours can have. */
export const CODES: Readonly<Record<string, KnownCode>> = {
  'api.archive_too_large': { refusals: ['invalid'], sentences: ['An archive may have at most … bytes here.'] },
  'api.asset_too_large': { refusals: ['invalid'], sentences: ['An asset may have at most … bytes here.'] },
  'api.body_incomplete': {
    refusals: ['invalid'],
    sentences: [
      'The body is not as long as the header "Content-Length" says. Send it again.',
      'The connection broke before the body was complete. Send it again.',
    ],
  },
  'api.body_missing': {
    refusals: ['invalid'],
    sentences: [
      'The request has no body. Send the archive.',
      'The request has no body. Send the asset.',
      'The request has no body. Send the bytes of the file.',
    ],
  },
  'api.body_too_large': {
    refusals: ['invalid'],
    sentences: [
      'The body is larger than 1 MiB. Send it in parts.',
      'The body is larger than … bytes, the most that may be sent here. Send it in parts.',
      'The body may have … bytes here, and says how many it has. Send less.',
    ],
  },
  'api.body_unexpected': { refusals: ['invalid'], sentences: ['This call takes no body. Leave it out.'] },
  'api.content_invalid': {
    refusals: ['invalid'],
    sentences: ['A file of a draft takes one thing to say: its path, of at most 200 characters.'],
  },
  'api.credentials_ambiguous': {
    refusals: ['invalid'],
    sentences: [
      'The request brings two credentials, and they could be of two people. Send one: the session of the browser, the header Authorization or the header Millrace-Api-Key.',
    ],
  },
  'api.cursor_invalid': {
    refusals: ['invalid'],
    sentences: [
      'This cursor does not continue this list: it is older than 24 h, was changed, or belongs to another filter or caller. Ask again without it.',
    ],
  },
  'api.expectation_unknown': {
    refusals: ['invalid'],
    sentences: ['The header "Expect" asks for something that is not known here. Leave it out.'],
  },
  'api.export_invalid': { refusals: ['invalid'], sentences: ['…: …'] },
  'api.field_type': { refusals: ['invalid'], sentences: [] },
  'api.field_unknown': { refusals: ['invalid'], sentences: [] },
  'api.fields_too_many': { refusals: ['invalid'], sentences: ['At most … fields can be named. Leave "fields" out to see all.'] },
  'api.header_twice': { refusals: ['invalid'], sentences: ['The header "…" stands twice in the request. Send it once.'] },
  'api.headers_too_large': {
    refusals: ['invalid'],
    sentences: ['The headers are larger than 16 KiB. Send less in them.', 'These are more than … headers. Send fewer of them.'],
  },
  'api.idempotency_answer_unknown': {
    refusals: ['conflict'],
    sentences: [
      'The first request with this Idempotency-Key was made, but its answer is not known: it was cut off, or the answer could not be kept. Look at what is there; to make it once more, send a new key.',
    ],
  },
  'api.idempotency_key_invalid': {
    refusals: ['invalid'],
    sentences: ['An Idempotency-Key has 1 to 64 visible ASCII characters, and no spaces.'],
  },
  'api.idempotency_key_of_nobody': {
    refusals: ['invalid'],
    sentences: ['An Idempotency-Key belongs to whoever sends it, and nobody is signed in here. Sign in, or leave the key out.'],
  },
  'api.idempotency_key_reused': {
    refusals: ['invalid'],
    sentences: ['This Idempotency-Key was sent before, with another request. Send a new key with each new request.'],
  },
  'api.idempotency_running': {
    refusals: ['conflict'],
    sentences: ['The first request with this Idempotency-Key is still at work. Send it again in a moment to get its answer.'],
  },
  'api.idempotency_unavailable': {
    refusals: ['unavailable'],
    sentences: ['That this request is made only once cannot be promised just now, so it was not made at all. Send it again in a moment.'],
  },
  'api.import_invalid': { refusals: ['invalid'], sentences: ['The form must hold one file: the archive.', '…: …'] },
  'api.internal': {
    refusals: ['unavailable'],
    sentences: ['Something failed on our side. It is in the log under the request id; try again, and tell the operators if it stays.'],
  },
  'api.invalid': { refusals: ['invalid'], sentences: [] },
  'api.json_depth': { refusals: ['invalid'], sentences: ['The JSON is nested more than … levels deep. Flatten it.'] },
  'api.json_duplicate': { refusals: ['invalid'], sentences: ['The key … stands twice in one object. Send it once.'] },
  'api.json_items': { refusals: ['invalid'], sentences: ['This list may have … items at most. Send it in parts.'] },
  'api.json_key': { refusals: ['invalid'], sentences: ['The key "__proto__" is refused anywhere in a body. Rename it.'] },
  'api.json_keys': { refusals: ['invalid'], sentences: ['The JSON has more than … keys. Send it in parts.'] },
  'api.json_syntax': {
    refusals: ['invalid'],
    sentences: ['A batch of CloudEvents is a list.', 'The body is not JSON: it is not UTF-8.', 'The body is not JSON: it … at ….'],
  },
  'api.logout_token_missing': { refusals: ['invalid'], sentences: ['A form with the field "logout_token" is expected here.'] },
  'api.media_type': {
    refusals: ['invalid'],
    sentences: [
      'CloudEvents of version "…" are not read here, but of 1.0.',
      'Send the bytes of the file as the body, not as a form.',
      'The data of the event is "…". Events carry application/json.',
      'The data of the event is bytes ("data_base64"). Events carry JSON, in "data".',
      'The header "Content-Type" names no media type.',
      '…. This call reads …, in UTF-8.',
    ],
  },
  'api.method_not_allowed': { refusals: ['invalid'], sentences: ['This path is not served with …. Use ….'] },
  'api.multipart_invalid': {
    refusals: ['invalid'],
    sentences: ['The body is not the form in parts that Content-Type says it is. Send it whole, with its boundary.'],
  },
  'api.multipart_too_large': { refusals: ['invalid'], sentences: ['The form has …. Send it in several requests.'] },
  'api.not_acceptable': {
    refusals: ['invalid'],
    sentences: [
      'This call answers application/json, and the header "Accept" does not take it.',
      'This route answers text/event-stream, and the header "Accept" does not take it.',
    ],
  },
  'api.origin_denied': {
    refusals: ['forbidden'],
    sentences: ['Pages of … may not open sockets here. Name the origin in MILLRACE_ORIGINS to let them.'],
  },
  'api.path_invalid': { refusals: ['invalid'], sentences: ['The path cannot be served: …. Write each part plainly.'] },
  'api.query_invalid': { refusals: ['invalid'], sentences: ['The query holds a % that encodes nothing (in "…"). Write % as %25.'] },
  'api.range_invalid': { refusals: ['invalid'], sentences: ['The file has … bytes, and none of those that were asked for.'] },
  'api.request_invalid': { refusals: ['invalid'], sentences: ['This is not an HTTP request. Check what sends it.'] },
  'api.request_timeout': {
    refusals: ['invalid'],
    sentences: ['The body stopped coming. Send it again.', 'The request did not arrive in time. Send it again.'],
  },
  'api.return_invalid': {
    refusals: ['invalid'],
    sentences: ['A sign-in leads back to a path of this address only: "return" must begin with one slash, as in /console/.'],
  },
  'api.route_unknown': { refusals: ['not-found'], sentences: ['Nothing is served at this path. GET /openapi.json lists what there is.'] },
  'api.schema_unknown': { refusals: ['not-found'], sentences: ['There is no schema "…". There are: automation, workspace, event, apps.'] },
  'api.sign_in_needed': {
    refusals: ['unauthenticated'],
    sentences: ['This call needs to know who is asking. Send an access token: "Authorization: Bearer <token>".'],
  },
  'api.upload_invalid': { refusals: ['invalid'], sentences: ['The form must hold one file, and what is said of it as fields.', '…: …'] },
  'api.upload_too_large': {
    refusals: ['invalid'],
    sentences: ['The file may have at most … bytes here. Send less, or delete other files first.'],
  },
  'api.url_too_large': {
    refusals: ['invalid'],
    sentences: ['A part of the path is too long.', 'The URL is longer than … characters. Send what is long in the body.'],
  },
  'apps.config_invalid': { refusals: ['invalid'], sentences: ['The configuration of "…" does not fit its schema: ….'] },
  'apps.config_not_object': { refusals: ['invalid'], sentences: ['The configuration must be a JSON object.'] },
  'apps.consent_needed': {
    refusals: ['conflict'],
    sentences: [
      '"…" … runs only with your consent to what it may do. Read its permissions and repeat the call with their digest as `consent`.',
    ],
  },
  'apps.cycle': { refusals: ['conflict'], sentences: ['…: an app cannot be part of itself.'] },
  'apps.instance_not_found': { refusals: ['not-found'], sentences: ['No app is installed as "…".'] },
  'apps.instance_reserved': { refusals: ['invalid'], sentences: ['"…" begins the names of events of the platform. Choose another slug.'] },
  'apps.instance_taken': { refusals: ['conflict'], sentences: ['An app is installed as "…" already. Choose another slug.'] },
  'apps.interface_broken': {
    refusals: ['invalid'],
    sentences: ['…. Who uses "…" … relies on it: keep it, or publish a new major number.'],
  },
  'apps.lock_invalid': { refusals: ['conflict'], sentences: ['… Install, upgrade or consent to it by its call.'] },
  'apps.moved': {
    refusals: ['conflict'],
    sentences: ['Somebody changed what is installed meanwhile. Look at it again, and repeat the call.'],
  },
  'apps.not_found': {
    refusals: ['not-found'],
    sentences: ['There is no app "…", or it is not offered to you. Ask its publisher to list your workspace.'],
  },
  'apps.nothing_active': { refusals: ['conflict'], sentences: ['No version of this workspace runs. Publish a version of it first.'] },
  'apps.number_taken': {
    refusals: ['conflict'],
    sentences: ['"…" was published as …; a number is published once and grows. Choose a larger one than …, not ….'],
  },
  'apps.precondition_failed': { refusals: ['conflict'], sentences: [] },
  'apps.quota_reached': {
    refusals: ['exhausted'],
    sentences: [
      'The platform has at most … apps, and as many are there. Publish a version of an app that is there, or ask an operator of the platform for more.',
    ],
  },
  'apps.range_invalid': { refusals: ['invalid'], sentences: ['"…" is no range of versions. Write 1.2.3, ~1.2.3, ^1.2.3, 1.x or latest.'] },
  'apps.slug_fixed': {
    refusals: ['conflict'],
    sentences: ['This workspace publishes the app "…", and an app never changes its slug. Leave the slug out.'],
  },
  'apps.slug_taken': { refusals: ['conflict'], sentences: ['Another workspace publishes an app "…". Choose another slug.'] },
  'apps.too_deep': { refusals: ['invalid'], sentences: ['…: apps stand in apps at most … deep.'] },
  'apps.too_many_instances': { refusals: ['exhausted'], sentences: ['A workspace installs at most … apps. Remove one first.'] },
  'apps.too_many_versions': { refusals: ['exhausted'], sentences: ['"…" has … versions; there can be no more.'] },
  'apps.version_not_found': {
    refusals: ['not-found'],
    sentences: ['There is no version … of "…", or it may not be installed. List its versions to see which there are.'],
  },
  'apps.withheld': {
    refusals: ['forbidden'],
    sentences: ['The archive would hold what you may not have: …. Export without apps, or ask who publishes them.'],
  },
  'auth.accounts_not_set_up': {
    refusals: ['unavailable'],
    sentences: [
      'The gateway cannot reach the accounts of people: it has no secret of the client "millrace-gateway". Read it at the identity provider and set MILLRACE_GATEWAY_SECRET.',
    ],
  },
  'auth.address_denied': {
    refusals: ['forbidden'],
    sentences: ['This key may not be used from your address. Use it from one of its networks, or change those.'],
  },
  'auth.credential_expired': {
    refusals: ['unauthenticated'],
    sentences: ['This key or token ended at …. Make a new one and use that.', 'This key or token has ended. Make a new one and use that.'],
  },
  'auth.credential_malformed': {
    refusals: ['unauthenticated'],
    sentences: ['This is no key or token as they are made: something of it is missing or was changed. Copy the whole of it.'],
  },
  'auth.credential_unknown': {
    refusals: ['unauthenticated'],
    sentences: ['This key or token proves nobody: it was revoked, or it never was. Make a new one and use that.'],
  },
  'auth.csrf': {
    refusals: ['forbidden'],
    sentences: [
      'A request with the session of a browser may write only from a page of this address: it needs the header "millrace-csrf: 1" and an Origin of ours.',
    ],
  },
  'auth.erasure_not_found': {
    refusals: ['not-found'],
    sentences: ['There is no erasure with this receipt, or it was more than a year ago.'],
  },
  'auth.keys_unavailable': {
    refusals: ['unavailable'],
    sentences: [
      'Access tokens cannot be checked, because the issuer does not answer. Try again in a moment; if it lasts, look at the identity provider.',
    ],
  },
  'auth.leaving_denied': {
    refusals: ['forbidden'],
    sentences: ['Only a person can leave, and only with a sign-in of their own: a key or a personal token cannot.'],
  },
  'auth.logout_token_invalid': { refusals: ['invalid'], sentences: ['The logout token does not count: ….'] },
  'auth.passport_invalid': {
    refusals: ['unauthenticated'],
    sentences: [
      'The passport of the call is expired, altered, or says more than its service may. Make the call through the bus, with the principal that is asking.',
    ],
  },
  'auth.passport_missing': {
    refusals: ['unauthenticated'],
    sentences: ['The call does not say who is asking. Make it through the bus, which signs it.'],
  },
  'auth.principal_not_ours': {
    refusals: ['forbidden'],
    sentences: ['"…" may not speak for the user "…". Pass on the principal that came with the call, or call as the service itself.'],
  },
  'auth.provider_away': {
    refusals: ['unavailable'],
    sentences: ['The identity provider does not answer as it should. Try again in a moment; if it lasts, tell the operators.'],
  },
  'auth.scheme_unknown': {
    refusals: ['unauthenticated'],
    sentences: [
      'The Authorization header is not read here: it must be "Bearer" and one access token. Sign in and send "Authorization: Bearer <token>".',
    ],
  },
  'auth.scope_missing': {
    refusals: ['forbidden'],
    sentences: ['The token has no scope for this: it needs "…". Make a token that has it, or sign in.'],
  },
  'auth.session_ended': { refusals: ['unauthenticated'], sentences: ['You are no longer signed in. Sign in again: GET /v1/auth/sign-in.'] },
  'auth.session_not_found': { refusals: ['not-found'], sentences: ['You have no session "…". GET /v1/me/sessions lists yours.'] },
  'auth.sessions_denied': {
    refusals: ['forbidden'],
    sentences: ['Only a person with a sign-in of their own may end sign-ins: a key or a personal token cannot.'],
  },
  'auth.sign_in_expired': {
    refusals: ['unauthenticated'],
    sentences: ['This sign-in did not begin in this browser, or took longer than ten minutes. Start again.'],
  },
  'auth.sign_in_not_set_up': {
    refusals: ['unavailable'],
    sentences: [
      'Nobody can sign in through this gateway yet: it has no secret of the client "millrace-console". Read it at the identity provider and set MILLRACE_CONSOLE_SECRET.',
    ],
  },
  'auth.sign_in_refused': {
    refusals: ['unauthenticated'],
    sentences: ['The identity provider did not sign you in, or its answer was altered or came twice. Start again.'],
  },
  'auth.sign_in_stale': {
    refusals: ['forbidden'],
    sentences: [
      'This needs a sign-in of the last five minutes. Sign in again, with GET /v1/auth/sign-in?fresh=true in a browser, and repeat it.',
    ],
  },
  'auth.token_algorithm': { refusals: ['unauthenticated'], sentences: [] },
  'auth.token_audience': { refusals: ['unauthenticated'], sentences: [] },
  'auth.token_client': { refusals: ['unauthenticated'], sentences: [] },
  'auth.token_early': { refusals: ['unauthenticated'], sentences: [] },
  'auth.token_expired': {
    refusals: ['unauthenticated'],
    sentences: [
      'The token of this visit has ended, or is none of ours. Begin a new one: POST /v1/auth/anonymous.',
      'This visit has lasted for thirty days. Begin a new one, or sign in.',
    ],
  },
  'auth.token_header': { refusals: ['unauthenticated'], sentences: [] },
  'auth.token_issuer': { refusals: ['unauthenticated'], sentences: [] },
  'auth.token_malformed': { refusals: ['unauthenticated'], sentences: ['This is no token of a visitor.'] },
  'auth.token_missing': { refusals: ['unauthenticated'], sentences: [] },
  'auth.token_revoked': {
    refusals: ['unauthenticated'],
    sentences: [
      'This sign-in was ended before its time. Sign in again.',
      'This visit was ended. Begin a new one: POST /v1/auth/anonymous.',
    ],
  },
  'auth.token_signature': { refusals: ['unauthenticated'], sentences: [] },
  'auth.token_subject': { refusals: ['unauthenticated'], sentences: ['The token speaks for nobody who can sign in here.'] },
  'auth.token_type': { refusals: ['unauthenticated'], sentences: [] },
  'auth.too_many_wrong': {
    refusals: ['exhausted'],
    sentences: [
      'Too many keys, tokens or signatures from your address prove nobody, so no new one is looked at for … s. Correct the one you send.',
    ],
  },
  'backup.cannot_link': {
    refusals: ['unavailable'],
    sentences: [
      'The files of … cannot be held while they are copied (…): the data folder must be on one file system that knows hard links.',
    ],
  },
  'backup.folder_missing': { refusals: ['invalid'], sentences: ['Name a new folder for the copy: npm run backup -- <folder>'] },
  'backup.folder_taken': { refusals: ['conflict'], sentences: ['… is not empty. Name a new folder for each backup.'] },
  'backup.in_progress': { refusals: ['conflict'], sentences: ['Another backup of this folder is under way (…). Wait for its end.'] },
  'backup.nothing_there': {
    refusals: ['not-found'],
    sentences: ['There is nothing to back up in …. Name the data folder of a Millrace that has run with MILLRACE_DATA.'],
  },
  'backup.of_servers': {
    refusals: ['invalid'],
    sentences: ['MILLRACE_PLATFORM is cluster: its data are in servers. docs/guide/cluster.md says how they are backed up.'],
  },
  'blobs.key_invalid': {
    refusals: ['invalid'],
    sentences: ['… is no key of a blob: use segments of letters, digits, ".", "_" and "-" joined by "/", at most 512 characters.'],
  },
  'blobs.not_found': { refusals: ['not-found'], sentences: ['There is no blob "…".'] },
  'blobs.range_invalid': { refusals: ['invalid'], sentences: ['No byte of the blob "…" is in this range; it has ….'] },
  'blobs.ref_invalid': { refusals: ['invalid'], sentences: ['… names no staged blob.'] },
  'blobs.too_large': { refusals: ['invalid'], sentences: ['The blob "…" is too large: the store takes up to … bytes. Split it.'] },
  'blobs.unavailable': {
    refusals: ['unavailable'],
    sentences: [
      'The blob store does not answer (…). Whether a change that was asked for is kept is not known: try again shortly, and look at the server if it stays so.',
    ],
  },
  'credentials.end_invalid': {
    refusals: ['invalid'],
    sentences: ['A credential ends in the future, and within a year. Choose another "expiresAt", or leave it out for 90 days.'],
  },
  'credentials.resolve_denied': {
    refusals: ['forbidden'],
    sentences: ['Only services of the platform may ask what a credential stands for.'],
  },
  'documents.closed': {
    refusals: ['unavailable'],
    sentences: ['The document store is closed: the service is stopping. Try again shortly.'],
  },
  'documents.cursor_invalid': {
    refusals: ['invalid'],
    sentences: ['This cursor does not continue this list of "…". Ask again without a cursor.'],
  },
  'documents.in_use': {
    refusals: ['unavailable'],
    sentences: ['Another process has the documents in … open. Stop it, or give this one another folder.'],
  },
  'documents.limit_invalid': { refusals: ['invalid'], sentences: ['A page of "…" holds 1 to 200 documents, not ….'] },
  'documents.not_found': { refusals: ['not-found'], sentences: ['There is no document "…" in "…".'] },
  'documents.relay_stopped': {
    refusals: ['unavailable'],
    sentences: ['The change is kept, but the service is stopping before it told of it.'],
  },
  'documents.revision_mismatch': {
    refusals: ['conflict'],
    sentences: ['"…" in "…" changed meanwhile. Read it again and repeat the change.'],
  },
  'documents.taken': { refusals: ['conflict'], sentences: ['"…" is taken in "…" (…).'] },
  'documents.told_elsewhere': {
    refusals: ['unavailable'],
    sentences: ['Another process of this service tells of what is written. Nothing needs to be done.'],
  },
  'documents.too_large': {
    refusals: ['invalid'],
    sentences: [
      '"…" in "…" is too large to be kept: a document and its events that are still to be told have 16 MB together. Make it smaller.',
    ],
  },
  'documents.unavailable': {
    refusals: ['unavailable'],
    sentences: [
      'The document store does not answer (…). Whether a change that was asked for is kept is not known: try again shortly, and look at the server if it stays so.',
    ],
  },
  'events.another_principal': {
    refusals: ['forbidden'],
    sentences: ['This token is of somebody else. Open a connection of its own for it.'],
  },
  'events.connection_closed': {
    refusals: ['forbidden'],
    sentences: ['Somebody who manages the events of this workspace has closed this connection. Ask them why before you connect again.'],
  },
  'events.connection_not_found': {
    refusals: ['not-found'],
    sentences: ['No connection "…" follows this workspace; it may have ended. GET …/connections lists those that do.'],
  },
  'events.cursor_invalid': {
    refusals: ['invalid'],
    sentences: [
      'This cursor continues no list of connections. List them again without it.',
      'This cursor continues no search. Search again without it.',
    ],
  },
  'events.draining': { refusals: ['unavailable'], sentences: ['This process takes no streams any more. Ask again: another one does.'] },
  'events.exports_running': {
    refusals: ['exhausted'],
    sentences: ['Two exports of this workspace are under way. Wait until one of them has ended, or ask for both in one.'],
  },
  'events.feed_broken': {
    refusals: ['unavailable'],
    sentences: ['The events you missed cannot be read just now. Connect again and resume.'],
  },
  'events.field_hidden': { refusals: ['forbidden'], sentences: [] },
  'events.filter_invalid': { refusals: ['invalid'], sentences: [] },
  'events.group_invalid': {
    refusals: ['invalid'],
    sentences: ['A level of groups is either by a field ("by") or by spans of time ("every").'],
  },
  'events.instance_silent': {
    refusals: ['unavailable'],
    sentences: [
      'The instance … of the events service does not say who is connected to it. Try again in ten seconds: then it answers or is given up.',
    ],
  },
  'events.key_rotated': {
    refusals: ['unauthenticated'],
    sentences: ['The key of this connection has got a new secret. Connect again: with that one, once the old one has ended.'],
  },
  'events.log_filling': {
    refusals: ['unavailable'],
    sentences: [
      'The event log is slow: it takes over two seconds for what it is given, and so nothing more from clients for now. Try again in ten seconds.',
      'The event log is … % full and takes nothing more from clients for now. Try again in a minute.',
    ],
  },
  'events.message_invalid': { refusals: ['invalid'], sentences: ['A message begins with its name: subscribe, unsubscribe, emit or auth.'] },
  'events.message_unknown': { refusals: ['invalid'], sentences: ['There is no message "…". Send subscribe, unsubscribe, emit or auth.'] },
  'events.no_workspace': {
    refusals: ['invalid'],
    sentences: ['Events are sent in a workspace. Connect to /v1/workspaces/<id or slug>/events to send them.'],
  },
  'events.not_found': {
    refusals: ['not-found'],
    sentences: ['The history of this workspace has no event "…". A new one can take a moment.'],
  },
  'events.own_denied': {
    refusals: ['forbidden'],
    sentences: ['Events are addressed to people. Ask for the events of a workspace: /v1/workspaces/<id or slug>/events.'],
  },
  'events.position_invalid': {
    refusals: ['invalid'],
    sentences: ['"…" is no position. Give the position of the last event you have, as <epoch>-<offset>, or none to begin now.'],
  },
  'events.rebuild_not_found': {
    refusals: ['not-found'],
    sentences: ['The history was never rebuilt. POST /v1/platform/history:rebuild begins.'],
  },
  'events.rights_changed': { refusals: ['unauthenticated'], sentences: ['Rights in this workspace have changed. Connect again.'] },
  'events.sign_in_needed': {
    refusals: ['unauthenticated'],
    sentences: ['Nobody is signed in on this connection. Connect through the gateway with a credential, or with auth: {token}.'],
  },
  'events.sign_in_over': {
    refusals: ['unauthenticated'],
    sentences: ['What this connection came with has ended. Connect again with a new one.'],
  },
  'events.signed_out': {
    refusals: ['unauthenticated'],
    sentences: ['The sign-in, key or token of this connection is over. Connect again with another one.'],
  },
  'events.slow': {
    refusals: ['exhausted'],
    sentences: [
      'Nobody reads this stream. Open it again and go on from ….',
      'You send messages without taking the answers. Connect again and read what comes.',
      'You take events more slowly than they happen. Connect again and go on from ….',
    ],
  },
  'events.too_costly': {
    refusals: ['invalid'],
    sentences: ['…. Ask for less: a shorter time, types that you name, fewer levels or smaller limits, longer spans.'],
  },
  'events.too_large': { refusals: ['invalid'], sentences: ['The batch has … bytes … are allowed. Send it in parts.'] },
  'events.too_many_namespaces': {
    refusals: ['exhausted'],
    sentences: ['A connection follows at most … workspaces. Leave one, or open another connection.'],
  },
  'events.too_many_sockets': {
    refusals: ['exhausted'],
    sentences: [
      'You have … sockets and streams open, which is as many as one may have. Close one, or follow several workspaces over one socket.',
    ],
  },
  'events.too_many_subscriptions': {
    refusals: ['exhausted'],
    sentences: [
      'A socket has at most … subscriptions. Unsubscribe from one, or put several patterns into one.',
      'You have … subscriptions over all your sockets, which is as many as one may have. Unsubscribe from one, or put several patterns into one.',
    ],
  },
  'events.types_unavailable': {
    refusals: ['unavailable'],
    sentences: ['What this workspace declares of its events cannot be had now: … Nothing was taken. Try again in a moment.'],
  },
  'events.workspace_crowded': {
    refusals: ['exhausted'],
    sentences: [
      '… sockets and streams follow this workspace, which is as many as may. Try again when some have gone, or ask by GET …/events:poll.',
    ],
  },
  'events.zone_unknown': { refusals: ['invalid'], sentences: [] },
  'gateway.address_denied': {
    refusals: ['forbidden'],
    sentences: ['Requests from your address are not served here. Ask the operators why.'],
  },
  'gateway.events_away': {
    refusals: ['unavailable'],
    sentences: ['No process takes sockets at the moment. Connect again in a few seconds.'],
  },
  'gateway.file_invalid': { refusals: ['invalid'], sentences: ['… cannot be used:\n  …'] },
  'gateway.file_missing': {
    refusals: ['invalid'],
    sentences: ['MILLRACE_GATEWAY_FILE names …, which cannot be read. Write it, or unset the variable.'],
  },
  'gateway.identify_denied': {
    refusals: ['forbidden'],
    sentences: ['Only services of the platform may ask whom a token speaks for. Use GET /v1/me.'],
  },
  'gateway.maintenance': { refusals: ['unavailable'], sentences: [] },
  'gateway.overloaded': { refusals: ['unavailable'], sentences: ['There is more to do here than can be done. Try again in some seconds.'] },
  'gateway.rate_limited': { refusals: ['exhausted'], sentences: ['Too many requests for this workspace: "…" allows …. Try again in … s.'] },
  'gateway.service_resting': {
    refusals: ['unavailable'],
    sentences: ['The service "…" has not answered for a while and is left in peace for some seconds. Try again then.'],
  },
  'history.closed': { refusals: ['unavailable'], sentences: ['The event history is closed: the service is stopping. Try again shortly.'] },
  'history.in_use': {
    refusals: ['unavailable'],
    sentences: ['Another process has the event history in … open. Stop it, or give this one another folder.'],
  },
  'history.layout_differs': {
    refusals: ['conflict'],
    sentences: [
      '… in Elasticsearch is not as the event history needs it: … differs. Remove it if nobody else needs it, or give the history another prefix; the log fills it anew.',
    ],
  },
  'history.limit_invalid': { refusals: ['invalid'], sentences: ['A page of history holds 1 to 200 events, not ….'] },
  'history.store_not_supported': {
    refusals: ['unavailable'],
    sentences: ['What answers at … is no Elasticsearch 8.19 or 9, and the event history needs one. (…)'],
  },
  'history.store_unavailable': {
    refusals: ['unavailable'],
    sentences: ['The event history does not answer at …. Try again shortly; if it stays so, look whether Elasticsearch runs there. (…)'],
  },
  'issuer.beyond_loopback': {
    refusals: ['invalid'],
    sentences: [
      'The embedded identity provider is for one machine and does not listen on "…". Listen on 127.0.0.1, or set up Keycloak with the realm in keycloak/.',
    ],
  },
  'issuer.client_unknown': { refusals: ['not-found'], sentences: ['The realm has no confidential client "…". Look in the realm file.'] },
  'issuer.realm_invalid': { refusals: ['invalid'], sentences: ['The realm file "…" cannot be used: …. Mend it, or point to another.'] },
  'issuer.too_many_attempts': { refusals: ['exhausted'], sentences: ['Too many people are signing in at once. Try again in a moment.'] },
  'keys.chain_too_long': {
    refusals: ['forbidden'],
    sentences: [
      'This key was made with keys that were made with keys; … in a row are enough. Make the new one with an earlier key, or sign in.',
    ],
  },
  'keys.maker_unfit': {
    refusals: ['forbidden'],
    sentences: ['Keys are made by people and by other keys, not by a caller of the kind "…".'],
  },
  'keys.more_than_yours': {
    refusals: ['forbidden'],
    sentences: ['The key would be allowed to …, and you are not. Give it less, or ask somebody who may.'],
  },
  'keys.not_found': { refusals: ['not-found'], sentences: ['There is no key "…" in this workspace. GET its keys to see those there are.'] },
  'keys.rights_unclear': { refusals: ['invalid'], sentences: ['Give the key a role, or rules, and not both: that is what it may do.'] },
  'keys.role_unknown': { refusals: ['invalid'], sentences: ['There is no role "…" in this workspace.'] },
  'keys.rules_invalid': { refusals: ['invalid'], sentences: [] },
  'keys.too_many': { refusals: ['exhausted'], sentences: ['A workspace has at most … keys. Revoke those that nobody uses.'] },
  'kv.bucket_missing': { refusals: ['unavailable'], sentences: [] },
  'kv.closed': { refusals: ['unavailable'], sentences: ['The key-value store is closed: this process is stopping.'] },
  'kv.forbidden': { refusals: ['forbidden'], sentences: [] },
  'kv.in_use': { refusals: ['unavailable'], sentences: [] },
  'kv.key_invalid': { refusals: ['invalid'], sentences: [] },
  'kv.revision_conflict': { refusals: ['conflict'], sentences: ['"…" in "…" changed meanwhile. Read it again and repeat the change.'] },
  'kv.server_unfit': { refusals: ['unavailable'], sentences: [] },
  'kv.unavailable': {
    refusals: ['unavailable'],
    sentences: [
      'The bucket "…" could not be reached: …. Nothing was changed.',
      'The key-value store could not be written: …. Nothing was changed.',
    ],
  },
  'kv.value_too_large': { refusals: ['invalid'], sentences: [] },
  'language.arguments_invalid': { refusals: ['invalid'], sentences: [] },
  'language.document_invalid': { refusals: ['invalid'], sentences: ['…:…:…'] },
  'language.filter_invalid': { refusals: ['invalid'], sentences: ['The filter cannot be read at column …: …. Filter: …'] },
  'lists.cursor_invalid': { refusals: ['invalid'], sentences: ['This cursor does not continue this list. Ask again without it.'] },
  'lists.filter_invalid': { refusals: ['invalid'], sentences: [] },
  'lists.sort_invalid': { refusals: ['invalid'], sentences: [] },
  'log.closed': { refusals: ['unavailable'], sentences: ['The event log is closed: this process is stopping.'] },
  'log.epoch_changed': { refusals: ['conflict'], sentences: [] },
  'log.event_invalid': { refusals: ['invalid'], sentences: ['… is not fit for the log.'] },
  'log.event_too_large': { refusals: ['invalid'], sentences: [] },
  'log.expired': { refusals: ['not-found'], sentences: [] },
  'log.full': { refusals: ['exhausted'], sentences: [] },
  'log.in_use': { refusals: ['unavailable'], sentences: [] },
  'log.name_invalid': { refusals: ['invalid'], sentences: [] },
  'log.not_synced': { refusals: ['unavailable'], sentences: [] },
  'log.option_dropped': { refusals: ['unavailable'], sentences: [] },
  'log.schema_unknown': { refusals: ['unavailable'], sentences: [] },
  'log.server_too_old': { refusals: ['unavailable'], sentences: [] },
  'log.sync_unknown': { refusals: ['unavailable'], sentences: [] },
  'log.unavailable': {
    refusals: ['unavailable'],
    sentences: ['The event log does not work at the moment: …. Try again in a few seconds.', 'The log is away.'],
  },
  'quotas.update_denied': {
    refusals: ['forbidden'],
    sentences: ['Only operators of the platform set quotas (platform-operator, platform-admin).'],
  },
  'retention.precondition_failed': {
    refusals: ['conflict'],
    sentences: ['Somebody else has changed how long events are kept. Read it again, and repeat the change.'],
  },
  'retention.precondition_required': {
    refusals: ['conflict'],
    sentences: [
      'Say which rules these replace: If-Match with the ETag that GET of the retention answers, or * to replace whatever there is.',
    ],
  },
  'roles.manage_exceeded': {
    refusals: ['forbidden'],
    sentences: ['This would give the right to …, which you do not have yourself. Nobody gives more than they have.'],
  },
  'runs.approve_denied': { refusals: ['forbidden'], sentences: ['You may not decide this yourself.'] },
  'runtime.approval_answered': { refusals: ['conflict'], sentences: ['Somebody else has decided already. Read the approval to see what.'] },
  'runtime.approval_expired': { refusals: ['conflict'], sentences: ['The time to decide is over.'] },
  'runtime.approval_not_found': { refusals: ['not-found'], sentences: ['There is no approval "…" here.'] },
  'runtime.automation_not_found': { refusals: ['not-found'], sentences: [] },
  'runtime.backfill_too_large': { refusals: ['invalid'], sentences: [] },
  'runtime.body_malformed': {
    refusals: ['invalid'],
    sentences: [
      'The body is nested more than … deep. Send flatter data.',
      'The body is not JSON: …. Send JSON, or name the type it has in Content-Type.',
      'The body is not UTF-8 text, though its Content-Type says so.',
      'The field … of the form is a text and a file. Give the two names of their own.',
    ],
  },
  'runtime.cancelled': { refusals: ['conflict'], sentences: ['The run was cancelled before it answered.'] },
  'runtime.capture_impossible': { refusals: ['conflict'], sentences: [] },
  'runtime.context_not_found': { refusals: ['not-found'], sentences: ['There is no such `user`: nobody has written it, or it ran out.'] },
  'runtime.context_owner_invalid': { refusals: ['invalid'], sentences: [] },
  'runtime.context_too_large': {
    refusals: ['exhausted'],
    sentences: ['`user` would be larger than … KiB; nothing was written. Remove what is no longer needed, or keep large values in files.'],
  },
  'runtime.cursor_invalid': { refusals: ['invalid'], sentences: ['This cursor continues no list. List again without it.'] },
  'runtime.dead_letter_not_found': { refusals: ['not-found'], sentences: [] },
  'runtime.decision_unknown': { refusals: ['invalid'], sentences: [] },
  'runtime.endpoint_not_found': { refusals: ['not-found'], sentences: ['No automation of this workspace answers … "…".'] },
  'runtime.etag_invalid': { refusals: ['invalid'], sentences: ['If-Match wants an ETag as it was answered, or *; "…" is neither.'] },
  'runtime.event_not_found': { refusals: ['not-found'], sentences: ['History has no event "…" here. A new one can take a moment.'] },
  'runtime.fetch_allow_invalid': {
    refusals: ['invalid'],
    sentences: [
      'MILLRACE_FETCH_ALLOW has the entry "…", which is neither a host, "*." and a host, an address nor a network. Write it like crm.lan, *.crm.lan, 10.0.0.7 or 10.0.0.0/8.',
    ],
  },
  'runtime.filter_invalid': { refusals: ['invalid'], sentences: [] },
  'runtime.form_invalid': { refusals: ['invalid'], sentences: ['The answer does not fit the form.'] },
  'runtime.loop': { refusals: ['exhausted'], sentences: [] },
  'runtime.model_damaged': {
    refusals: ['unavailable'],
    sentences: ['The files of the version … came as …. They are fetched again when it is next asked for.'],
  },
  'runtime.model_unavailable': {
    refusals: ['unavailable'],
    sentences: ['The version of workspace … cannot be loaded at the moment. Try again in a few seconds.'],
  },
  'runtime.nothing_published': { refusals: ['not-found'], sentences: ['Nothing runs in a workspace "…". Publish a version first.'] },
  'runtime.precondition_failed': {
    refusals: ['conflict'],
    sentences: ['`user` has changed since it was read. Read it again and repeat the change.'],
  },
  'runtime.precondition_required': {
    refusals: ['conflict'],
    sentences: ['Send If-Match with the ETag of the context you change, or If-Match: * to change whatever is there.'],
  },
  'runtime.replay_ended': { refusals: ['conflict'], sentences: [] },
  'runtime.replay_incomplete': { refusals: ['conflict'], sentences: [] },
  'runtime.replay_not_found': { refusals: ['not-found'], sentences: [] },
  'runtime.replay_too_large': { refusals: ['invalid'], sentences: [] },
  'runtime.result_gone': {
    refusals: ['not-found'],
    sentences: ['There is no such result: it was never promised to you, or its 24 hours are over. Call the endpoint again.'],
  },
  'runtime.run_ended': { refusals: ['conflict'], sentences: ['The run "…" has ended already. Read it to see how.'] },
  'runtime.run_goes_on': { refusals: ['conflict'], sentences: [] },
  'runtime.run_not_found': { refusals: ['not-found'], sentences: [] },
  'runtime.run_unsettled': { refusals: ['unavailable'], sentences: [] },
  'runtime.schedule_not_found': {
    refusals: ['not-found'],
    sentences: ['There is no schedule "…" in the version that runs. List the schedules; one whose times were changed has another id.'],
  },
  'runtime.sign_in_needed': {
    refusals: ['unauthenticated'],
    sentences: ['The endpoint "…" wants to know who calls. Send an access token.'],
  },
  'runtime.signature_invalid': {
    refusals: ['unauthenticated'],
    sentences: ['The call is not signed as this endpoint requires. Sign the body as it is sent, with the secret of the endpoint.'],
  },
  'runtime.signed_form_too_large': {
    refusals: ['invalid'],
    sentences: [
      'This endpoint requires a signature, and those of forms with files are checked up to 1 MiB. Send less, or the file as the whole body.',
    ],
  },
  'runtime.span_invalid': { refusals: ['invalid'], sentences: [] },
  'runtime.start_unknown': {
    refusals: ['conflict'],
    sentences: ['What the run began with is not known any more: it was too large to keep, or its event is gone. Start it anew.'],
  },
  'runtime.step_unknown': { refusals: ['invalid'], sentences: [] },
  'runtime.stopping': { refusals: ['unavailable'], sentences: ['The runtime is being stopped. Try again in a few seconds.'] },
  'runtime.verify_secret_missing': {
    refusals: ['unavailable'],
    sentences: ['The endpoint "…" has no secret to check signatures by. Give a value to what its `verify.secret` names.'],
  },
  'runtime.workspace_suspended': {
    refusals: ['conflict'],
    sentences: [
      'The workspace "…" is suspended, and its endpoints answer nobody. Its owner or the platform\'s operators can start it again.',
    ],
  },
  'runtime.write_contended': { refusals: ['unavailable'], sentences: ['`config` changes faster than it can be written. Try again later.'] },
  'service.folder_unusable': {
    refusals: ['unavailable'],
    sentences: ['The data folder … cannot be used (…). Name another with MILLRACE_DATA, or give this user the right to write there.'],
  },
  'service.port_unusable': { refusals: ['unavailable'], sentences: [] },
  'service.stopping': { refusals: ['unavailable'], sentences: ['The process stops; it waits for no server any more.'] },
  'services.read_denied': {
    refusals: ['forbidden'],
    sentences: [
      'Only operators of the platform see its services (platform-operator, platform-admin). GET /healthz says whether it takes requests.',
    ],
  },
  'settings.invalid': {
    refusals: ['invalid'],
    sentences: [
      'MILLRACE_IDENTITY is "external", but nothing says who signs people in. Set MILLRACE_ISSUER_URL to the realm, for example https://login.example.org/realms/millrace.',
      'These settings cannot be used:\n  …',
    ],
  },
  'tokens.not_found': { refusals: ['not-found'], sentences: ['You have no token "…". GET /v1/me/tokens shows those you have.'] },
  'tokens.scope_unknown': {
    refusals: ['invalid'],
    sentences: ['"…" is no scope. A scope is <action>:<subject>, such as read:events, manage:automations, read:* or read:me.'],
  },
  'tokens.sign_in_needed': {
    refusals: ['forbidden'],
    sentences: ['Tokens are made by people who have signed in, not with a token or a key. Sign in to make one.'],
  },
  'tokens.too_many': { refusals: ['exhausted'], sentences: ['A person has at most … tokens. Revoke those that nobody uses.'] },
  'topics.manage_denied': { refusals: ['forbidden'], sentences: ['Only automations say this of topics. Use /v1/workspaces/<id>/topics.'] },
  'topics.member_not_found': { refusals: ['not-found'], sentences: ['… is not in the topic "…".'] },
  'topics.not_found': { refusals: ['not-found'], sentences: ['There is no topic "…" in this workspace.'] },
  'topics.precondition_failed': {
    refusals: ['conflict'],
    sentences: ['The topic "…" is not the one you read: …. Read it again and repeat the change.'],
  },
  'topics.precondition_required': {
    refusals: ['conflict'],
    sentences: ['Send If-Match with the ETag of the topic you delete, or If-Match: * to delete whatever is there.'],
  },
  'topics.taken': { refusals: ['conflict'], sentences: ['There is a topic "…" in this workspace already.'] },
  'topics.too_many': {
    refusals: ['exhausted'],
    sentences: ['… is in … topics of this workspace: that is as many as one may be in. Take them out of one first.'],
  },
  'wire.closed': { refusals: ['unavailable'], sentences: ['The connection to the other services is closed: this process is stopping.'] },
  'wire.disconnected': {
    refusals: ['unavailable'],
    sentences: ['The connection to the other services is lost and being made again. Try again in a few seconds.'],
  },
  'wire.forbidden': { refusals: ['forbidden'], sentences: [] },
  'wire.handler_failed': { refusals: ['unavailable'], sentences: ['The service behind "…" failed while it answered.'] },
  'wire.message_too_large': { refusals: ['invalid'], sentences: [] },
  'wire.no_one_listens': { refusals: ['unavailable'], sentences: ['No service answers "…" at the moment. Try again in a few seconds.'] },
  'wire.timeout': { refusals: ['unavailable'], sentences: ['"…" did not answer within … ms.'] },
  'workspaces.app_not_packed': { refusals: ['invalid'], sentences: ['The archive holds no app …. …'] },
  'workspaces.archive_refused': { refusals: ['invalid'], sentences: ['Nothing was imported. …: … Mend the archive and send it again.'] },
  'workspaces.asset_too_large': { refusals: ['invalid'], sentences: ['An asset has at most … bytes. Make several files of it.'] },
  'workspaces.automation_exists': { refusals: ['conflict'], sentences: [] },
  'workspaces.automation_not_found': { refusals: ['not-found'], sentences: ['There is no automation "…" in this workspace.'] },
  'workspaces.automation_taken': { refusals: ['conflict'], sentences: ['There is an automation "…" already. Choose another slug.'] },
  'workspaces.config_invalid': { refusals: ['invalid'], sentences: ['The configuration is not what its schema allows. ….'] },
  'workspaces.config_moved': {
    refusals: ['conflict'],
    sentences: ['The configuration was written by somebody else meanwhile. Look again whether you may write, and repeat the write.'],
  },
  'workspaces.config_not_object': { refusals: ['invalid'], sentences: [] },
  'workspaces.create_denied': {
    refusals: ['forbidden'],
    sentences: ['On this platform only its admins create workspaces (platform-admin). Ask one of them for yours.'],
  },
  'workspaces.credential_elsewhere': {
    refusals: ['forbidden'],
    sentences: ['This token is for some workspaces only, and a new one is none of them. Sign in to create one.'],
  },
  'workspaces.document_invalid': { refusals: ['invalid'], sentences: [] },
  'workspaces.document_unreadable': {
    refusals: ['conflict'],
    sentences: ['… cannot be read, so nothing in it can be changed. Put it right first.'],
  },
  'workspaces.draft_busy': { refusals: ['unavailable'], sentences: ['The draft keeps changing. Try again in a moment.'] },
  'workspaces.draft_file_not_found': { refusals: ['not-found'], sentences: ['There is no file "…" in the draft.'] },
  'workspaces.draft_moved': {
    refusals: ['conflict'],
    sentences: [
      'If-Match names the draft "…", which was never here or is kept no more, so nothing was written; … of your files stand here otherwise. Plan again with `dryRun`, and send the digest of that plan.',
      'The draft is not the one you saw. … Plan again, and send its new digest.',
    ],
  },
  'workspaces.etag_invalid': { refusals: ['invalid'], sentences: ['If-Match wants an ETag as it was answered, or *; "…" is neither.'] },
  'workspaces.event_type_not_found': { refusals: ['not-found'], sentences: ['There is no event type "…" in the draft of this workspace.'] },
  'workspaces.event_type_version_not_found': {
    refusals: ['not-found'],
    sentences: ['The event type "…" has no version … in this workspace. Versions are made by publishing.'],
  },
  'workspaces.export_too_large': {
    refusals: ['invalid'],
    sentences: [
      'With its apps the version has … files of … bytes; an import takes … of …. Export it without apps, and each app from its own workspace.',
    ],
  },
  'workspaces.file_end_past': { refusals: ['invalid'], sentences: ['The end of the file is past. Give a time that is to come.'] },
  'workspaces.file_invalid': { refusals: ['invalid'], sentences: ['…: …'] },
  'workspaces.file_not_found': { refusals: ['not-found'], sentences: ['There is no file "…" here, or you may not see it.'] },
  'workspaces.file_not_text': {
    refusals: ['invalid'],
    sentences: ['"…" is an asset, and no text. Ask for its bytes: GET …/draft:content?path=.'],
  },
  'workspaces.file_too_large': { refusals: ['invalid'], sentences: ['… is larger than … bytes. Make several files of it.'] },
  'workspaces.file_type_disagrees': {
    refusals: ['invalid'],
    sentences: ['The file was declared to be …, but by its content it is …. Send it with the type it has, or without one.'],
  },
  'workspaces.file_type_refused': {
    refusals: ['invalid'],
    sentences: ['The workspace takes no files of type …. Send one of these: …; or let its owner add the type to the settings.'],
  },
  'workspaces.filling_given_up': {
    refusals: ['unavailable'],
    sentences: ['Filling the workspace took too long, and it was given up. Nothing is left of it: try again.'],
  },
  'workspaces.invitation_not_found': {
    refusals: ['not-found'],
    sentences: ['This invitation leads nowhere: it was accepted, has ended or was taken back. Ask whoever invited you for another.'],
  },
  'workspaces.invitation_not_yours': {
    refusals: ['forbidden'],
    sentences: [
      'This invitation is for another e-mail address, or yours is not verified yet. Sign in with the address it was sent to, and verify that.',
    ],
  },
  'workspaces.job_not_found': {
    refusals: ['not-found'],
    sentences: ['There is no job "…" of yours. Jobs are kept for 24 hours after they have ended.'],
  },
  'workspaces.link_not_found': {
    refusals: ['not-found'],
    sentences: [
      'The file has no link "…".',
      'This link leads nowhere: it has ended or was taken back. Ask whoever gave it to you for another.',
    ],
  },
  'workspaces.locale_unknown': {
    refusals: ['invalid'],
    sentences: ['There is no language "…". Name one by its tag (BCP 47), such as fr or pt-BR.'],
  },
  'workspaces.member_end_past': { refusals: ['invalid'], sentences: ['The end of the membership is past. Give a time that is to come.'] },
  'workspaces.member_not_found': { refusals: ['not-found'], sentences: ['There is no member "…" in this workspace.'] },
  'workspaces.member_otherwise': {
    refusals: ['conflict'],
    sentences: [
      'You are a member already, until another time than this invitation says. Ask whoever invited you to change your roles instead.',
    ],
  },
  'workspaces.member_taken': { refusals: ['conflict'], sentences: ['They are a member already, or invited. Change their roles instead.'] },
  'workspaces.metadata_too_large': {
    refusals: ['invalid'],
    sentences: ['A file has at most … pairs of metadata, names of 1 to … and texts of up to … characters.'],
  },
  'workspaces.name_missing': {
    refusals: ['invalid'],
    sentences: ['The archive does not say what the workspace is called. Say it with ?name=, or in its workspace.yaml.'],
  },
  'workspaces.name_too_long': {
    refusals: ['invalid'],
    sentences: ['The archive gives the workspace a name of … characters, and … is the most. Say another with ?name=.'],
  },
  'workspaces.not_found': { refusals: ['not-found'], sentences: ['There is no workspace "…", or you are not a member of it.'] },
  'workspaces.nothing_published': {
    refusals: ['conflict'],
    sentences: ['Nothing has been published yet, so there is nothing to go back to. Delete the files instead.'],
  },
  'workspaces.object_expected': { refusals: ['invalid'], sentences: ['…: This must be a JSON object.'] },
  'workspaces.owner_missing': {
    refusals: ['forbidden'],
    sentences: ['Only a person can own a workspace. Sign in as a user to create one.'],
  },
  'workspaces.path_refused': { refusals: ['invalid'], sentences: [] },
  'workspaces.paths_refused': { refusals: ['invalid'], sentences: ['… of the paths cannot be taken. …'] },
  'workspaces.photo_refused': {
    refusals: ['invalid'],
    sentences: ['"…" is no picture of this workspace that everybody may see. Upload one with ?visibility=public, and name that.'],
  },
  'workspaces.precondition_failed': {
    refusals: ['conflict'],
    sentences: [
      'The file "…" is at revision …, changed by … at …. Read it again and repeat the change.',
      'The secret "…" …. Look at it again and repeat the change.',
      'There is no … any more. Create it again with If-None-Match: *.',
      '… is at revision …, changed by … at …. Read it again and repeat the change.',
    ],
  },
  'workspaces.precondition_required': {
    refusals: ['conflict'],
    sentences: [
      'Send If-Match with the ETag of what you change, or If-Match: * to change whatever is there.',
      'Send If-Match with the digest of the draft that you saw, or If-Match: * to write over whatever is there.',
      'The secret "…" exists. Send If-Match with its ETag to change it, or If-Match: * to overwrite whatever is there.',
      '… exists. Send If-Match with its ETag to change it, or If-Match: * to overwrite whatever is there.',
    ],
  },
  'workspaces.quota_reached': {
    refusals: ['exhausted'],
    sentences: [
      'A person owns at most … workspaces. Delete one first, give one to somebody else, or ask an operator of the platform for more.',
      'A workspace has at most … shares. Take some back first, or give people a role instead.',
      'A workspace has at most …. Delete some first, or ask an operator of the platform for more.',
      'A workspace holds at most … secrets. Delete some first.',
      'A workspace holds at most …. Delete some first.',
      'The platform has at most … workspaces, and as many are there. Ask an operator of the platform for more.',
    ],
  },
  'workspaces.read_denied': {
    refusals: ['forbidden'],
    sentences: ['Only operators of the platform see all workspaces (platform-operator, platform-admin). GET /v1/workspaces lists yours.'],
  },
  'workspaces.role_in_use': { refusals: ['conflict'], sentences: ['Other roles inherit from "…": …. Change those first.'] },
  'workspaces.role_invalid': { refusals: ['invalid'], sentences: ['…: …'] },
  'workspaces.role_not_found': { refusals: ['not-found'], sentences: ['There is no role "…" of this workspace\'s own.'] },
  'workspaces.secret_name_reserved': {
    refusals: ['invalid'],
    sentences: ['Names that begin with MILLRACE_ are ours. Choose another one.'],
  },
  'workspaces.secret_not_found': { refusals: ['not-found'], sentences: ['There is no secret "…".'] },
  'workspaces.secret_too_large': { refusals: ['invalid'], sentences: ['A secret has at most … bytes.'] },
  'workspaces.secret_unreadable': {
    refusals: ['unavailable'],
    sentences: [
      'The secret "…" cannot be opened with the master key of this installation. Give it the key it had, or set the secret again.',
    ],
  },
  'workspaces.share_invalid': { refusals: ['invalid'], sentences: [] },
  'workspaces.share_not_found': { refusals: ['not-found'], sentences: ['There is no share "…" in this workspace.'] },
  'workspaces.slug_missing': {
    refusals: ['invalid'],
    sentences: ['No short name can be made from "…". Give the workspace a slug: 3 to 40 of a–z, 0–9 and -.'],
  },
  'workspaces.slug_taken': { refusals: ['conflict'], sentences: ['Another workspace is called "…". Choose another slug.'] },
  'workspaces.suspended_by_operators': {
    refusals: ['forbidden'],
    sentences: ['The operators of the platform stopped this workspace…. Ask them to start it again.'],
  },
  'workspaces.texts_missing': { refusals: ['invalid'], sentences: [] },
  'workspaces.too_many_files': { refusals: ['exhausted'], sentences: ['A workspace holds at most … files. Delete some first.'] },
  'workspaces.too_many_links': { refusals: ['exhausted'], sentences: ['A file has at most … links. Take one back first.'] },
  'workspaces.too_many_members': { refusals: ['exhausted'], sentences: ['A workspace has at most … members.'] },
  'workspaces.too_many_roles': { refusals: ['exhausted'], sentences: ['A workspace has at most … roles of its own. Delete one first.'] },
  'workspaces.transfer_denied': {
    refusals: ['forbidden'],
    sentences: ['Only its owner gives a workspace away, or an admin of the platform. Ask them to offer it.'],
  },
  'workspaces.transfer_not_offered': {
    refusals: ['conflict'],
    sentences: ['This workspace is not offered to you, or not any more. Ask its owner to offer it again.'],
  },
  'workspaces.tree_too_large': { refusals: ['invalid'], sentences: [] },
  'workspaces.upload_too_large': { refusals: ['invalid'], sentences: ['A file has at most … bytes. Send less, or in parts.'] },
  'workspaces.version_in_use': { refusals: ['conflict'], sentences: ['Version … cannot be deleted: ….'] },
  'workspaces.version_not_found': {
    refusals: ['not-found'],
    sentences: ['There is no version "…". Name one by its id or its number, as the list of versions shows them.'],
  },
  'workspaces.zone_unknown': {
    refusals: ['invalid'],
    sentences: ['There is no time zone "…". Name one of the IANA database, such as Europe/Paris.'],
  },
};
