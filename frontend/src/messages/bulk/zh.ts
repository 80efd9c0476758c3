/** One order of many lines, from a sheet. */
export const zh = {
  'bulk.title': '从表格批量下单',
  'bulk.paste': '从表格粘贴',
  'bulk.columns': '三列：品名和等级、重量、卖方（可不填）。只写数字就是公斤。',
  'bulk.read': '读到 {0} 行。',
  'bulk.wrong': '第 {0} 行看不懂，不会下单。',
  'bulk.look': '到市场找货',
  'bulk.found': '找到的货',
  'bulk.line': '要的货',
  'bulk.offer': '供应',
  'bulk.none': '市场上没有，改一改这一行。',
  'bulk.changed': '有的价格变了，表里是现在的价；再点一次才下单。',
  'bulk.send': '下单 {0} 行',
};
