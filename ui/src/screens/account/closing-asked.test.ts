import { screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { router } from '../../app/router.svelte';
import { title } from '../../app/title.svelte';
import { locale } from '../../i18n';
import { refusal } from '../../ipc/fake';
import { SCENARIOS } from '../../ipc/fake-world';
import { at, expectAccessible, fakeOf, press, showApp, showScreen, type } from '../../test/window';

const UNKNOWN = 'Belum diketahui apakah akunmu sudah ditutup';

async function summary(words: string): Promise<void> {
  await waitFor(() => expect(document.getElementById('error-summary')?.textContent).toContain(words));
}

function submit(): void {
  type('password', 'Melati Mekar 27');
  const box = document.getElementById('understood') as HTMLInputElement;
  if (!box.checked) box.click();
  press('submit-close-account');
}

beforeEach(() => {
  title.error = false;
  locale.set('id');
});

describe('a closing that nobody knows the end of', () => {
  it('says so once, while nobody knows what became of it, and no longer than that', async () => {
    const fake = fakeOf(SCENARIOS.inside);
    fake.on('close_account', () => {
      fake.world.state.closing_asked = true;
      fake.emitState();
      throw refusal('closing_unknown');
    });
    await showScreen('close-account', fake);
    submit();
    await summary(UNKNOWN);
    expect(screen.getAllByText(UNKNOWN)).toHaveLength(1);
    fake.on('close_account', () => {
      throw refusal('offline');
    });
    submit();
    await summary('Tidak ada internet');
    // The first try may have arrived.
    expect(document.body.textContent).not.toContain('belum diminta');
    expect(screen.getAllByText(UNKNOWN)).toHaveLength(1);
    fake.world.state.closing_asked = false;
    fake.emitState();
    await waitFor(() => expect(screen.queryByText(UNKNOWN)).toBeNull());
  });

  it('takes the doubt back when the account turns out to be there', async () => {
    const fake = fakeOf(SCENARIOS['closing-asked']);
    fake.on('close_account', () => {
      throw refusal('closing_unknown');
    });
    await showScreen('close-account', fake);
    submit();
    await summary(UNKNOWN);
    fake.world.state.closing_asked = false;
    fake.emitState();
    await waitFor(() => expect(document.getElementById('error-summary')).toBeNull());
  });

  it.each(['close-account', 'home'])('%s says that a closing is asked about', async (name) => {
    await showApp(fakeOf(SCENARIOS['closing-asked']), `#/${name}`);
    await screen.findByText(UNKNOWN);
    await expectAccessible();
  });

  it.each(['trainings', 'close-account'] as const)('the news of it comes to whoever is at %s', async (name) => {
    const fake = fakeOf(SCENARIOS['closing-asked']);
    await showApp(fake, `#/${name}`);
    await at(name);
    Object.assign(fake.world.state, { account: { state: 'none' }, closing_asked: false });
    fake.emitState();
    await at('welcome');
    await screen.findByText('Akunmu sudah ditutup');
    expect(window.location.hash).toBe('#/welcome/closed');
  });

  it('is over also when the news comes before the answer', async () => {
    const fake = fakeOf(SCENARIOS.inside);
    fake.on('close_account', () => {
      fake.world.state.account = { state: 'none' };
      fake.emitState();
      return structuredClone(fake.world.state);
    });
    await showApp(fake, '#/close-account');
    submit();
    await screen.findByText('Akunmu sudah ditutup');
  });

  it('is no news to whoever leaves by their own hand meanwhile', async () => {
    const fake = fakeOf(SCENARIOS['closing-asked']);
    fake.on('sign_out', () => {
      Object.assign(fake.world.state, { account: { state: 'none' }, closing_asked: false });
      fake.emitState();
      expect(router.route?.param).not.toBe('closed');
      return structuredClone(fake.world.state);
    });
    await showApp(fake, '#/settings');
    press('sign-out');
    await waitFor(() => press('confirm-sign-out'));
    await waitFor(() => expect(router.route).toEqual({ screen: 'welcome', param: null }));
    expect(screen.queryByText('Akunmu sudah ditutup')).toBeNull();
  });
});
