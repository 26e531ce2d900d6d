/** What the user chose: kept by the engine, mirrored here, the theme also where `theme.js` finds it. */

import type { GpuPrice, Language, Preferences, Role, Theme } from '$bindings/contract';
import { call } from '$lib/api/call';
import { language } from '$lib/i18n/language.svelte';

const THEME = 'strata.theme';
const light = () => matchMedia('(prefers-color-scheme: light)');

class ChosenPreferences {
  theme = $state<Theme>('system');
  language = $state<Language>('system');
  role = $state<Role>('none');
  openClusters = $state.raw<readonly string[]>([]);
  /** What an hour of a GPU costs, by model. */
  gpuPrices = $state.raw<readonly GpuPrice[]>([]);
  currency = $state('$');
  /** The address that was open last, without its scheme. */
  address = '';
  /** The theme on the page. */
  shownTheme = $state<'dark' | 'light'>('dark');
  /** Whether the last choice could not be kept. */
  notSaved = $state(false);

  /** Reads what was kept; what cannot be read is as by default. */
  async read(): Promise<void> {
    try {
      const kept = await call('read_preferences', {});
      this.theme = kept.theme;
      this.language = kept.language;
      this.role = kept.role;
      this.openClusters = kept.open_clusters;
      this.address = kept.address;
      this.gpuPrices = kept.gpu_prices;
      this.currency = kept.currency;
    } catch {
      this.notSaved = true;
    }
    this.show();
  }

  choose(change: Partial<Pick<Preferences, 'theme' | 'language' | 'role'>>): void {
    if (change.theme !== undefined) this.theme = change.theme;
    if (change.language !== undefined) this.language = change.language;
    if (change.role !== undefined) this.role = change.role;
    this.show();
    void this.#save();
  }

  /** Puts a chip into the top bar. */
  openCluster(cluster: string): void {
    if (this.openClusters.includes(cluster)) return;
    this.openClusters = [...this.openClusters, cluster];
    void this.#save();
  }

  /** Sets what an hour of `model` costs; none: it has no price. */
  priceGpu(model: string, perHour: number | null): void {
    const others = this.gpuPrices.filter((price) => price.model !== model);
    this.gpuPrices = perHour === null ? others : [...others, { model, per_hour: perHour }];
    void this.#save();
  }

  /** Sets the sign of the currency in which prices are. */
  nameCurrency(currency: string): void {
    this.currency = currency;
    void this.#save();
  }

  closeCluster(cluster: string): void {
    this.openClusters = this.openClusters.filter((open) => open !== cluster);
    void this.#save();
  }

  rememberAddress(address: string): void {
    if (this.address === address) return;
    this.address = address;
    void this.#save();
  }

  /** Puts theme and language on the page. */
  show(): void {
    language.choice = this.language;
    const page = document.documentElement;
    const ofDesktop = light().matches ? 'light' : 'dark';
    this.shownTheme = this.theme === 'system' ? ofDesktop : this.theme;
    page.dataset['theme'] = this.shownTheme;
    page.lang = language.tongue === 'zh' ? 'zh-CN' : 'en';
    try {
      if (this.theme === 'system') localStorage.removeItem(THEME);
      else localStorage.setItem(THEME, this.theme);
    } catch {
      // Storage may be blocked: the first paint then has the desktop's theme.
    }
  }

  /** Follows the desktop's theme; returns what stops that. */
  start(): () => void {
    const query = light();
    const changed = () => this.show();
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }

  async #save(): Promise<void> {
    try {
      await call('save_preferences', {
        theme: this.theme,
        language: this.language,
        role: this.role,
        open_clusters: [...this.openClusters],
        address: this.address,
        gpu_prices: [...this.gpuPrices],
        currency: this.currency,
      });
      this.notSaved = false;
    } catch {
      this.notSaved = true;
    }
  }
}

export const preferences = new ChosenPreferences();
