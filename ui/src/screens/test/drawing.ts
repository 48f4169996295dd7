// Figures of the test come from central as text. Nothing of that text reaches the page: it is read as XML, and an element
// is built anew for each that is on the list, with the attributes that are on the list. The lists are those of the
// question bank (`crates/questions/src/svg.rs`): geometry and lines, nothing that runs, loads, names or is coloured.

const NAMESPACE = 'http://www.w3.org/2000/svg';

const ELEMENTS = new Set(['svg', 'g', 'path', 'circle', 'ellipse', 'rect', 'line', 'polygon', 'polyline']);

const ATTRIBUTES = new Set([
  'cx',
  'cy',
  'd',
  'fill-opacity',
  'fill-rule',
  'height',
  'points',
  'r',
  'rx',
  'ry',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'stroke-width',
  'transform',
  'viewBox',
  'width',
  'x',
  'x1',
  'x2',
  'y',
  'y1',
  'y2',
]);

/** Numbers, letters of paths and names of transforms: no address and no quote fits in here. */
const GEOMETRY = /^[A-Za-z0-9\s.,+()-]*$/u;
const PAINTS = new Set(['none', 'currentColor']);

/** Longest text and most elements that are looked at. */
const LENGTH = 16 * 1024;
const COUNT = 500;

function copy(source: Element, left: { elements: number }): SVGElement | null {
  left.elements -= 1;
  if (source.namespaceURI !== NAMESPACE || !ELEMENTS.has(source.localName) || left.elements < 0) return null;
  const made = document.createElementNS(NAMESPACE, source.localName);
  for (const { name, value } of source.attributes) {
    const isPaint = name === 'fill' || name === 'stroke';
    if (isPaint ? PAINTS.has(value) : ATTRIBUTES.has(name) && GEOMETRY.test(value)) made.setAttribute(name, value);
  }
  for (const child of source.children) {
    const part = child.localName === 'svg' ? null : copy(child, left);
    if (part) made.append(part);
  }
  return made;
}

/** The drawing, or `null` when the text is none: the words beside it then have to do. */
export function drawing(text: string): SVGElement | null {
  // A document type could define entities; a drawing needs none.
  if (text.length > LENGTH || text.includes('<!')) return null;
  const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  if (root.localName !== 'svg' || root.querySelector('parsererror') !== null) return null;
  const made = copy(root, { elements: COUNT });
  if (made === null || !made.hasAttribute('viewBox')) return null;
  made.setAttribute('aria-hidden', 'true');
  made.setAttribute('focusable', 'false');
  return made;
}
