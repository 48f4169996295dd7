import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { parseRoute } from '../../app/router.svelte';
import { expectAccessible, fakeOf, showScreen, type } from '../../test/window';
import { inline, parse } from './markup';
import { PAGES, search } from './pages';

describe('help pages', () => {
  it('are the same in both languages, with title and text, in a given order', () => {
    expect(PAGES.en.map((page) => page.id)).toEqual(PAGES.id.map((page) => page.id));
    expect(PAGES.id[0]?.id).toBe('start');
    expect(PAGES.id.length).toBeGreaterThan(8);
    for (const page of [...PAGES.id, ...PAGES.en]) {
      expect(page.title, page.id).not.toBe('');
      expect(page.blocks.length, page.id).toBeGreaterThan(0);
    }
  });

  it('link only to screens that exist', () => {
    const links = [...PAGES.id, ...PAGES.en].flatMap((page) =>
      page.blocks.flatMap((block) => {
        const parts = block.kind === 'paragraph' ? block.parts : block.kind === 'list' ? block.items.flat() : [];
        return parts.flatMap((part) => (part.kind === 'link' ? [part.href] : []));
      }),
    );
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect(parseRoute(link), link).not.toBeNull();
  });

  it('leave no mark-up in what is shown', () => {
    for (const page of [...PAGES.id, ...PAGES.en])
      expect(JSON.stringify(page.blocks), page.id).not.toMatch(/\*\*|\]\(/);
  });

  it.each([
    ['spam', ['code']],
    ['NIK', ['personal']],
    ['frasa sandi', ['data']],
    ['zzz', []],
  ])('searching %s finds %j', (typed, ids) => {
    const found = search(PAGES.id, typed).map((page) => page.id);
    for (const id of ids) expect(found).toContain(id);
    if (ids.length === 0) expect(found).toEqual([]);
  });

  it('puts pages with the word in the title first', () => {
    expect(search(PAGES.id, 'koneksi')[0]?.id).toBe('connection');
  });
});

describe('mark-up', () => {
  it('reads headings, paragraphs and lists', () => {
    const article = parse('# T\n\nA **b** [c](#/help)\n\n## H\n- one\n- two\n\n1. first');
    expect(article.title).toBe('T');
    expect(article.blocks.map((block) => block.kind)).toEqual(['paragraph', 'heading', 'list', 'list']);
    expect(article.text).toContain('a b c h');
  });

  it('never makes a link out of the app', () => {
    expect(inline('[x](https://contoh.id) [y](javascript:alert(1))').every((part) => part.kind === 'text')).toBe(true);
  });
});

describe('help screen', () => {
  it('lists, searches and says how many it found', async () => {
    await showScreen('help', fakeOf());
    await expectAccessible();
    type('search', 'spam');
    await waitFor(() => expect(screen.queryByText('Mulai dari mana?')).toBeNull());
    expect(screen.getByText('Akun dan kode e-mail')).toBeTruthy();
    type('search', 'zzz');
    await screen.findByText('Tidak ada halaman yang cocok');
  });

  it.each(PAGES.id.map((page) => page.id))('shows the page %s', async (id) => {
    await showScreen('help', fakeOf(), id);
    expect(document.querySelector('h1')?.textContent).toBe(PAGES.id.find((page) => page.id === id)?.title);
    await expectAccessible();
  });

  it.each([
    [{ operator: 'Balai Contoh', demo: false }, 'pengelola server pusat yang kamu pakai: Balai Contoh.'],
    [{ operator: null, demo: false }, 'Alamat servernya ada di Pengaturan'],
    [{ operator: 'Balai Contoh', demo: true }, 'tidak ada petugas bantuan'],
  ])('sends to whoever runs the central server: %o', async (central, words) => {
    await showScreen(
      'help',
      fakeOf((world) => Object.assign(world.state.central, central)),
    );
    expect(document.body.textContent).toContain(words);
  });

  it('shows the list for a page that does not exist', async () => {
    await showScreen('help', fakeOf(), 'nothing');
    expect(document.getElementById('search')).not.toBeNull();
  });
});
