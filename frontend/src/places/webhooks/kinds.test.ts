import { expect, it } from 'vitest';
import { single, whole } from './kinds';

const kinds = ['order.confirm', 'order.settle', 'trip.deliver'];

it('takes a family whole, and its kinds fall away', () => {
  expect(whole(['order.confirm', 'trip.deliver'], 'order', true)).toEqual(['trip.deliver', 'order.*']);
  expect(whole(['order.*', 'trip.deliver'], 'order', false)).toEqual(['trip.deliver']);
});

it('leaves one kind of a whole family: the others stay', () => {
  expect(single(['order.*', 'trip.*'], 'order.settle', false, kinds)).toEqual(['trip.*', 'order.confirm']);
  expect(single(['order.confirm'], 'order.settle', true, kinds)).toEqual(['order.confirm', 'order.settle']);
});
