// Geometry of the chart of round trips: pure numbers, so that it can be tested without drawing.

import type { SampleView } from '../../ipc/types';

export interface Plot {
  /** Top of the scale in milliseconds. */
  top: number;
  /** Lines to read values at, in milliseconds. */
  grid: number[];
  /** Runs of answered tries; a failed try breaks the line. */
  lines: { x: number; y: number }[][];
  answered: { x: number; y: number; n: number }[];
  failed: { x: number; n: number }[];
}

export interface Box {
  width: number;
  height: number;
  /** Room for the labels of the scale. */
  left: number;
  pad: number;
}

const TOPS = [100, 200, 400, 600, 1000, 2000, 3000, 5000, 10_000];

export function scaleTop(samples: readonly SampleView[]): number {
  const max = Math.max(0, ...samples.map((sample) => sample.ms ?? 0));
  return TOPS.find((top) => top >= max * 1.05) ?? Math.ceil((max * 1.05) / 5000) * 5000;
}

export function plot(samples: readonly SampleView[], planned: number, box: Box): Plot {
  const top = scaleTop(samples);
  const slots = Math.max(planned, samples.length, 2);
  const step = (box.width - box.left - 2 * box.pad) / (slots - 1);
  const x = (n: number) => round(box.left + box.pad + n * step);
  const y = (ms: number) => round(box.height - box.pad - (ms / top) * (box.height - 2 * box.pad));
  const result: Plot = { top, grid: [0, top / 2, top], lines: [], answered: [], failed: [] };
  let line: { x: number; y: number }[] = [];
  samples.forEach((sample, index) => {
    if (sample.ms === null) {
      result.failed.push({ x: x(index), n: index + 1 });
      if (line.length > 0) result.lines.push(line);
      line = [];
      return;
    }
    const point = { x: x(index), y: y(sample.ms) };
    line.push(point);
    result.answered.push({ ...point, n: index + 1 });
  });
  if (line.length > 0) result.lines.push(line);
  return result;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Median, highest and failures, for the sentence that stands in for the picture. */
export function summary(samples: readonly SampleView[]): {
  tries: number;
  median: number;
  max: number;
  failed: number;
} {
  const times = samples.flatMap((sample) => (sample.ms === null ? [] : [sample.ms])).sort((a, b) => a - b);
  return {
    tries: samples.length,
    median: Math.round(times[Math.floor(times.length / 2)] ?? 0),
    max: Math.round(times.at(-1) ?? 0),
    failed: samples.length - times.length,
  };
}
