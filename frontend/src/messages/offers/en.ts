import type { zh } from './zh';

export const en: Record<keyof typeof zh, string> = {
  'offer.checked': 'The seller asks for the poverty mark; the county office checks it before the offer is on sale.',
  'offer.approve': 'The mark is right: put it on sale',
  'offer.send_back': 'Send back to the seller',
  'act.resume': 'Resume',
  'act.close': 'Close',
};
