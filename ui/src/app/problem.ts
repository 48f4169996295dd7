/** What an error summary shows. */
export interface Problem {
  /** Heading; "Ada yang perlu diperiksa" when absent. */
  title?: string;
  /** What happened, is my data safe, what to do. */
  text?: string;
  /** Wrong fields: id of the control, and the same sentence as beside it. */
  fields: readonly { id: string; text: string }[];
  /** A way out. */
  action?: { href: string; label: string };
  /** Short reference for support. */
  reference?: string;
}
