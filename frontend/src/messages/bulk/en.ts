import type { zh } from './zh';

export const en: Record<keyof typeof zh, string> = {
  'bulk.title': 'Order from a sheet',
  'bulk.paste': 'Paste from a sheet',
  'bulk.columns': 'Three columns: produce and grade, weight, seller (may be empty). A bare number is kilograms.',
  'bulk.read': '{0} {0|line|lines} read.',
  'bulk.wrong': 'Row {0} could not be read and will not be ordered.',
  'bulk.look': 'Find on the market',
  'bulk.found': 'What was found',
  'bulk.line': 'Wanted',
  'bulk.offer': 'Offer',
  'bulk.none': 'Not on the market: change this row.',
  'bulk.changed': 'Some prices have changed; the table shows those of now. Nothing was ordered: press once more.',
  'bulk.send': 'Order {0} {0|line|lines}',
};
