import type { zh } from './zh';

export const en: Record<keyof typeof zh, string> = {
  'lot.weighed': 'Net on the scale',
  'lot.packs': '{0} {1} of {2}',
  'lot.place': 'Where it is',
  'lot.line': 'Your produce in one line',
  'lot.line_hint': 'Produce, weight, grade and price with blanks between.',
  'lot.heard': 'We read',
  'lot.unknown': 'Not understood: {0}',
  'lot.read_back': 'Read it back',
  'lot.list': 'Yes, list it',
  'lot.by_form': 'Fill in a form instead',
  'lot.by_line': 'Use one line instead',
  'lot.said': 'As said',
  'lot.shares': 'What each household brought',
  'lot.offers': 'Offers',
  'lots.none': 'No lots yet.',
  'join.which': 'Which lots',
  'join.total': '{0} in all',
};
