// A paper of six items of every kind: words, a passage, a table, a figure, figures to choose from. Invented.

import type { TestItemView, TestOptionView, Words } from './types';

const words = (id: string, en: string): Words => ({ id, en });
const option = (key: string, id: string, en: string, svg: string | null = null): TestOptionView => ({
  key,
  text: words(id, en),
  svg,
});

function arrow(degrees: number): string {
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80"><g fill="none" stroke="currentColor" stroke-width="4" ' +
    `stroke-linejoin="round" stroke-linecap="round"><g transform="rotate(${degrees} 40 40)">` +
    '<path d="M40 66V18M26 32L40 14L54 32"/></g></g></svg>'
  );
}

const ROW =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 80"><g fill="none" stroke="currentColor" stroke-width="2.5" ' +
  'stroke-linejoin="round" stroke-linecap="round"><rect x="6" y="13" width="54" height="54" stroke-width="1"/>' +
  '<g transform="translate(8 15) scale(0.625)"><path d="M40 66V18M26 32L40 14L54 32" stroke-width="4"/></g>' +
  '<rect x="64" y="13" width="54" height="54" stroke-width="1"/><g transform="translate(66 15) scale(0.625)">' +
  '<g transform="rotate(90 40 40)"><path d="M40 66V18M26 32L40 14L54 32" stroke-width="4"/></g></g>' +
  '<rect x="122" y="13" width="54" height="54" stroke-width="1"/><g transform="translate(124 15) scale(0.625)">' +
  '<g transform="rotate(180 40 40)"><path d="M40 66V18M26 32L40 14L54 32" stroke-width="4"/></g></g>' +
  '<rect x="180" y="13" width="54" height="54" stroke-dasharray="4 4"/></g></svg>';

const plain = { passage: null, table: null, svg: null, figure: null, answer: null } as const;

export const ITEMS: readonly TestItemView[] = [
  {
    ...plain,
    id: 'verbal-014',
    kind: 'verbal',
    text: words(
      'Kata mana yang artinya paling dekat dengan “teliti”?',
      'Which word is closest in meaning to “careful”?',
    ),
    options: [
      option('a', 'Cermat', 'Attentive'),
      option('b', 'Cepat', 'Fast'),
      option('c', 'Ramah', 'Friendly'),
      option('d', 'Tenang', 'Calm'),
    ],
  },
  {
    ...plain,
    id: 'verbal-031',
    kind: 'verbal',
    passage: words(
      'Koperasi di Desa Sukamaju membuka gudang setiap Senin dan Kamis. Anggota boleh menitipkan hasil panen paling lama dua minggu. Setelah itu, hasil panen dijual koperasi dan uangnya diberikan kepada anggota setelah dipotong biaya simpan.',
      'The cooperative of Sukamaju opens its store every Monday and Thursday. Members may leave their harvest for two weeks at most. After that the cooperative sells it and gives the money to the member, less the cost of storing.',
    ),
    text: words(
      'Apa yang terjadi dengan hasil panen yang dititipkan tiga minggu?',
      'What happens to a harvest that is left for three weeks?',
    ),
    options: [
      option('a', 'Dikembalikan ke anggota', 'It is returned to the member'),
      option('b', 'Dijual oleh koperasi', 'The cooperative sells it'),
      option('c', 'Disimpan tanpa biaya', 'It is stored free of charge'),
      option('d', 'Dibagi ke semua anggota', 'It is shared among all members'),
    ],
  },
  {
    ...plain,
    id: 'numeric-007',
    kind: 'numeric',
    table: {
      id: {
        head: ['Hari', 'Roti terjual', 'Harga satuan'],
        rows: [
          ['Senin', '120', 'Rp4.000'],
          ['Selasa', '95', 'Rp4.000'],
          ['Rabu', '140', 'Rp3.500'],
        ],
      },
      en: {
        head: ['Day', 'Loaves sold', 'Price each'],
        rows: [
          ['Monday', '120', 'Rp4,000'],
          ['Tuesday', '95', 'Rp4,000'],
          ['Wednesday', '140', 'Rp3,500'],
        ],
      },
    },
    text: words('Hari apa hasil penjualannya paling besar?', 'On which day was the most money taken?'),
    options: [
      option('a', 'Senin', 'Monday'),
      option('b', 'Selasa', 'Tuesday'),
      option('c', 'Rabu', 'Wednesday'),
      option('d', 'Senin dan Rabu sama besar', 'Monday and Wednesday alike'),
    ],
  },
  {
    ...plain,
    id: 'figural-001',
    kind: 'figural',
    text: words('Gambar mana yang melanjutkan deret ini?', 'Which picture continues this series?'),
    svg: ROW,
    figure: words(
      'Empat kotak dalam satu baris. Kotak 1: panah ke atas. Kotak 2: panah ke kanan. Kotak 3: panah ke bawah. Kotak 4 adalah gambar yang dicari.',
      'Four boxes in a row. Box 1: arrow up. Box 2: arrow to the right. Box 3: arrow down. Box 4 is the picture to find.',
    ),
    options: [
      option('a', 'Panah ke kiri atas.', 'Arrow pointing up and to the left.', arrow(315)),
      option('b', 'Panah ke atas.', 'Arrow pointing up.', arrow(0)),
      option('c', 'Panah ke kanan.', 'Arrow pointing to the right.', arrow(90)),
      option('d', 'Panah ke kiri.', 'Arrow pointing to the left.', arrow(270)),
    ],
  },
  {
    ...plain,
    id: 'numeric-022',
    kind: 'numeric',
    text: words(
      'Sebuah motor menempuh 90 km dalam 2 jam. Berapa kecepatan rata-ratanya?',
      'A motorcycle covers 90 km in 2 hours. What is its average speed?',
    ),
    options: [
      option('a', '40 km/jam', '40 km/h'),
      option('b', '45 km/jam', '45 km/h'),
      option('c', '60 km/jam', '60 km/h'),
      option('d', '180 km/jam', '180 km/h'),
    ],
  },
  {
    ...plain,
    id: 'motivation-003',
    kind: 'motivation',
    text: words(
      'Kamu kesulitan memahami pelajaran pertama. Apa yang paling mungkin kamu lakukan?',
      'The first lesson is hard to understand. What are you most likely to do?',
    ),
    options: [
      option('a', 'Mengulang dan mencatat yang belum jelas', 'Go through it again and note what is unclear'),
      option('b', 'Bertanya kepada teman atau pengajar', 'Ask a friend or the teacher'),
      option('c', 'Lanjut saja ke pelajaran berikutnya', 'Simply go on to the next lesson'),
      option('d', 'Berhenti dulu dan mencoba lain kali', 'Stop and try another time'),
    ],
  },
];
