import { describe, expect, it } from 'vitest';
import { addressOf, fieldsOf, narrows } from './saved';

const asked = (text: string) => new URLSearchParams(text);

describe('a kept search', () => {
  it('keeps what was asked, with numbers and switches as such, and nothing of the moment', () => {
    expect(fieldsOf(asked('q= 苹果 &to=420103&to_name=江汉区&radius=300&certified=true&sort=price&after=x&compare=a,b&grade='))).toEqual({
      q: '苹果', to: '420103', radius: 300, certified: true,
    });
  });

  it('is asked again by an address that keeps the same', () => {
    const fields = fieldsOf(asked('q=苹果 & 梨&kinds=offer,demand&area=610305&cold=true'));
    expect(fieldsOf(asked(addressOf(fields).slice('/search?'.length)))).toEqual(fields);
  });

  it('is worth keeping when it narrows something', () => {
    expect(narrows(fieldsOf(asked('to=420103&weight=5吨&sort=price')))).toBe(false);
    expect(narrows(fieldsOf(asked('to=420103&produce=苹果')))).toBe(true);
  });
});
