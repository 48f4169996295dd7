// Turning the camera on, and why it does not: engines differ in what they offer, and every no has words.

export type CameraTrouble = 'none' | 'denied' | 'not_found' | 'in_use' | 'failed';

/** Absent in windows whose engine offers no camera at all. */
export function cameraOffered(): boolean {
  return typeof navigator.mediaDevices?.getUserMedia === 'function';
}

/** The name of what `getUserMedia` threw, as the standard lists them. */
export function cameraTrouble(thrown: unknown): CameraTrouble {
  const name = thrown instanceof Error || thrown instanceof DOMException ? thrown.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'not_found';
    case 'NotReadableError':
    case 'AbortError':
      return 'in_use';
    default:
      return 'failed';
  }
}

export function openCamera(): Promise<MediaStream> {
  const video = { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1080 } };
  return navigator.mediaDevices.getUserMedia({ video, audio: false });
}

/** The lamp of the camera goes out. */
export function closeCamera(stream: MediaStream | null): void {
  stream?.getTracks().forEach((track) => track.stop());
}

/** What the video shows now, as a JPEG; `null` when the engine cannot make one. */
export async function capture(video: HTMLVideoElement): Promise<Uint8Array | null> {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext('2d');
  if (!context || canvas.width === 0) return null;
  context.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.95));
  return blob && new Uint8Array(await blob.arrayBuffer());
}
