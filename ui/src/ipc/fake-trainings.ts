// A handful of invented trainings for the fake.

import type { Method, SeatBand, TrainingDetail } from './types';

const DAY = 86_400_000;

function training(
  n: number,
  title: string,
  method: Method,
  more: { free?: boolean; price?: number; city?: string; seats?: SeatBand; field?: string; institution?: string },
): TrainingDetail {
  const id = `01930000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;
  const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const starts = Date.now() + (10 + n) * DAY;
  const free = more.free ?? true;
  const schedules =
    method === 'self_paced'
      ? []
      : [0, 1].map((run) => ({
          id: `01940000-0000-7000-8000-00000000${String(n).padStart(2, '0')}0${run}`,
          starts_on: iso(starts + run * 30 * DAY),
          ends_on: iso(starts + run * 30 * DAY + 4 * DAY),
          time: '08.00–15.00',
          city: method === 'in_person' ? (more.city ?? 'Kota Batam') : null,
          address: method === 'in_person' ? 'Jl. Diponegoro No. 10' : null,
          closes_at: starts + run * 30 * DAY - 3 * DAY,
          closed: false,
          seats: more.seats ?? ('plenty' as SeatBand),
        }));
  return {
    row: {
      id,
      title,
      method,
      institution: more.institution ?? 'UPTD BLK Batam (contoh)',
      platform: 'Skill Hub (contoh)',
      free,
      price_idr: free ? 0 : (more.price ?? 600_000),
      hours: 16 + n * 4,
      rating_x10: 40 + (n % 10),
      ratings: 120 * n,
      city: schedules[0]?.city ?? null,
      starts_on: schedules[0]?.starts_on ?? null,
      seats: method === 'self_paced' ? null : (more.seats ?? 'plenty'),
      mine: null,
    },
    summary: 'Belajar dari dasar sampai bisa mengerjakan sendiri, dengan tugas nyata dan bimbingan instruktur.',
    field: more.field ?? 'Teknologi',
    needs: ['Bisa membaca dan menulis', 'Membawa alat tulis'],
    schedules,
    as_of: Date.now() - 3_600_000,
    now: Date.now(),
  };
}

export const TRAININGS: readonly TrainingDetail[] = [
  training(1, 'Las listrik SMAW posisi 1G dan 2G', 'in_person', { seats: 'few', field: 'Manufaktur' }),
  training(2, 'Dasar komputer perkantoran', 'self_paced', { field: 'Administrasi' }),
  training(3, 'Servis AC rumah tangga', 'in_person', { seats: 'full', city: 'Kota Manado', field: 'Teknik' }),
  training(4, 'Bahasa Inggris untuk layanan tamu', 'webinar', { field: 'Pariwisata' }),
  training(5, 'Menjahit pakaian dasar', 'in_person', { city: 'Kota Denpasar', field: 'Garmen' }),
  training(6, 'Pemasaran daring untuk usaha kecil', 'webinar', { free: false, price: 450_000, field: 'Pemasaran' }),
  training(7, 'Desain grafis pemula', 'self_paced', { free: false, price: 750_000, field: 'Desain' }),
  training(8, 'Barista dan kedai kopi', 'in_person', { city: 'Kota Batam', field: 'Makanan dan minuman' }),
  ...Array.from({ length: 36 }, (_, index) =>
    training(
      index + 9,
      `${['Teknisi komputer', 'Tata boga', 'Perakitan panel surya', 'Akuntansi dasar'][index % 4]} angkatan ${index + 1}`,
      (['in_person', 'webinar', 'self_paced'] as const)[index % 3] ?? 'webinar',
      { free: index % 5 !== 0, price: 400_000 + index * 25_000 },
    ),
  ),
];
