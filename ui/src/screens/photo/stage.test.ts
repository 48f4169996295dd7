import { describe, expect, it } from 'vitest';
import { fakeSteps } from '../../ipc/fake-registration-world';
import type { Finding, PhotoView, RegistrationState, RegistrationView, SentPhotoState } from '../../ipc/types';
import { cameraTrouble } from './camera';
import { findingWords, marksOf } from './findings';
import { fileTrouble, kilobytes, MAX_BYTES, megabytes } from './photo-file';
import { sentState, stageOf, type PhotoStage } from './stage';

describe('a file before it is read', () => {
  it.each([
    ['ktp.jpg', 'image/jpeg', 800_000, null],
    ['ktp.png', 'image/png', MAX_BYTES, null],
    ['KTP.JPEG', '', 10, null],
    ['ktp.png', 'image/png', MAX_BYTES + 1, 'too_large'],
    ['ktp.jpg', 'image/jpeg', 0, 'empty_file'],
    ['ktp.pdf', 'application/pdf', 10, 'wrong_type'],
    ['ktp.heic', '', 10, 'heic_file'],
    ['KTP.HEIF', 'application/octet-stream', 10, 'heic_file'],
    ['IMG_0012', 'image/heic', 10, 'heic_file'],
    ['ktp.jpg', 'image/heif', 10, 'heic_file'],
    ['ktp.jpg', 'application/octet-stream', 10, null],
    ['ktp.jpg', 'text/plain', 10, 'wrong_type'],
  ])('%s of type "%s" with %i bytes: %s', (name, type, size, expected) => {
    expect(fileTrouble({ name, type, size })).toBe(expected);
  });

  it('never reads as small enough when it is not', () => {
    expect(MAX_BYTES).toBe(20_000_000);
    expect(megabytes(MAX_BYTES)).toBe(20);
    expect(megabytes(MAX_BYTES + 1)).toBeGreaterThan(20);
    expect(kilobytes(812_400)).toBe(812);
  });
});

describe('why the camera does not work', () => {
  it.each([
    ['NotAllowedError', 'denied'],
    ['SecurityError', 'denied'],
    ['NotFoundError', 'not_found'],
    ['OverconstrainedError', 'not_found'],
    ['NotReadableError', 'in_use'],
    ['AbortError', 'in_use'],
    ['TypeError', 'failed'],
  ])('%s: %s', (name, expected) => {
    expect(cameraTrouble(new DOMException('', name))).toBe(expected);
  });

  it('survives whatever is thrown', () => {
    for (const thrown of [null, 'no', undefined, 7]) expect(cameraTrouble(thrown)).toBe('failed');
  });
});

describe('findings', () => {
  const finding = (kind: Finding['kind'], severity: Finding['severity'], measure = 0): Finding => ({
    kind,
    severity,
    measure,
    areas: [],
  });

  it('stand with the gravest first, numbered', () => {
    const marks = marksOf([finding('glare', 'warn'), finding('blurred', 'refuse'), finding('tilted', 'warn')]);
    expect(marks.map((one) => [one.number, one.finding.kind])).toEqual([
      [1, 'blurred'],
      [2, 'glare'],
      [3, 'tilted'],
    ]);
  });

  it('say by how much only where a hand can follow', () => {
    expect(findingWords(finding('tilted', 'warn', -12.4))).toBe('Kartu miring 12°');
    expect(findingWords(finding('glare', 'warn', 0.2))).toBe('Ada pantulan cahaya');
  });
});

describe('the stage of the photo', () => {
  const view = (state: RegistrationState, blocked = false) =>
    ({ state, steps: fakeSteps(state, blocked) }) as RegistrationView;
  const photo = (state: SentPhotoState | null, draft = false) =>
    ({ sent: state === null ? null : { state }, draft: draft ? {} : null }) as PhotoView;

  it.each<[string, PhotoView, RegistrationView, PhotoStage, SentPhotoState | null]>([
    ['nothing yet', photo(null), view('profile_completed'), 'ways', null],
    ['before the match', photo(null), view('not_started'), 'ways', null],
    ['one prepared', photo(null, true), view('profile_completed'), 'examined', null],
    ['waiting', photo('waiting'), view('profile_completed'), 'sent', 'waiting'],
    ['announced elsewhere', photo('awaited_elsewhere'), view('profile_completed'), 'ways', 'awaited_elsewhere'],
    [
      'announced elsewhere, one prepared here',
      photo('awaited_elsewhere', true),
      view('profile_completed'),
      'examined',
      'awaited_elsewhere',
    ],
    ['uploading', photo('uploading'), view('profile_completed'), 'sent', 'uploading'],
    ['received', photo('received'), view('ktp_photo_submitted'), 'sent', 'received'],
    ['refused', photo('rejected'), view('ktp_photo_rejected'), 'ways', 'rejected'],
    ['refused, another prepared', photo('rejected', true), view('ktp_photo_rejected'), 'examined', 'rejected'],
    ['one prepared, a phone sent another', photo('received', true), view('ktp_photo_submitted'), 'sent', 'received'],
    ['one prepared, another accepted', photo('accepted', true), view('ktp_photo_accepted'), 'sent', 'accepted'],
    ['sent in vain and still here', photo('attach_again', true), view('profile_completed'), 'examined', 'attach_again'],
    ['gone from this computer', photo('attach_again'), view('profile_completed'), 'ways', 'attach_again'],
    ['sent by another computer', photo(null), view('ktp_photo_submitted'), 'sent', 'received'],
    ['accepted from another computer', photo(null), view('face_pending'), 'sent', 'accepted'],
    ['blocked', photo(null), view('profile_completed', true), 'closed', null],
    ['ended', photo('waiting'), view('ineligible'), 'closed', 'waiting'],
  ])('%s', (_case, one, registration, stage, sent) => {
    expect(stageOf(one, registration)).toBe(stage);
    expect(sentState(one, registration)).toBe(sent);
  });
});
