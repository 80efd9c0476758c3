import { expect, test } from 'vitest';
import { saidBy } from './sources';

test('a short source is shown whole, of a long one who says it, and nothing where that is long or comes behind what is said', () => {
  for (const [text, shown] of [
    ['Xinhua 2022-04; last day assumed', 'Xinhua 2022-04; last day assumed'],
    ['交通运输部 2020-01-30', '交通运输部 2020-01-30'],
    ['USDA MRR 1070, McGregor AH 668, as quoted by foodnetworksolution', 'USDA MRR 1070'],
    ['general knowledge, not checked; first and last day assumed', 'general knowledge'],
    ['交公路明电〔2020〕27号 (wikisource); last day assumed', '交公路明电〔2020〕27号'],
    ['temperature, humidity, ethylene, life: cargohandbook, produceone', ''],
    ['2.30 yuan/kg, wholesale price of the day at a market', ''],
    ['温度、湿度、乙烯、保存期：cargohandbook、produceone；密度取堆密度的四分之三', ''],
    ['新华社 2020-02-04；所属区及其中心点是假定的；止日是假定的', '新华社 2020-02-04'],
    ['道路旅客运输企业安全管理规范的第四十五条和第四十六条', ''],
    ['35 % above the usual was called a sharp rise by several provinces in early 2020', ''],
  ] as const) expect(saidBy(text), text).toBe(shown);
});
