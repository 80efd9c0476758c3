// What produce is called. Trips and loads speak of it by its id; the list is short, public, and kept on the device.

import { get } from '../api/server';
import { pick } from './i18n.svelte';

const KEPT = 'produce';

class Names {
  private words = $state.raw<Record<string, [zh: string, en: string]>>(kept());
  private asked = false;

  produce(id: string): string {
    this.ask();
    const found = this.words[id];
    return found ? pick(found[0], found[1]) : id;
  }

  private async ask() {
    if (this.asked) return;
    this.asked = true;
    try {
      const list = (await get('/produce', { query: { limit: 200 } })) ?? [];
      this.words = Object.fromEntries(list.map((p) => [p.id, [p.name, p.name_en]]));
      localStorage.setItem(KEPT, JSON.stringify(this.words));
    } catch {
      this.asked = false; // What is kept serves until the network is back.
    }
  }
}

function kept(): Record<string, [string, string]> {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '{}');
  } catch {
    return {};
  }
}

export const names = new Names();
