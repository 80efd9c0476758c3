import type { zh } from './zh';

export const en: Record<keyof typeof zh, string> = {
  'lot.weighed': 'Net on the scale',
  'lot.packs': '{0} {1} of {2}',
  'lot.place': 'Where it is',
  'lot.line': 'Your produce in one line',
  'lot.line_hint': 'Produce, weight, grade and price with blanks between.',
  'lot.heard': 'We read',
  'lot.read_back': 'Read it back',
  'lot.by_form': 'Fill in a form instead',
  'lot.by_line': 'Use one line instead',
  'lot.said': 'As said',
  'lot.offers': 'Offers',
  'lots.none': 'No lots yet.',
  'join.which': 'Which lots',
  'join.total': '{0} in all',
  'lot.photo': 'Photo of the goods',
  'lot.template_of': 'As last time: {0}',
  'lot.publish': 'List and publish',
  'lot.good_until': 'Good until',
  'lot.acted_at': 'Listed',
  'lot.came_at': '{0} (no network; came in {1})',
};
