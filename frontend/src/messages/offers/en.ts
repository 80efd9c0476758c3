import type { zh } from './zh';

export const en: Record<keyof typeof zh, string> = {
  'offer.checked': 'The seller asks for the poverty mark; the county office checks it before the offer is on sale.',
  'offer.approve': 'The mark is right: put it on sale',
  'offer.send_back': 'Send back to the seller',
  'act.resume': 'Resume',
  'act.close': 'Close',
  'offer.terms': 'Terms',
  'offer.tier_at': 'From {0}',
  'offer.orders': 'Orders taken',
  'offer.since': 'from {0}',
  'offer.till': 'until {0}',
  'offer.expires': 'On sale until',
  'offer.loss': 'Loss on the road',
  'offer.loss_rule': 'What may dry out follows the rule of the day of the order. ',
  'offer.loss_part': 'Up to {0} may dry out at nobody\'s cost. ',
  'loss_by.carrier': 'The carrier answers for the rest.',
  'loss_by.seller': 'The seller answers for the rest.',
  'offer.ahead_said': 'Orders placed before {0} are confirmed at once; nobody waits for the seller.',
  'offer.sent_back_for': 'Sent back by the county office: {0}',
};
