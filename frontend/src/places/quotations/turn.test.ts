import { expect, it } from 'vitest';
import type { Quotation } from '../../api/shapes';
import { myTurn, myWord, turnOf } from './turn';

it('knows whose word is awaited', () => {
  expect(['asked', 'offered', 'countered', 'accepted', 'expired'].map((state) => turnOf({ state }))).toEqual(['seller', 'buyer', 'seller', null, null]);
  const q = { state: 'offered', buyer: 'b', seller: 's' } as Quotation;
  expect([myTurn(q, ['b']), myTurn(q, ['s']), myTurn({ ...q, state: 'accepted' }, ['b', 's'])]).toEqual([true, false, false]);
});

it('lets whoever spoke last take it back, as long as nobody answered', () => {
  const states = ['asked', 'offered', 'countered', 'accepted', 'declined', 'expired', 'withdrawn'];
  const who = (party: string) => states.filter((state) => myWord({ state, buyer: 'b', seller: 's' }, [party]));
  expect([who('b'), who('s'), who('x')]).toEqual([['asked', 'countered'], ['offered'], []]);
});
