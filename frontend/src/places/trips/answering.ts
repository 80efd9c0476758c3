// What only who may answer for a carrier needs: the form, and the words that come with it.
import { words } from '../../lib/i18n.svelte';
import Answer from './Answer.svelte';

export const answering = () => words.need('haul').then(() => Answer);
