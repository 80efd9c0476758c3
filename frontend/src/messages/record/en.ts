import type { zh } from './zh';

export const en: Record<keyof typeof zh, string> = {
  'record.year': 'Last year: {0}',
  'record.none': 'no orders answered yet',
  'record.confirmed': 'orders accepted: {1} of {0}',
  'record.timed_out': 'left without an answer: {0}',
  'record.called_off': 'called off after its yes: {0}',
  'record.on_time': '{0} in time ({1} of {2} {2|load|loads})',
  'record.weight': '{0} of the weight accepted',
  'record.claims': 'claims decided: {0}',
};
