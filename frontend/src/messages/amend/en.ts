import type { zh } from './zh';

export const en: Record<keyof typeof zh, string> = {
  'amend.draft': 'A standing order made this draft; the seller has not got it. It is sent at the prices, stock and limits of that moment.',
  'amend.send': 'Send the order',
  'amend.standing': 'The standing order',
};
