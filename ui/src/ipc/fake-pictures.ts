// Pictures for the fake: something of the shape of a QR code, and a drawn card in place of a photo.

/** Looks like a QR code and leads nowhere. */
export function fakeQr(): string {
  const size = 29;
  let path = '';
  let seed = 7;
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const corner = (x < 8 && y < 8) || (x >= size - 8 && y < 8) || (x < 8 && y >= size - 8);
      seed = (seed * 75 + 74) % 65537;
      if (!corner && seed % 2 === 0) path += `M${x} ${y}h1v1h-1z`;
    }
  }
  for (const [x, y] of [
    [0, 0],
    [size - 7, 0],
    [0, size - 7],
  ] as const) {
    path += `M${x} ${y}h7v7h-7zM${x + 1} ${y + 1}v5h5v-5zM${x + 2} ${y + 2}h3v3h-3z`;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 ${size + 4} ${size + 4}"><path fill="#fff" d="M-2-2h${size + 4}v${size + 4}h-${size + 4}z"/><path fill-rule="evenodd" d="${path}"/></svg>`;
}

/** A drawn identity card on a table, as a data URI. */
export function fakePhoto(): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="640" viewBox="0 0 960 640"><rect width="960" height="640" fill="#6b5b4b"/><rect x="110" y="90" width="740" height="466" rx="26" fill="#a9cbe3"/><rect x="640" y="190" width="160" height="210" fill="#c23b3b"/><circle cx="720" cy="270" r="46" fill="#e5c3a5"/><path d="M650 400q70-110 140 0z" fill="#2a3a55"/><g fill="#33506b"><rect x="150" y="130" width="420" height="20"/><rect x="150" y="200" width="330" height="26"/><rect x="150" y="250" width="440" height="16"/><rect x="150" y="290" width="380" height="16"/><rect x="150" y="330" width="410" height="16"/><rect x="150" y="370" width="300" height="16"/><rect x="150" y="410" width="350" height="16"/></g></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
